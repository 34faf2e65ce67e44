import { assert, assertDefined } from '@farandole/kernel/assert';
import type { MatchId, SubjectId } from '@farandole/kernel/id';
import { type AtLeastTwo, mapSeats } from '@farandole/matchmaking/seats';
import { type Counters, type Mode, SEATS, type Seat } from '@farandole/protocol/fields';
import type { Session } from './session.ts';
import type { CandidateGate } from './signal-policy/candidate-gate.ts';

/** Whether a seat has all lines; after a restart or on a new page some may be missing. */
export type Transcript =
  | { readonly state: 'complete' }
  /** The other seat replays missing lines; newer ones wait, to keep the order. */
  | {
      readonly state: 'catching-up';
      /** Null on a new page: its transcript begins with the first replayed line. */
      readonly has: Counters | null;
      readonly upTo: Counters;
      readonly held: string[];
    }
  /** The page is gone. Nothing is sent until a new page joins. */
  | { readonly state: 'away' };

export function heldIn(transcript: Transcript): number {
  return transcript.state === 'catching-up' ? transcript.held.length : 0;
}

export interface CallSeat {
  readonly name: Seat;
  readonly others: readonly CallSeat[];
  /** Replaced when the user returns on a new page. */
  session: Session;
  /** Filters this seat's candidates; null in a call without media. */
  gate: CandidateGate | null;
  allowsDirect: boolean;
  /** Whether this seat has sent a description, so that a later one is its own offer. */
  hasOffered: boolean;
  allowsVideo: boolean;
  videoOffers: number;
  hasFirstFrame: boolean;
  transcript: Transcript;
}

export interface CallFacts {
  readonly match: MatchId;
  readonly epoch: number;
  readonly mode: Mode;
  readonly offerer: Seat;
  readonly startedAtWallMs: number;
  /** False if the users found each other without a search. Defaults to true. */
  readonly counts?: boolean;
}

/** The sessions of a live call and what passes between them. */
export class Call {
  readonly match: MatchId;
  readonly epoch: number;
  /** Replaced once all agreed to the next mode. */
  mode: Mode;
  readonly offerer: Seat;
  readonly startedAtWallMs: number;
  readonly openedAtMs: number;
  /** In the order of `SEATS`, as many as the mode has. */
  readonly seats: AtLeastTwo<CallSeat>;
  counters: Counters;
  /** How often a user rejoined on a new page. */
  readonly rejoins: number;
  /** Whether it may earn standing. */
  readonly counts: boolean;
  /** Seats whose clients have reported a frame of the others, on any page. */
  readonly seeing: Set<Seat>;
  /** How often the transport changed between relay and direct. */
  directChanges = 0;

  constructor(
    facts: CallFacts,
    sessions: AtLeastTwo<Session>,
    openedAtMs: number,
    counters: Counters,
    rejoins = 0,
    seeing: ReadonlySet<Seat> = new Set(),
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
    this.counts = facts.counts ?? true;
    this.seeing = new Set(seeing);
  }

  /** The same call in the next epoch, because a user is on a new page. */
  again(): Call {
    const { match, mode, offerer, startedAtWallMs, openedAtMs, counters, rejoins } = this;
    const { counts, seeing } = this;
    const sessions = mapSeats(this.seats, ({ session }) => session);
    const facts = { match, epoch: this.epoch + 1, mode, offerer, startedAtWallMs, counts };
    return new Call(facts, sessions, openedAtMs, counters, rejoins + 1, seeing);
  }

  seat(name: Seat): CallSeat {
    return assertDefined(this.seats[SEATS.indexOf(name)], 'a seat that the call does not have');
  }

  /** The peer in a call of two: receives descriptions, candidates and replays. */
  across(name: Seat): CallSeat {
    const { others } = this.seat(name);
    assert(others.length === 1, 'in a call of more than two nobody is across');
    return assertDefined(others[0], 'a call of one');
  }

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
