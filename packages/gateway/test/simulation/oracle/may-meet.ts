import { PROPOSAL_TIMEOUT_MS, RETRY_AFTER_MS } from '@farandole/matchmaking/limits';
import { DEFAULT_WIDENING, widestAfterMs } from '@farandole/matchmaking/widening';
import { placeOf } from '../places.ts';
import { networkOf } from '../rules.ts';
import { type Match, type Search, type Session, sidesOf } from './facts.ts';
import type { Oracle } from './oracle.ts';
import { check } from './violation.ts';

/**
 * How long two people who may meet may both wait: until every soft wish has been dropped, one rest
 * of a ticket, one proposal that fails, and a few ticks.
 */
const WAIT_TOGETHER_MAX_MS =
  widestAfterMs(DEFAULT_WIDENING) + RETRY_AFTER_MS + PROPOSAL_TIMEOUT_MS + 1_000;

/** I2: two people who may not meet are not matched. */
export function checkFound(oracle: Oracle, match: Match): void {
  const { facts, records } = oracle;
  const [a, b] = sidesOf(match).map(({ search }) => search);
  check(a !== undefined && b !== undefined, 'I1', `one person was told of ${match.id}`);
  const subjects = [a.session.subject, b.session.subject] as const;
  const who = subjects.join(' and ');
  const bar = records.isBlocked(...subjects) ? 'one blocked the other' : barBetween(oracle, a, b);
  check(bar === null, 'I2', `${who} met, but ${bar}`);
  const tooSoonMs = records.apartUntilMs(...subjects, match.id) - facts.nowMs;
  check(tooSoonMs <= 0, 'I2', `${who} met again ${tooSoonMs} ms too soon`);
  const shared = [...a.interests]
    .filter((each) => b.interests.has(each))
    .toSorted()
    .join();
  const sent = match.sharedInterests.toSorted().join();
  check(shared === sent, 'protocol', `${who} share ${shared}, not ${sent}`);
}

/** I3: compares all pairs of users who have waited long enough. */
export function checkWaiting(oracle: Oracle): void {
  const { nowMs, sessions } = oracle.facts;
  const sinceMs = ({ search, linkSinceMs }: Session) => Math.max(search?.sinceMs ?? 0, linkSinceMs);
  const waiting = [...sessions.values()].flatMap((session) => {
    const isLong = nowMs - sinceMs(session) >= WAIT_TOGETHER_MAX_MS;
    return session.search !== null && session.socket !== null && isLong ? [session.search] : [];
  });
  for (const [at, a] of waiting.entries()) {
    for (const b of waiting.slice(at + 1)) {
      if (barBetween(oracle, a, b) !== null) continue;
      const [one, other] = [a.session.subject, b.session.subject];
      const apartUntilMs = oracle.records.apartAtMostUntilMs(one, other);
      const isShort = nowMs - apartUntilMs < WAIT_TOGETHER_MAX_MS;
      check(isShort, 'I3', `${one} and ${other} may meet, and both wait`);
    }
  }
}

/** Why two users may never meet, apart from their wishes; null if they may. */
export function personalBar({ records }: Oracle, a: Session, b: Session): string | null {
  if (a.subject === b.subject) return 'they are one person';
  if (a.deviceKey === b.deviceKey) return 'they share a device';
  if (isRestricted(a) !== isRestricted(b)) return 'only one of them is restricted';
  return [a, b].some(({ subject }) => records.isMinor(subject)) ? 'one is a minor' : null;
}

function barBetween(oracle: Oracle, a: Search, b: Search): string | null {
  const bar = personalBar(oracle, a.session, b.session);
  if (bar !== null) return bar;
  if (a.wish.mode !== b.wish.mode) return 'their modes differ';
  if (![a, b].every(({ session, wish }) => oracle.standings.mayBeIn(session, wish.mode))) {
    return 'one of them is sanctioned';
  }
  const { keepsNetworksApart } = oracle.facts.rules;
  if (keepsNetworksApart && networkNow(a) === networkNow(b)) return 'their network is the same';
  const isShared = [...a.interests].some((interest) => b.interests.has(interest));
  return (a.onlyShared || b.onlyShared) && !isShared ? 'they share no interest' : null;
}

function networkNow({ session }: Search): string {
  return networkOf(session.place.clientAddress);
}

function isRestricted({ subject }: Session): boolean {
  return placeOf(subject).tier === 'restricted';
}

/** Normalizes an interest for comparison. Simulated users write simple ones. */
export function spelled(interest: string): string {
  return interest.trim().toLowerCase();
}
