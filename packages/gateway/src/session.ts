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

/** A seat in a call whose page disappeared. */
export interface Rejoining {
  readonly state: 'rejoining';
  readonly call: Call;
  readonly seat: Seat;
  /** When the call ends unless the user rejoins. */
  readonly until: Deadline<Due>;
}

/**
 * A session is open or closed. While open, its link and activity change independently: a user can
 * lose the socket in every activity and returns to the same one. Before the hello there is only a
 * connection, see `connection.ts`.
 */
export type SessionState =
  | { readonly state: 'open'; readonly link: Link; readonly activity: Activity }
  | { readonly state: 'closed' };

export type SessionEvent =
  | { readonly event: 'attached'; readonly connection: ConnectionId }
  | { readonly event: 'detached'; readonly grace: Deadline<Due> }
  | { readonly event: 'began'; readonly activity: Exclude<Activity, { state: 'idle' }> }
  | { readonly event: 'ended' }
  | { readonly event: 'closed' };

const IDLE: Activity = { state: 'idle' };

/** The only state transition. @throws AssertionError for an event that the state doesn't allow */
export function nextSessionState(state: SessionState, event: SessionEvent): SessionState {
  assert(state.state === 'open', 'a closed session was used');
  const { link, activity } = state;
  switch (event.event) {
    case 'attached':
      return { state: 'open', link: { state: 'attached', connection: event.connection }, activity };
    case 'detached':
      assert(link.state === 'attached', 'a session was detached twice');
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

/** A call starts from search, restore or kept seat, and continues when the peer rejoins. */
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

/** A user's visit; survives its sockets. */
export class Session {
  readonly id: SessionId;
  readonly subject: SubjectId;
  readonly device: DeviceKeyId;
  /** Required for a resume, with the same cookie and device key. */
  readonly secret: string;
  /** Address and other facts of the newest socket. */
  facts: ConnectionFacts;
  readonly out = new OutStream();
  readonly in = new InStream();
  readonly credits = new Credits();
  age: AgeState = 'unknown';
  /** Last online count sent; -1 for none. */
  onlineTold = -1;
  /** Last standing sent; null if none was. */
  standingTold: Standing | null = null;
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
