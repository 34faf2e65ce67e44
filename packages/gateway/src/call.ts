import type { MatchId, SubjectId } from '@farandole/kernel/id';
import type { Counters, Mode, Side } from '@farandole/protocol/fields';
import type { Session } from './session.ts';
import type { CandidateGate } from './signal-policy/candidate-gate.ts';

/** Whether a side has all the lines; it may lack some after a restart, or on a new page. */
export type Transcript =
  | { readonly state: 'complete' }
  /** The other side replays what is missing; newer lines wait, so that all come in order. */
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

/** How many lines are kept back from a side. */
export function heldIn(transcript: Transcript): number {
  return transcript.state === 'catching-up' ? transcript.held.length : 0;
}

/** One of the two people in a call. */
export interface CallSide {
  /** Another one once the person has come back on a new page. */
  session: Session;
  /** What this side tells of where it can be reached passes here; null in a call without media. */
  gate: CandidateGate | null;
  /** Whether this person has agreed to a direct connection. */
  allowsDirect: boolean;
  /** Whether a description of this side's was the first, or came later as its own offer. */
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
  readonly offerer: Side;
  readonly startedAtWallMs: number;
}

/** Two sessions and what passes between them. Exists while the call is live, and no longer. */
export class Call {
  readonly match: MatchId;
  readonly epoch: number;
  /** Text may become video, and never the other way. */
  mode: Mode;
  readonly offerer: Side;
  readonly startedAtWallMs: number;
  /** When it was opened here, by the monotonic clock. */
  readonly openedAtMs: number;
  readonly a: CallSide;
  readonly b: CallSide;
  /** How many lines each side has sent. */
  counters: Counters;
  /** How often somebody came back to it on a new page. */
  readonly rejoins: number;
  /** How often the way has changed between relayed and direct. */
  directChanges = 0;

  constructor(
    facts: CallFacts,
    a: Session,
    b: Session,
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
    this.a = createSide(a);
    this.b = createSide(b);
    this.counters = counters;
    this.rejoins = rejoins;
  }

  /** The same call under the next epoch, since one of the two is on a new page. */
  again(): Call {
    const { match, mode, offerer, startedAtWallMs, a, b, openedAtMs, counters, rejoins } = this;
    const facts = { match, epoch: this.epoch + 1, mode, offerer, startedAtWallMs };
    return new Call(facts, a.session, b.session, openedAtMs, counters, rejoins + 1);
  }

  side(side: Side): CallSide {
    return side === 'a' ? this.a : this.b;
  }

  /** The person across. */
  across(side: Side): CallSide {
    return side === 'a' ? this.b : this.a;
  }

  /** Whether both people have agreed to a direct connection. */
  get isDirectAgreed(): boolean {
    return this.a.allowsDirect && this.b.allowsDirect;
  }

  get subjects(): readonly [SubjectId, SubjectId] {
    return [this.a.session.subject, this.b.session.subject];
  }
}

export function otherSide(side: Side): Side {
  return side === 'a' ? 'b' : 'a';
}

function createSide(session: Session): CallSide {
  return {
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
