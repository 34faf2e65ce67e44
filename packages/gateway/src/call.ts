import { assert, assertDefined } from '@farandole/kernel/assert';
import type { MatchId, SubjectId } from '@farandole/kernel/id';
import { type AtLeastTwo, mapSeats } from '@farandole/matchmaking/seats';
import { type Counters, type Mode, SEATS, type Seat } from '@farandole/protocol/fields';
import type { Session } from './session.ts';
import type { CandidateGate } from './signal-policy/candidate-gate.ts';

/** Whether a seat has all the lines; it may lack some after a restart, or on a new page. */
export type Transcript =
  | { readonly state: 'complete' }
  /** The other seat replays what is missing; newer lines wait, so that all come in order. */
  | {
      readonly state: 'catching-up';
      /** Null on a new page: the conversation begins there with the first line that is replayed. */
      readonly has: Counters | null;
      readonly upTo: Counters;
      /** Encoded lines, oldest first. */
      readonly held: string[];
    }
  /** Its page is gone, with all that it had. Nothing is given to it before it has another. */
  | { readonly state: 'away' };

/** How many lines are kept back from a seat. */
export function heldIn(transcript: Transcript): number {
  return transcript.state === 'catching-up' ? transcript.held.length : 0;
}

/** One of the people in a call. */
export interface CallSeat {
  readonly name: Seat;
  /** The other people of the call. */
  readonly others: readonly CallSeat[];
  /** Another one once the person has come back on a new page. */
  session: Session;
  /** What this seat tells of where it can be reached passes here; null in a call without media. */
  gate: CandidateGate | null;
  /** Whether this person has agreed to a direct connection. */
  allowsDirect: boolean;
  /** Whether a description of this seat's was the first, or came later as its own offer. */
  hasOffered: boolean;
  /** In a text call: whether this person has agreed to go on by video. */
  allowsVideo: boolean;
  videoOffers: number;
  hasFirstFrame: boolean;
  transcript: Transcript;
}

/** What a call is made from. */
export interface CallFacts {
  readonly match: MatchId;
  readonly epoch: number;
  readonly mode: Mode;
  readonly offerer: Seat;
  readonly startedAtWallMs: number;
}

/** The sessions of a call, and what passes between them. Exists while the call is live, and no longer. */
export class Call {
  readonly match: MatchId;
  readonly epoch: number;
  /** Another one once all have agreed to what the mode may turn to. */
  mode: Mode;
  readonly offerer: Seat;
  readonly startedAtWallMs: number;
  /** When it was opened here, by the monotonic clock. */
  readonly openedAtMs: number;
  /** In the order of `SEATS`, as many as the mode has. */
  readonly seats: AtLeastTwo<CallSeat>;
  /** How many lines each seat has sent. */
  counters: Counters;
  /** How often somebody came back to it on a new page. */
  readonly rejoins: number;
  /** How often the way has changed between relayed and direct. */
  directChanges = 0;

  constructor(
    facts: CallFacts,
    sessions: AtLeastTwo<Session>,
    openedAtMs: number,
    counters: Counters,
    rejoins = 0,
  ) {
    this.match = facts.match;
    this.epoch = facts.epoch;
    this.mode = facts.mode;
    this.offerer = facts.offerer;
    this.startedAtWallMs = facts.startedAtWallMs;
    this.openedAtMs = openedAtMs;
    this.seats = createSeats(sessions);
    assert(counters.length === this.seats.length, 'a call counts the lines of each seat');
    this.counters = counters;
    this.rejoins = rejoins;
  }

  /** The same call under the next epoch, since one of them is on a new page. */
  again(): Call {
    const { match, mode, offerer, startedAtWallMs, openedAtMs, counters, rejoins } = this;
    const sessions = mapSeats(this.seats, ({ session }) => session);
    const facts = { match, epoch: this.epoch + 1, mode, offerer, startedAtWallMs };
    return new Call(facts, sessions, openedAtMs, counters, rejoins + 1);
  }

  seat(name: Seat): CallSeat {
    return assertDefined(this.seats[SEATS.indexOf(name)], 'a seat that the call does not have');
  }

  /** The other person of a call of two: who descriptions, candidates and replays go to. */
  across(name: Seat): CallSeat {
    const { others } = this.seat(name);
    assert(others.length === 1, 'in a call of more than two nobody is across');
    return assertDefined(others[0], 'a call of one');
  }

  /** Whether all have agreed to a direct connection. */
  get isDirectAgreed(): boolean {
    return this.seats.every(({ allowsDirect }) => allowsDirect);
  }

  get subjects(): AtLeastTwo<SubjectId> {
    return mapSeats(this.seats, ({ session }) => session.subject);
  }
}

function createSeats(sessions: AtLeastTwo<Session>): AtLeastTwo<CallSeat> {
  const seats = mapSeats(sessions, createSeat);
  for (const seat of seats) seat.others.push(...seats.filter((other) => other !== seat));
  return seats;
}

function createSeat(session: Session, at: number): CallSeat & { readonly others: CallSeat[] } {
  return {
    name: assertDefined(SEATS[at], 'more people than seats have names'),
    others: [],
    session,
    gate: null,
    allowsDirect: false,
    hasOffered: false,
    allowsVideo: false,
    videoOffers: 0,
    hasFirstFrame: false,
    transcript: { state: 'complete' },
  };
}
