import { DEFAULT_WIDENING } from '@farandole/matchmaking/widening';
import type { ExchangeWish } from '@farandole/protocol/fields';
import { check } from '../violation.ts';
import type { Facts, Match, Search } from './facts.ts';

/** Time in ms by which the pool may count a wait longer than the oracle, which hears it later. */
const COUNTED_LATE_MS = 1_000;

/** The exchange that a search asks for. Null in an ordinary search and in a private meeting. */
function wishOf({ wish: { exchange, meeting } }: Search): ExchangeWish | null {
  return meeting === undefined ? (exchange ?? null) : null;
}

function gains(one: ExchangeWish, other: ExchangeWish) {
  return one.learns.find(({ language }) => other.speaks.includes(language)) ?? null;
}

/** Returns why an exchange keeps two users apart. Null if it doesn't. */
export function barOfExchange(a: Search, b: Search): string | null {
  const [one, other] = [wishOf(a), wishOf(b)];
  if (one === null || other === null) return one === other ? null : 'only one is for an exchange';
  const [oneGains, otherGains] = [gains(one, other), gains(other, one)];
  if (oneGains === null && otherGains === null) return 'neither learns from the other';
  if (oneGains === null && !one.helps) return 'one learns nothing and did not agree to help';
  return otherGains === null && !other.helps ? 'the other did not agree to help' : null;
}

/** Whether one of the two users only helps. */
export function isOneWay(a: Search, b: Search): boolean {
  const [one, other] = [wishOf(a), wishOf(b)];
  if (one === null || other === null) return false;
  return gains(one, other) === null || gains(other, one) === null;
}

/** I17: complementary users are, and one who only helps does so after the widening. */
export function checkExchange({ counts, nowMs }: Facts, match: Match, a: Search, b: Search): void {
  const who = [a, b].map(({ session }) => session.subject).join(' and ');
  const bar = barOfExchange(a, b);
  check(bar === null, 'I17', `${who} met, but ${bar}`);
  const [one, other] = [wishOf(a), wishOf(b)];
  const learners = one === null || other === null ? null : [gains(one, other), gains(other, one)];
  const told = JSON.stringify(match.learners);
  check(told === JSON.stringify(learners), 'I17', `${who} were told ${told}`);
  if (learners === null) return;
  counts.exchanges += 1;
  if (!isOneWay(a, b)) return;
  counts.oneWay += 1;
  for (const { beganMs, session } of [a, b]) {
    const waitedMs = nowMs - beganMs;
    const isLong = waitedMs + COUNTED_LATE_MS >= DEFAULT_WIDENING.exchangeHeldMs;
    check(isLong, 'I17', `${session.subject} helps or is helped after ${waitedMs} ms`);
  }
}
