import type { Prng } from '@farandole/kernel/prng';
import type { ExchangeWish, Mode, Role } from '@farandole/protocol/fields';
import type { Oracle } from './oracle/oracle.ts';
import type { Page } from './page.ts';
import {
  canaryOf,
  candidate,
  description,
  pickInterests,
  pickLanguages,
  pickLine,
} from './words.ts';

/**
 * Messages that simulated users send through their pages. Each contains the canary text of its
 * match.
 */

export function saySearch(
  page: Page,
  prng: Prng,
  community: string | null,
  mode: Mode,
  lowest?: Mode,
  exchange?: ExchangeWish,
): void {
  const ticket = page.client.newName('ticket');
  const hasOffer = mode !== 'text' && prng.chance(0.4);
  page.client.searchFor(mode, {
    ticket,
    ...(lowest !== undefined && { lowest }),
    ...(exchange !== undefined && { exchange }),
    interests: pickInterests(prng),
    onlyShared: prng.chance(0.2),
    languages: pickLanguages(prng),
    ...(community !== null && { community: { name: community, version: 1 } }),
    ...(hasOffer ? { offer: description('offer', canaryOf(ticket)) } : {}),
  });
}

/** Searches in the question mode. A user who asks draws one of a few questions. */
export function sayQuestion(page: Page, prng: Prng, role: Role): void {
  page.client.searchFor('question', {
    role,
    ...(role === 'asker' && { question: prng.pick(QUESTIONS) }),
    languages: pickLanguages(prng),
  });
}

const QUESTIONS = ['Tea or coffee?', 'Sea or mountains?', 'What makes you laugh?', 'a@b.org?'];

export function sayDescription(page: Page, type: 'offer' | 'answer'): void {
  const place = page.client.inCall();
  const canary = canaryOf(place.match);
  // Some pages offer a picture in every mode, and the node must not pass it in a voice call.
  const sdp = description(type, canary, (page.client.call?.step ?? 0) > 0);
  page.client.say(`signal.${type}`, { ...place, ...page.client.atStep(), sdp });
  page.client.sayCandidate(candidate(canary));
}

export function sayAnswer(page: Page): void {
  sayDescription(page, 'answer');
  page.client.sayMedia();
}

export function sayFirstFrame(page: Page): void {
  page.client.say('call.first-frame', { ...page.client.inCall(), elapsedMs: 900, way: 'direct' });
}

export function sayLine(page: Page, oracle: Oracle, prng: Prng): void {
  const { match, epoch } = page.client.inCall();
  const text = pickLine(prng, canaryOf(match));
  const id = page.client.sayLine(text);
  oracle.chat.said(page.log, { match, epoch }, id, text);
}

/** Sends a chat line with an epoch from before a restart. The node must drop the line. */
export function sayLateLine(page: Page, oracle: Oracle): void {
  const { match, epoch } = page.client.inCall();
  const id = page.client.newName('line');
  const text = `${canaryOf(match)} said before`;
  const place = { match, epoch: epoch - 1 };
  oracle.chat.said(page.log, place, id, text);
  page.client.say('chat.send', { ...place, id, text });
}
