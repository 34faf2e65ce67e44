import type { ConnectionId, DeviceKeyId, SessionId } from '@farandole/kernel/id';
import type { ClientMessage, ClientMessageOf } from '@farandole/protocol/client-message';
import type { Deadline } from './deadline-queue.ts';
import type { Due } from './due.ts';
import type { ConnectionFacts } from './ports.ts';
import type { Session } from './session.ts';
import type { SessionTicketClaims } from './session-ticket.ts';

export type ConnectionState =
  | { readonly state: 'awaiting-hello'; readonly nonce: string; readonly deadline: Deadline<Due> }
  | { readonly state: 'bound'; readonly session: Session };

/** A hello that waits until its signature is verified, then perhaps for answers of other nodes. */
export interface Greeting {
  readonly hello: ClientMessageOf<'session.hello'>;
  /** The hello as it arrived. */
  readonly text: string;
  /** The claims of the hello's ticket. Null without a valid ticket of the user. */
  readonly claims: SessionTicketClaims | null;
  /** The session that the hello wants to resume. Null if its secret isn't valid. */
  readonly resumes: SessionId | null;
  /** The verified device key. Set while the node waits for the answers of other nodes. */
  asking?: DeviceKeyId;
  /** Frames after the hello, which are handled once the session is open. */
  readonly early: { readonly message: ClientMessage; readonly text: string }[];
}

export interface Connection {
  readonly id: ConnectionId;
  readonly facts: ConnectionFacts;
  /** Monotonic time at which the socket was opened, on this node or another. */
  readonly openedAtMs: number;
  /** Sequence number of the socket on this node. Orders sockets that were opened at one time. */
  readonly order: number;
  /**
   * Monotonic time at which this socket's frame credits are full again. `credits.ts` explains
   * the method.
   */
  framesFullAtMs: number;
  /** Whether the socket is on another node. */
  readonly isForwarded?: boolean;
  greeting?: Greeting;
  state: ConnectionState;
}
