import { PROPOSAL_TIMEOUT_MS, RETRY_AFTER_MS } from '@farandole/matchmaking/limits';
import { DEFAULT_WIDENING, widestAfterMs } from '@farandole/matchmaking/widening';
import { placeOf } from '../places.ts';
import { networkOf } from '../rules.ts';
import type { Acquaintance } from './acquaintance.ts';
import type { Facts, Match, Search, Session } from './facts.ts';
import type { Standings } from './standings.ts';
import { Violation } from './violation.ts';

/**
 * How long two people who may meet may both wait: until every soft wish has been dropped, one rest
 * of a ticket, one proposal that fails, and a few ticks.
 */
const WAIT_TOGETHER_MAX_MS =
  widestAfterMs(DEFAULT_WIDENING) + RETRY_AFTER_MS + PROPOSAL_TIMEOUT_MS + 1_000;

/** I2 and I3: who may not meet does not, and who may meet does not wait too long. */
export class MayMeet {
  readonly #facts: Facts;
  readonly #known: Acquaintance;
  readonly #standings: Standings;

  constructor(facts: Facts, known: Acquaintance, standings: Standings) {
    this.#facts = facts;
    this.#known = known;
    this.#standings = standings;
  }

  checkFound({ id, a, b, sharedTold }: Match): void {
    if (a === null || b === null) throw new Violation('I1', `one person was told of ${id}`);
    const who = `${a.subject} and ${b.subject}`;
    const bar = this.#barBetween(a.search, b.search);
    if (bar !== null) throw new Violation('I2', `${who} met, but ${bar}`);
    const tooSoonMs = this.#known.apartUntilMs(a.subject, b.subject, id) - this.#facts.nowMs;
    if (tooSoonMs > 0) throw new Violation('I2', `${who} met again ${tooSoonMs} ms too soon`);
    const shared = [...a.search.interests].filter((each) => b.search.interests.has(each));
    if (shared.toSorted().join() !== sharedTold.toSorted().join()) {
      throw new Violation('protocol', `${who} share ${shared.join()}, not ${sharedTold.join()}`);
    }
  }

  /** By brute force over all who have waited long enough. */
  checkWaiting(sessions: readonly Session[]): void {
    const { nowMs } = this.#facts;
    const waiting = sessions.flatMap(({ search, socket }) =>
      search !== null && socket !== null && nowMs - sinceMs(search) >= WAIT_TOGETHER_MAX_MS
        ? [search]
        : [],
    );
    for (const [at, a] of waiting.entries()) {
      for (const b of waiting.slice(at + 1)) {
        if (this.#barBetween(a, b) !== null) continue;
        const [one, other] = [a.session.subject, b.session.subject];
        const untilMs = this.#known.apartAtMostUntilMs(one, other);
        if (nowMs - untilMs < WAIT_TOGETHER_MAX_MS) continue;
        throw new Violation('I3', `${one} and ${other} may meet, and both wait`);
      }
    }
  }

  /** What keeps two people apart, whatever they wish for. */
  personalBar(a: Session, b: Session): string | null {
    if (a.subject === b.subject) return 'they are one person';
    if (a.deviceKey === b.deviceKey) return 'they share a device';
    if (isRestricted(a) !== isRestricted(b)) return 'only one of them is restricted';
    return [a, b].some(({ subject }) => this.#known.isMinor(subject)) ? 'one is a minor' : null;
  }

  #barBetween(a: Search, b: Search): string | null {
    const bar = this.personalBar(a.session, b.session);
    if (bar !== null) return bar;
    const { keepsNetworksApart } = this.#facts.rules;
    if (a.wish.mode !== b.wish.mode) return 'their modes differ';
    if (this.#known.isBlocked(a.session.subject, b.session.subject)) return 'one blocked the other';
    if (![a, b].every(({ session, wish }) => this.#standings.mayBeIn(session, wish.mode))) {
      return 'one of them is sanctioned';
    }
    if (keepsNetworksApart && networkNow(a) === networkNow(b)) return 'their network is the same';
    const isShared = [...a.interests].some((interest) => b.interests.has(interest));
    return (a.onlyShared || b.onlyShared) && !isShared ? 'they share no interest' : null;
  }
}

function sinceMs({ acceptedAtMs, widenedAtMs, session }: Search): number {
  return Math.max(acceptedAtMs, widenedAtMs, session.linkSinceMs);
}

function networkNow({ session }: Search): string {
  return networkOf(session.place.clientAddress);
}

function isRestricted({ subject }: Session): boolean {
  return placeOf(subject).tier === 'restricted';
}

/** How spellings of an interest are compared; the people of the simulation write plain ones. */
export function spelled(interest: string): string {
  return interest.trim().toLowerCase();
}
