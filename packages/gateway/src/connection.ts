import type { ConnectionId } from '@farandole/kernel/id';
import type { Deadline } from './deadline-queue.ts';
import type { Due } from './due.ts';
import type { ConnectionFacts } from './ports.ts';
import type { Session } from './session.ts';

export type ConnectionState =
  | { readonly state: 'awaiting-hello'; readonly nonce: string; readonly deadline: Deadline<Due> }
  | { readonly state: 'bound'; readonly session: Session };

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
  /** Hello that waits for the answers of other nodes. */
  asking?: string;
  state: ConnectionState;
}
