import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '@farandole/e2e/process';
import { assertDefined } from '@farandole/kernel/assert';
import type { Participant } from './participant.ts';

const RECORDED = 'packages/gateway/test/signal-policy/fixtures';

/**
 * Candidates as Firefox sends them before the user allows the camera. A node passes them on from
 * any address.
 */
const CANDIDATES = [
  'candidate:0 1 UDP 2122187007 5b266e35-1796-414f-ab13-f3c5485f10cb.local 42456 typ host',
  'candidate:2 1 UDP 2122252543 46c55b3e-62d9-4a79-83a5-de58268caadd.local 37834 typ host',
  'candidate:0 1 UDP 2122187007 5b266e35-1796-414f-ab13-f3c5485f10cb.local 42457 typ host',
  'candidate:2 1 UDP 2122252543 46c55b3e-62d9-4a79-83a5-de58268caadd.local 37835 typ host',
] as const;

/** Messages that each user gets: a description and the candidates. */
const EXPECTED = 1 + CANDIDATES.length;
/** Messages of signalling that a node passes on for each pair. */
export const SIGNALS_A_PAIR = 2 * EXPECTED;

/** For each user, resolves when the user has all messages of the peer. */
const exchanges = new WeakMap<Participant, Promise<void>>();

/**
 * Answers the peer's offer as soon as it comes. Called before the user is matched, because the peer
 * may belong to the other process of the load generator, which can be earlier.
 */
export function answerSignals(person: Participant): void {
  const done = Promise.withResolvers<void>();
  const answer = recorded('chromium-answer-to-chromium-audio-video-data.sdp');
  let received = 0;
  person.onSignal = (type) => {
    received += 1;
    if (type === 'signal.offer') person.signal('answer', { sdp: answer });
    if (type !== 'signal.candidate') sendCandidates(person);
    if (received === EXPECTED) done.resolve();
  };
  exchanges.set(person, done.promise);
}

/**
 * Sends what browsers send to connect a video call, with the descriptions of a real Chromium.
 * Resolves when every user has all messages of the peer.
 */
export async function exchangeSignals(people: readonly Participant[]): Promise<void> {
  const offer = recorded('chromium-offer-audio-video-data.sdp');
  for (const person of people) {
    if (person.role === 'offerer') person.signal('offer', { sdp: offer });
  }
  await Promise.all(
    people.map((person) => assertDefined(exchanges.get(person), 'the mode is not video')),
  );
}

function sendCandidates(person: Participant): void {
  for (const candidate of CANDIDATES) {
    const fields = { candidate, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null };
    person.signal('candidate', { candidate: fields });
  }
}

function recorded(name: string): string {
  return readFileSync(join(ROOT, RECORDED, name), 'utf8');
}
