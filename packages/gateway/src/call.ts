import { assert, assertDefined } from '@farandole/kernel/assert';
import type { MatchId, SubjectId } from '@farandole/kernel/id';
import { type AtLeastTwo, mapSeats } from '@farandole/matchmaking/seats';
import type { MeetingBy } from '@farandole/matchmaking/ticket';
import {
  type Counters,
  type ExchangeCall,
  type Mode,
  SEATS,
  type Seat,
} from '@farandole/protocol/fields';
import type { Session } from './session.ts';
import type { CandidateGate } from './signal-policy/candidate-gate.ts';

/**
 * Whether a user's page has every chat line of the call. Lines can be missing after a restart of
 * the node or on a new page.
 */
export type Transcript =
  | { readonly state: 'complete' }
  /**
   * The peer's page resends the chat lines that this page lacks. Newer lines wait until the
   * missing ones were sent, to keep the order.
   */
  | {
      readonly state: 'catching-up';
      /**
       * Null on a new page, which has no chat lines yet. Its transcript begins with the first
       * resent line.
       */
      readonly has: Counters | null;
      readonly upTo: Counters;
      readonly held: string[];
    }
  /**
   * The user's page is gone, so nothing is sent to this user until their new page joins the
   * call.
   */
  | { readonly state: 'away' };

export function heldIn(transcript: Transcript): number {
  return transcript.state === 'catching-up' ? transcript.held.length : 0;
}

export interface CallSeat {
  readonly name: Seat;
  readonly others: readonly CallSeat[];
  /**
   * Session of the user in this call. Another session takes its place when the user returns on a
   * new page.
   */
  session: Session;
  /** Filter for the ICE candidates that this user sends. Null in a call without media. */
  gate: CandidateGate | null;
  allowsDirect: boolean;
  /**
   * Whether this user has sent an SDP description. If so, their next description is a new offer.
   */
  hasOffered: boolean;
  /** Whether this user agreed to the next mode of the call. */
  allowsNext: boolean;
  /** Number of times that this user asked for the next mode. */
  requests: number;
  /** When this user last asked for the next mode (monotonic ms). Null if never. */
  requestedAtMs: number | null;
  hasFirstFrame: boolean;
  transcript: Transcript;
}

export interface CallFacts {
  readonly match: MatchId;
  readonly epoch: number;
  readonly mode: Mode;
  readonly offerer: Seat;
  readonly startedAtWallMs: number;
  /** How the users chose each other. Absent if they met by chance. */
  readonly metBy?: MeetingBy | undefined;
  /** Name of the community in which the users met. Absent in the open pool. */
  readonly community?: string | undefined;
  /** Number of times that the call changed its mode. Defaults to 0. */
  readonly step?: number;
  /** What the users learn from each other. Defaults to null, outside a language exchange. */
  readonly exchange?: ExchangeCall | null;
}

/** A bell that the users of a call were notified of. */
export interface CallBell {
  /** Wall-clock ms. */
  readonly atMs: number;
  /** Monotonic time at which each user's page showed in time that the bell rings. */
  readonly shownAtMs: Map<Seat, number>;
  /** Users who want to continue after the bell. */
  readonly more: Set<Seat>;
}

export class Call {
  readonly match: MatchId;
  readonly epoch: number;
  /**
   * Current mode of the call. It moves up once all users agreed to the next mode, and down as soon
   * as one user asks.
   */
  mode: Mode;
  /**
   * Number of times that the mode changed. Messages that a page sent in an earlier mode are
   * recognised by it.
   */
  step: number;
  readonly offerer: Seat;
  readonly startedAtWallMs: number;
  readonly openedAtMs: number;
  /** One entry per user of the call, in the order of `SEATS`. */
  readonly seats: AtLeastTwo<CallSeat>;
  counters: Counters;
  /** How often a user rejoined the call on a new page. */
  readonly rejoins: number;
  readonly metBy: MeetingBy | undefined;
  readonly community: string | undefined;
  readonly exchange: ExchangeCall | null;
  /**
   * The users whose clients reported a video frame of another user, on the current or an earlier
   * page.
   */
  readonly seeing: Set<Seat>;
  /** Null unless a bell rings soon. A page that joins the call anew isn't notified of it. */
  bell: CallBell | null = null;
  /** How often the transport of the call changed between relayed and direct. */
  directChanges = 0;
  /** Route of the media, as a page last reported it. */
  route: 'direct' | 'relay' | 'unknown' = 'unknown';

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
    this.step = facts.step ?? 0;
    this.offerer = facts.offerer;
    this.startedAtWallMs = facts.startedAtWallMs;
    this.openedAtMs = openedAtMs;
    this.seats = createSeats(sessions);
    assert(counters.length === this.seats.length, 'a call counts the lines of each seat');
    this.counters = counters;
    this.rejoins = rejoins;
    this.metBy = facts.metBy;
    this.community = facts.community;
    this.exchange = facts.exchange ?? null;
    this.seeing = new Set(seeing);
  }

  /** Returns the same call in the next epoch. Called when a user rejoins on a new page. */
  again(): Call {
    const { match, mode, offerer, startedAtWallMs, openedAtMs, counters, rejoins } = this;
    const { metBy, community, exchange, seeing, step } = this;
    const sessions = mapSeats(this.seats, ({ session }) => session);
    const kept = { match, mode, offerer, startedAtWallMs, step, metBy, community, exchange };
    const facts = { ...kept, epoch: this.epoch + 1 };
    const next = new Call(facts, sessions, openedAtMs, counters, rejoins + 1, seeing);
    for (const { name, requests, requestedAtMs } of this.seats) {
      // A new page may not ask for the next mode more often than an old one.
      Object.assign(next.seat(name), { requests, requestedAtMs });
    }
    return next;
  }

  seat(name: Seat): CallSeat {
    return assertDefined(this.seats[SEATS.indexOf(name)], 'a seat that the call does not have');
  }

  /**
   * Returns the peer in a call of two. Descriptions, candidates and resent chat lines go to this
   * peer.
   */
  across(name: Seat): CallSeat {
    const { others } = this.seat(name);
    assert(others.length === 1, 'a call of more than two has no single peer');
    return assertDefined(others[0], 'a call of one');
  }

  /**
   * Whether the call may earn its users trust. Users who chose each other, or who may have come by
   * one invitation to a community, must not earn any. A group would need a rule of its own.
   */
  get counts(): boolean {
    return this.seats.length === 2 && this.metBy === undefined && this.community === undefined;
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
    allowsNext: false,
    requests: 0,
    requestedAtMs: null,
    hasFirstFrame: false,
    transcript: { state: 'complete' },
  };
}
