import { placeOf } from '../places.ts';
import { networkOf } from '../rules.ts';
import type { Acquaintance } from './acquaintance.ts';
import type { SearchModel, SessionModel } from './model.ts';
import { Violation } from './violation.ts';

/** How two spellings of an interest are compared; the people of the simulation write plain ones. */
export function spelled(interest: string): string {
  return interest.trim().toLowerCase();
}

/** What keeps two people apart, whatever they wish for and whatever they did to one another. */
export function personalBar(a: SessionModel, b: SessionModel, known: Acquaintance): string | null {
  if (a.subject === b.subject) return 'they are one person';
  if (a.deviceKey === b.deviceKey) return 'they share a device';
  if (isRestricted(a) !== isRestricted(b)) return 'one of them is restricted and one is not';
  if (known.isRefusedForAge(a.subject) || known.isRefusedForAge(b.subject)) {
    return 'one of them said to be under age';
  }
  return null;
}

/** What keeps two searching people apart for good, or null. The cool-down is another question. */
function barBetween(a: SearchModel, b: SearchModel, known: Acquaintance): string | null {
  const bar = personalBar(a.session, b.session, known);
  if (bar !== null) return bar;
  if (a.wish.mode !== b.wish.mode) return 'their modes differ';
  if (known.isBlocked(a.session.subject, b.session.subject)) return 'one has blocked the other';
  for (const { session } of [a, b]) {
    const may = known.decisions.mayOf(session);
    if (may === 'nothing') return `people have kept ${session.subject} out`;
    if (may === 'text' && a.wish.mode === 'video') return `${session.subject} may only write`;
  }
  if (known.keepsNetworksApart && networkNow(a) === networkNow(b)) return 'their network is one';
  const insists = a.onlyShared || b.onlyShared;
  if (insists && !sharesInterest(a, b)) return 'one insists on a shared interest';
  return null;
}

function networkNow({ session }: SearchModel): string {
  return networkOf(session.place.clientAddress);
}

function isRestricted({ subject }: SessionModel): boolean {
  return placeOf(subject).tier === 'restricted';
}

function sharesInterest(a: SearchModel, b: SearchModel): boolean {
  for (const interest of a.interests) if (b.interests.has(interest)) return true;
  return false;
}

/** I2: the two who were brought together in a match may meet. */
export function checkMayMeet(
  match: string,
  a: SearchModel,
  b: SearchModel,
  known: Acquaintance,
  nowMs: number,
): void {
  const who = `${a.session.subject} and ${b.session.subject}`;
  const bar = barBetween(a, b, known);
  if (bar !== null) throw new Violation('I2', `${who} met, but ${bar}`);
  const untilMs = known.apartUntilMs(a.session.subject, b.session.subject, match);
  if (untilMs !== null && nowMs < untilMs) {
    throw new Violation('I2', `${who} met again ${untilMs - nowMs} ms too soon`);
  }
}

/** They are told of all the interests that both named, however each spelled them. */
export function checkShared(told: readonly string[], a: SearchModel, b: SearchModel): void {
  const shared = [...a.interests].filter((interest) => b.interests.has(interest));
  if (shared.toSorted().join() === told.toSorted().join()) return;
  const who = `${a.session.subject} and ${b.session.subject}`;
  throw new Violation('protocol', `${who} share ${shared.join()}, and are told ${told.join()}`);
}

/**
 * Since when two people have both been waiting and could have met, or null when they could not.
 * Soft wishes are not looked at: the caller grants them the time that they may take.
 */
export function couldMeetSinceMs(
  a: SearchModel,
  b: SearchModel,
  known: Acquaintance,
): number | null {
  if (a.session.connection === null || b.session.connection === null) return null;
  if (barBetween(a, b, known) !== null) return null;
  const waitsSinceMs = Math.max(waitingSinceMs(a), waitingSinceMs(b));
  const untilMs = known.apartAtMostUntilMs(a.session.subject, b.session.subject);
  return Math.max(waitsSinceMs, untilMs ?? 0);
}

function waitingSinceMs(search: SearchModel): number {
  return Math.max(search.acceptedAtMs, search.session.linkSinceMs, search.widenedAtMs);
}
