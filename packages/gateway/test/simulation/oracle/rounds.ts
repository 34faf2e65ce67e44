import { hourAt } from '@farandole/matchmaking/hours';
import {
  PROPOSAL_TIMEOUT_MS,
  RETRY_AFTER_MS,
  ROUND_GATHER_MS,
} from '@farandole/matchmaking/limits';
import type { ClientMessageOf as Said } from '@farandole/protocol/client-message';
import { BELL_SHOWN_MS } from '../../../src/limits.ts';
import { check } from '../violation.ts';
import { callOf, type Facts, type Match, type Search, type Session, sidesOf } from './facts.ts';

/**
 * Longest time in ms that two users of a round who may meet both wait: until the users have
 * gathered, plus a ticket's retry pause, a failed proposal and a few ticks.
 */
const ROUND_WAIT_MAX_MS = ROUND_GATHER_MS + RETRY_AFTER_MS + PROPOSAL_TIMEOUT_MS + 1_000;

/** Checks invariant I16: what the bell of an hour ends, and who waits in its rounds. */
export class Rounds {
  readonly #facts: Facts;
  /** Since when an hour is on, by the node's date. Null while none is. */
  #onSinceMs: number | null = null;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** Called in each simulation step, because the date may have changed. */
  advance(): void {
    const { rules, nowMs, wallMs } = this.#facts;
    if (hourAt(rules.hours, wallMs) === null) this.#onSinceMs = null;
    else this.#onSinceMs ??= nowMs;
  }

  /** A user is notified of a bell. A notice replaces that of an earlier bell. */
  noticed({ call }: Session): void {
    const { step } = this.#facts;
    if (call === null || call.bell?.step === step) return;
    call.bell = { step, shownAtMs: new Map(), more: new Set() };
  }

  /** A page has shown that the bell rings soon. */
  answered(session: Session, { match: id, epoch, more }: Said<'round.answer'>): void {
    const match = callOf(session);
    if (match?.id !== id || match.epoch !== epoch || match.bell === null) return;
    const { subject } = session;
    const { shownAtMs, more: those } = match.bell;
    if (!shownAtMs.has(subject)) shownAtMs.set(subject, this.#facts.nowMs);
    if (more) those.add(subject);
    else those.delete(subject);
  }

  /** A call ended at the bell. */
  ended(match: Match): void {
    const { id, bell } = match;
    const sides = sidesOf(match);
    check(bell !== null, 'I16', `${id} ends at a bell of which no user was notified`);
    for (const { session, search } of sides) {
      const { subject } = session;
      const shownMs = this.#facts.nowMs - (bell.shownAtMs.get(subject) ?? this.#facts.nowMs);
      check(
        shownMs >= BELL_SHOWN_MS,
        'I16',
        `${id} ends, and ${subject} knew it for ${shownMs} ms`,
      );
      const isPrivate = this.#facts.meetingOf(search) !== null;
      check(!isPrivate, 'I16', `the bell ends ${id}, a private meeting`);
    }
    const wantMore = sides.every(({ session: { subject } }) => bell.more.has(subject));
    check(!wantMore, 'I16', `the bell ends ${id}, and both want one more round`);
    match.causeStep = this.#facts.step;
    this.#facts.counts.bellEnds += 1;
  }

  /** Returns since when a user waits in a round, or null if the user waits for no round. */
  sinceMs({ wish, sinceMs, session }: Search): number | null {
    const { rules, wallMs } = this.#facts;
    const hour = hourAt(rules.hours, wallMs);
    const isOrdinary = !wish.meeting && !wish.community && !wish.exchange;
    if (this.#onSinceMs === null || hour?.mode !== wish.mode || !isOrdinary) return null;
    return Math.max(sinceMs, session.linkSinceMs, this.#onSinceMs);
  }

  /** Whether two users of a round have waited for too long. */
  areLate(a: Search, b: Search, apartUntilMs: number): boolean {
    const [one, other] = [this.sinceMs(a), this.sinceMs(b)];
    if (one === null || other === null) return false;
    return this.#facts.nowMs - Math.max(one, other, apartUntilMs) >= ROUND_WAIT_MAX_MS;
  }
}
