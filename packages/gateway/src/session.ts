import { assert, assertNever } from '@farandole/kernel/assert';
import type {
  ConnectionId,
  DeviceKeyId,
  MatchId,
  SessionId,
  SubjectId,
} from '@farandole/kernel/id';
import type { AgeState, Seat } from '@farandole/protocol/fields';
import type { PairNote } from '@farandole/protocol/session-snapshot';
import type { Call } from './call.ts';
import { Credits } from './credits.ts';
import type { Deadline } from './deadline-queue.ts';
import type { Due } from './due.ts';
import type { Deferred } from './facts.ts';
import type { ConnectionFacts, Standing } from './ports.ts';
import type { Restore } from './restores.ts';
import type { Search } from './search.ts';
import { InStream, OutStream } from './stream.ts';

export type Link =
  | { readonly state: 'attached'; readonly connection: ConnectionId }
  | { readonly state: 'detached'; readonly grace: Deadline<Due> };

export type Activity =
  | { readonly state: 'idle' }
  | { readonly state: 'searching'; readonly search: Search }
  | { readonly state: 'restoring'; readonly restore: Restore }
  | Rejoining
  | InCall;

export interface InCall {
  readonly state: 'in-call';
  readonly call: Call;
  readonly seat: Seat;
}

/** A user whose page disappeared during a call and who may rejoin the call on a new page. */
export interface Rejoining {
  readonly state: 'rejoining';
  readonly call: Call;
  readonly seat: Seat;
  /** Deadline at which the call ends, unless the user rejoins before. */
  readonly until: Deadline<Due>;
}

/**
 * State of a session. While a session is open, its link and its activity change independently: a
 * user can lose the socket during any activity, and continues the same activity after a resume.
 * Before the hello there is no session, only a connection (`connection.ts`).
 */
export type SessionState =
  | { readonly state: 'open'; readonly link: Link; readonly activity: Activity }
  | { readonly state: 'closed' };

export type SessionEvent =
  | { readonly event: 'attached'; readonly connection: ConnectionId }
  | { readonly event: 'detached'; readonly grace: Deadline<Due> }
  /** The grace period goes on. */
  | { readonly event: 'waits-on'; readonly grace: Deadline<Due> }
  | { readonly event: 'began'; readonly activity: Exclude<Activity, { state: 'idle' }> }
  | { readonly event: 'ended' }
  | { readonly event: 'closed' };

const IDLE: Activity = { state: 'idle' };

/**
 * Returns the next state of a session. No other code changes the state. @throws AssertionError
 * if the state doesn't allow the event
 */
export function nextSessionState(state: SessionState, event: SessionEvent): SessionState {
  assert(state.state === 'open', 'a closed session was used');
  const { link, activity } = state;
  switch (event.event) {
    case 'attached':
      return { state: 'open', link: { state: 'attached', connection: event.connection }, activity };
    case 'detached':
      assert(link.state === 'attached', 'a session was detached twice');
      return { state: 'open', link: { state: 'detached', grace: event.grace }, activity };
    case 'waits-on':
      assert(link.state === 'detached', 'only a detached session waits');
      return { state: 'open', link: { state: 'detached', grace: event.grace }, activity };
    case 'began':
      assert(mayBegin(activity, event.activity), `${activity.state} → ${event.activity.state}`);
      return { state: 'open', link, activity: event.activity };
    case 'ended':
      assert(activity.state !== 'idle', 'what ends had begun');
      return { state: 'open', link, activity: IDLE };
    case 'closed':
      assert(activity.state === 'idle', 'a session closed with an open search or call');
      return { state: 'closed' };
    default:
      return assertNever(event);
  }
}

/**
 * Whether one activity may follow another. A call may follow a search, a restore or a rejoin. It
 * may also follow itself, when the peer rejoins.
 */
function mayBegin(from: Activity, to: Exclude<Activity, { state: 'idle' }>): boolean {
  switch (to.state) {
    case 'searching':
    case 'restoring':
    case 'rejoining':
      return from.state === 'idle';
    case 'in-call':
      return from.state !== 'idle';
    default:
      return assertNever(to);
  }
}

/** A user's visit, which can span several sockets. */
export class Session {
  readonly id: SessionId;
  readonly subject: SubjectId;
  readonly device: DeviceKeyId;
  /**
   * Secret that a client must present to resume the session. The cookie and the device key must
   * match too.
   */
  readonly secret: string;
  /** Address and other facts of the session's newest socket. */
  facts: ConnectionFacts;
  /** Grows with each move of the session to another node. */
  generation = 1;
  /** The latest call that ended for this session. Only a later session may restore it. */
  endedMatch: MatchId | null = null;
  /** Latest meetings, blocks and reports that this node recorded of the user, in a cluster only. */
  notes: readonly PairNote[] = [];
  readonly out = new OutStream();
  readonly in = new InStream();
  readonly credits = new Credits();
  age: AgeState = 'unknown';
  /** Number of online users that was last sent to this session, or -1 if none was. */
  onlineTold = -1;
  /** The user's permissions that were last sent to this session. Null if none were sent. */
  standingTold: Standing | null = null;
  /** Whether the user was last told that another cookie of their device declared a minor. */
  isDeviceRefusalTold = false;
  isAckDue = false;
  /**
   * Whether the page reads `ack` in sequenced messages. False until the page has sent one, also
   * after a move from another node.
   */
  readsAcks = false;
  /** Whether the user is being sent to another node, see `moveSoon`. */
  isLeaving = false;
  /** Total fenced time of the node when the session lost its socket, in ms. */
  fencedMsAtDetach = 0;
  /** Part of the grace period's pause that was already added to it, in ms. */
  gracePausedMs = 0;
  /** Whether the user's facts are in memory. The user may not meet others before. */
  isRead = false;
  /** Messages that wait until the user's facts are in memory. Null if none wait. */
  deferred: Deferred | null = null;
  #state: SessionState;

  constructor(
    id: SessionId,
    subject: SubjectId,
    device: DeviceKeyId,
    secret: string,
    connection: ConnectionId,
    facts: ConnectionFacts,
  ) {
    this.id = id;
    this.subject = subject;
    this.device = device;
    this.secret = secret;
    this.facts = facts;
    this.#state = { state: 'open', link: { state: 'attached', connection }, activity: IDLE };
  }

  get state(): SessionState {
    return this.#state;
  }

  get connection(): ConnectionId | null {
    const state = this.#state;
    return state.state === 'open' && state.link.state === 'attached' ? state.link.connection : null;
  }

  get activity(): Activity {
    return this.#state.state === 'open' ? this.#state.activity : IDLE;
  }

  apply(event: SessionEvent): void {
    this.#state = nextSessionState(this.#state, event);
  }
}
