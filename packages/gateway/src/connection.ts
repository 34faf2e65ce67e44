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
  /** Increases with each socket, so the higher number is newer. */
  readonly order: number;
  /** Time when the frame credits are full again; see `credits.ts`. */
  framesFullAtMs: number;
  state: ConnectionState;
}
