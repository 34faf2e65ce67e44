import {
  PROPOSAL_TIMEOUT_MS,
  RETRY_AFTER_MS,
  ROUND_GATHER_MS,
  TAG_PEOPLE_MIN,
} from '@farandole/matchmaking/limits';
import { DEFAULT_WIDENING, widestAfterMs } from '@farandole/matchmaking/widening';
import type { Decided } from '../desk.ts';
import { isProven, placeOf } from '../places.ts';
import { networkOf } from '../rules.ts';
import { check } from '../violation.ts';
import { barOfExchange, checkExchange, isOneWay } from './exchange.ts';
import {
  callOf,
  type Facts,
  isText,
  type Match,
  pairsOf,
  type Search,
  type Session,
  sidesOf,
} from './facts.ts';
import { startOf } from './ladder.ts';
import type { Oracle } from './oracle.ts';

type Identity = Pick<Session, 'subject' | 'deviceKey' | 'place'>;

/**
 * Checks invariant I9: a sanction takes effect in the simulation step in which the node learns
 * of it, and on each later socket.
 */
export class Standings {
  readonly #facts: Facts;
  readonly #decided = new Set<Decided>();
  readonly #changed = new Set<Session>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  change(decided: Decided, change: 'begins' | 'ends'): void {
    if (change === 'begins') this.#decided.add(decided);
    else this.#decided.delete(decided);
    for (const session of [...this.#facts.sessions.values()]) {
      if (concerns(decided, session)) this.#enforce(session);
    }
  }

  entered(session: Session, isNew: boolean): void {
    const may = this.mayOf(session);
    check(may !== 'nothing', 'I9', `${session.subject} may do nothing, and is let in`);
    if (!isNew) this.#enforce(session);
  }

  mayOf(identity: Identity): 'meet' | Decided['may'] {
    const may = [...this.#decided].filter((each) => concerns(each, identity));
    return may.some((each) => each.may === 'nothing') ? 'nothing' : (may[0]?.may ?? 'meet');
  }

  mayBeIn(identity: Identity, mode: string): boolean {
    const may = this.mayOf(identity);
    return may === 'meet' || (may === 'text' && isText(mode));
  }

  /**
   * A session that was detached may hear now that its search began before the decision. Whether it
   * still searches is checked at the end of the step.
   */
  checkSearch(session: Session, mode: string): void {
    if (this.mayBeIn(session, mode)) return;
    const isLate = session.resumedInStep === this.#facts.step;
    check(isLate, 'I9', `${session.subject} may only write, and searches by ${mode}`);
    this.#changed.add(session);
  }

  checkMayRestore(session: Session): void {
    const may = this.mayOf(session) === 'meet' || session.resumedInStep === this.#facts.step;
    check(may, 'I9', `${session.subject} may only write, and is brought back`);
  }

  checkCall(match: Match, mode: string = match.mode): void {
    for (const { session } of sidesOf(match)) {
      const may = this.mayBeIn(session, mode);
      check(may, 'I9', `${session.subject} may not be in a call by ${mode}`);
    }
  }

  endStep(): void {
    for (const session of this.#changed) this.checkSession(session);
    this.#changed.clear();
  }

  /** Checks that a sanctioned user's attached session does nothing that is forbidden. */
  checkSession(session: Session): void {
    const { subject, socket, search, restoring, isOpen } = session;
    const may = this.mayOf(session);
    if (!isOpen || may === 'meet') return;
    check(may !== 'nothing', 'I9', `${subject} may do nothing, and is there`);
    if (socket === null) return;
    const does =
      !isText(search?.wish.mode ?? 'text') ||
      !isText(callOf(session)?.mode ?? 'text') ||
      restoring !== null;
    check(!does, 'I9', `${subject} may only write, and does more`);
  }

  /** Records what must end in this simulation step because of a moderator's decision. */
  #enforce(session: Session): void {
    const may = this.mayOf(session);
    if (may === 'meet') return;
    if (session.socket !== null) this.#changed.add(session);
    else if (may === 'nothing') this.#facts.closeSession(session);
    const call = callOf(session);
    if (may === 'text' && call !== null && !isText(call.mode)) {
      this.#facts.counts.keptToText += 1;
      this.#facts.mustEndNow(call);
    }
    // The session is detached, so it learns only at its resume that the search ended.
    const searches = session.search?.wish.mode ?? 'text';
    if (session.socket === null && !isText(searches)) session.search = null;
  }
}

function concerns({ on, name }: Decided, { subject, deviceKey, place }: Identity): boolean {
  return { subject, device: deviceKey, network: place.clientAddress }[on] === name;
}

/**
 * Longest time in ms that two users who may meet can both wait: until all soft preferences are
 * dropped, plus a ticket's retry pause, a failed proposal and a few ticks.
 */
const WAIT_TOGETHER_MAX_MS =
  widestAfterMs(DEFAULT_WIDENING) + RETRY_AFTER_MS + PROPOSAL_TIMEOUT_MS + 1_000;

/** The same in an hour, in which no ordinary search is paired while users gather for a round. */
const WAIT_MAX_MS = WAIT_TOGETHER_MAX_MS + ROUND_GATHER_MS;

/** The same for two users of an exchange of whom one only helps. */
const HELP_MAX_MS = WAIT_MAX_MS + DEFAULT_WIDENING.exchangeHeldMs;

/** Checks invariant I2: the node never matches two users who must not meet. */
export function checkFound(oracle: Oracle, match: Match): void {
  const { facts } = oracle;
  const wanted = match.mode === 'question' ? 3 : 2;
  check(match.sides.size === wanted, 'I1', `${match.sides.size} people were told of ${match.id}`);
  for (const [{ search: a }, { search: b }] of pairsOf(match)) checkPair(oracle, match, a, b);
  if (match.mode !== 'question') return;
  facts.counts.groups += 1;
  checkSeats(match);
}

/** I18: the proven asker has seat `a`, and two users who chose to answer have the others. */
function checkSeats(match: Match): void {
  for (const [seat, { search, session }] of match.sides) {
    const role = seat === 'a' ? 'asker' : 'answerer';
    check(search.wish.role === role, 'I18', `${session.subject} has seat ${seat} of ${match.id}`);
    if (role === 'asker')
      check(isProven(session.subject), 'I18', `${session.subject} asks unproven`);
  }
}

function checkPair(oracle: Oracle, match: Match, a: Search, b: Search): void {
  const { facts, records } = oracle;
  const people = [a.session, b.session] as const;
  const who = people.map(({ subject }) => subject).join(' and ');
  const [one, other] = [communityOf(a), communityOf(b)];
  check(one === other, 'I15', `${who} met, from ${one} and ${other}`);
  if (one !== null) facts.counts.communityMatches += 1;
  const bySeat = [match.sides.get('a')?.search ?? a, match.sides.get('b')?.search ?? b] as const;
  checkExchange(facts, match, ...bySeat);
  const bar = records.isBlocked(...people) ? 'one blocked the other' : barBetween(oracle, a, b);
  check(bar === null, 'I2', `${who} met, but ${bar}`);
  if (facts.meetingOf(a) !== null) {
    facts.counts.privateMatches += 1;
    return;
  }
  const tooSoonMs = records.apartUntilMs(...people, match.id) - facts.nowMs;
  check(tooSoonMs <= 0, 'I2', `${who} met again ${tooSoonMs} ms too soon`);
  const start = startOf(a.wish, b.wish);
  check(match.mode === start, 'I14', `${who} start by ${match.mode}, and not by ${start}`);
  checkShared(oracle, match, a, b);
}

/**
 * Checks the shared interests sent with a match. They must be the ones that paired the two
 * users, and a rare interest must not pair strangers.
 */
function checkShared({ facts }: Oracle, match: Match, a: Search, b: Search): void {
  const sent = match.sharedInterests;
  const who = [a, b].map(({ session }) => session.subject).join(' and ');
  const shared = [...a.interests].filter((each) => b.interests.has(each));
  const isTrue = sent.every((each) => shared.includes(each));
  check(isTrue, 'protocol', `${who} share ${shared.join()}, not ${sent.join()}`);
  const mayOmit = areUnproven(a, b) && (a.wish.onlyShared || b.wish.onlyShared);
  check(mayOmit || sent.length === shared.length, 'protocol', `${who} share ${shared.join()}`);
  if (!areUnproven(a, b) || (!a.onlyShared && !b.onlyShared)) return;
  check(sent.length > 0, 'I2', `${who} met, and no interest of theirs counts`);
  for (const each of sent) {
    const users = facts.usersOf(each);
    check(users >= TAG_PEOPLE_MIN, 'I2', `${who} found each other by ${each}, of ${users} people`);
  }
}

function areUnproven(...searches: readonly Search[]): boolean {
  return searches.every(
    ({ session: { subject, network } }) => network !== null && !isProven(subject),
  );
}

/**
 * Checks invariant I3: of all users who have waited long enough, no two may be allowed to meet,
 * because the node should have matched them.
 */
export function checkWaiting(oracle: Oracle): void {
  const { nowMs, sessions } = oracle.facts;
  const sinceMs = ({ search, linkSinceMs }: Session) => Math.max(search?.sinceMs ?? 0, linkSinceMs);
  const searching = [...sessions.values()].flatMap(({ search, socket }) =>
    search !== null && socket !== null ? [search] : [],
  );
  const waiting = searching.filter(({ session }) => nowMs - sinceMs(session) >= WAIT_MAX_MS);
  checkQuestions(oracle, waiting);
  checkRounds(oracle, searching);
  for (const [a, b] of twosOf(waiting)) {
    // Two users of a question need a third.
    if (a.wish.mode === 'question' || barBetween(oracle, a, b, true) !== null) continue;
    const isShortHelp =
      isOneWay(a, b) && [a, b].some(({ session }) => nowMs - sinceMs(session) < HELP_MAX_MS);
    if (isShortHelp) continue;
    const [one, other] = [a.session.subject, b.session.subject];
    const apartUntilMs = oracle.records.apartAtMostUntilMs(a.session, b.session);
    const isShort = nowMs - apartUntilMs < WAIT_MAX_MS;
    check(isShort, 'I3', `${one} and ${other} may meet, and both wait`);
  }
}

/** Checks invariant I16: in a round, no two users who may meet both wait. */
function checkRounds(oracle: Oracle, searching: readonly Search[]): void {
  const { rounds, records } = oracle;
  for (const [a, b] of twosOf(searching.filter((search) => rounds.sinceMs(search) !== null))) {
    const apartUntilMs = records.apartAtMostUntilMs(a.session, b.session);
    if (!rounds.areLate(a, b, apartUntilMs) || barBetween(oracle, a, b, true) !== null) continue;
    const who = `${a.session.subject} and ${b.session.subject}`;
    check(false, 'I16', `${who} may meet in a round, and both wait`);
  }
}

function twosOf(searches: readonly Search[]): readonly (readonly [Search, Search])[] {
  return searches.flatMap((a, at) => searches.slice(at + 1).map((b) => [a, b] as const));
}

/** I3: of all users who have waited long enough, no asker and two answerers may all meet. */
function checkQuestions(oracle: Oracle, waiting: readonly Search[]): void {
  const { nowMs } = oracle.facts;
  const mayMeet = (a: Search, b: Search): boolean => {
    if (barBetween(oracle, a, b) !== null) return false;
    const apartUntilMs = oracle.records.apartAtMostUntilMs(a.session, b.session);
    return nowMs - apartUntilMs >= WAIT_MAX_MS;
  };
  const ofRole = (role: string) => waiting.filter(({ wish }) => wish.role === role);
  for (const asker of ofRole('asker')) {
    const others = ofRole('answerer').filter((other) => mayMeet(asker, other));
    for (const [at, one] of others.entries()) {
      const third = others.slice(at + 1).find((other) => mayMeet(one, other));
      const who = [asker, one, third].map((each) => each?.session.subject).join(', ');
      check(third === undefined, 'I3', `${who} may meet for a question, and all wait`);
    }
  }
}

/** Returns why two users must never meet, regardless of preferences. Null if they may meet. */
export function personalBar({ records }: Oracle, a: Session, b: Session): string | null {
  if (a.subject === b.subject) return 'they are one person';
  if (a.deviceKey === b.deviceKey) return 'they share a device';
  if (isRestricted(a) !== isRestricted(b)) return 'only one of them is restricted';
  return [a, b].some((one) => records.isMinor(one)) ? 'one is a minor' : null;
}

function barBetween(oracle: Oracle, a: Search, b: Search, isWaiting = false): string | null {
  const bar = personalBar(oracle, a.session, b.session);
  if (bar !== null) return bar;
  if (startOf(a.wish, b.wish) === null) return 'their modes differ';
  if (![a, b].every(({ session, wish }) => oracle.standings.mayBeIn(session, wish.mode))) {
    return 'one of them is sanctioned';
  }
  if (communityOf(a) !== communityOf(b)) return 'their communities differ';
  const other = barOfMeetings(oracle, a, b) ?? barOfExchange(a, b);
  if (other !== null) return other;
  const { keepsNetworksApart } = oracle.facts.rules;
  const [network, otherNetwork] = [a, b].map(({ session }) =>
    networkOf(session.place.clientAddress),
  );
  if (keepsNetworksApart && network === otherNetwork) return 'their network is the same';
  const isShared = [...a.interests].some((interest) => b.interests.has(interest));
  if (!a.onlyShared && !b.onlyShared) return null;
  if (!isShared) return 'they share no interest';
  return areUnproven(a, b) && isWaiting ? 'their interests may be rare' : null;
}

/** Returns the community in which the user searched, or null for the open pool. */
function communityOf({ wish }: Search): string | null {
  return wish.community?.name ?? null;
}

/** Users meet in private only by one token, as host and guest or as the users of an earlier call. */
function barOfMeetings({ facts }: Oracle, a: Search, b: Search): string | null {
  const [one, other] = [facts.meetingOf(a), facts.meetingOf(b)];
  if (one?.key !== other?.key) return 'they wait for different private meetings';
  return one !== null && one.isHost === other?.isHost ? 'neither or both are the host' : null;
}

function isRestricted({ subject }: Session): boolean {
  return placeOf(subject).tier === 'restricted';
}
