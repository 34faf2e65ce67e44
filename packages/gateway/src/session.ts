import { assert, assertNever } from '@farandole/kernel/assert';
import type { ConnectionId, DeviceKeyId, SessionId, SubjectId } from '@farandole/kernel/id';
import type { AgeState, Seat } from '@farandole/protocol/fields';
import type { Call } from './call.ts';
import { Credits } from './credits.ts';
import type { Deadline } from './deadline-queue.ts';
import type { Due } from './due.ts';
import type { ConnectionFacts, Standing } from './ports.ts';
import type { Restore } from './restores.ts';
import type { Search } from './search.ts';
import { InStream, OutStream } from './stream.ts';

/** Whether the session has a socket, or waits for one. */
export type Link =
  | { readonly state: 'attached'; readonly connection: ConnectionId }
  | { readonly state: 'detached'; readonly grace: Deadline<Due> };

/** What the person is doing. */
export type Activity =
  | { readonly state: 'idle' }
  | { readonly state: 'searching'; readonly search: Search }
  | { readonly state: 'restoring'; readonly restore: Restore }
  | Rejoining
  | InCall;

/** In a seat of a call. */
export interface InCall {
  readonly state: 'in-call';
  readonly call: Call;
  readonly seat: Seat;
}

/** A seat in a call that an older page of this person left without a word. */
export interface Rejoining {
  readonly state: 'rejoining';
  readonly call: Call;
  readonly seat: Seat;
  /** When the call ends, unless it is taken up before. */
  readonly until: Deadline<Due>;
}

/**
 * A session is open or closed; while it is open, its link and its activity change independently:
 * a person can lose the socket while idle, while searching and in a call, and comes back to the
 * same. (Before the hello there is no session yet, only a connection: see `connection.ts`.)
 */
export type SessionState =
  | { readonly state: 'open'; readonly link: Link; readonly activity: Activity }
  | { readonly state: 'closed' };

/** What may happen to a session. */
export type SessionEvent =
  | { readonly event: 'attached'; readonly connection: ConnectionId }
  | { readonly event: 'detached'; readonly grace: Deadline<Due> }
  | { readonly event: 'began'; readonly activity: Exclude<Activity, { state: 'idle' }> }
  /** Whatever the person was doing is over. */
  | { readonly event: 'ended' }
  | { readonly event: 'closed' };

const IDLE: Activity = { state: 'idle' };

/**
 * The only way from one state to the next.
 *
 * @throws AssertionError for an event that cannot happen in this state: every caller has looked.
 */
export function nextSessionState(state: SessionState, event: SessionEvent): SessionState {
  assert(state.state === 'open', 'nothing happens to a closed session');
  const { link, activity } = state;
  switch (event.event) {
    case 'attached':
      return { state: 'open', link: { state: 'attached', connection: event.connection }, activity };
    case 'detached':
      assert(link.state === 'attached', 'a session is detached once');
      return { state: 'open', link: { state: 'detached', grace: event.grace }, activity };
    case 'began':
      assert(mayBegin(activity, event.activity), `${activity.state} → ${event.activity.state}`);
      return { state: 'open', link, activity: event.activity };
    case 'ended':
      assert(activity.state !== 'idle', 'what ends had begun');
      return { state: 'open', link, activity: IDLE };
    case 'closed':
      assert(activity.state === 'idle', 'a session ends what it does before it closes');
      return { state: 'closed' };
    default:
      return assertNever(event);
  }
}

/**
 * A call comes of a search, of a restore, or of a seat that was kept in it; those come of nothing.
 * And a call goes on as one of the next epoch when the other person takes up theirs.
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

/** One visit of one person; survives its sockets. */
export class Session {
  readonly id: SessionId;
  readonly subject: SubjectId;
  readonly device: DeviceKeyId;
  /** What a resume must show; beside it, the same cookie and the same device key. */
  readonly secret: string;
  /** Of the newest socket. */
  facts: ConnectionFacts;
  readonly out = new OutStream();
  readonly in = new InStream();
  readonly credits = new Credits();
  age: AgeState = 'unknown';
  /** The count of people online that the page knows; -1 for none. */
  onlineTold = -1;
  /** What the page was last told that it may do; null while there was nothing to tell. */
  standingTold: Standing | null = null;
  /** Whether a deadline will tell the page what was taken. */
  isAckDue = false;
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

  /** The socket, or null while there is none. */
  get connection(): ConnectionId | null {
    const state = this.#state;
    return state.state === 'open' && state.link.state === 'attached' ? state.link.connection : null;
  }

  /** What the person is doing; nothing, once the session is closed. */
  get activity(): Activity {
    return this.#state.state === 'open' ? this.#state.activity : IDLE;
  }

  apply(event: SessionEvent): void {
    this.#state = nextSessionState(this.#state, event);
  }
}
