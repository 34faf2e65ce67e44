import type { ConnectionId } from '@farandole/kernel/id';
import type { Deadline } from './deadline-queue.ts';
import type { Due } from './due.ts';
import type { ConnectionFacts } from './ports.ts';
import type { Session } from './session.ts';

/** Until the hello a socket is nobody's; from then on it is a session's. */
export type ConnectionState =
  | { readonly state: 'awaiting-hello'; readonly nonce: string; readonly deadline: Deadline<Due> }
  | { readonly state: 'bound'; readonly session: Session };

/** One open socket. */
export interface Connection {
  readonly id: ConnectionId;
  readonly facts: ConnectionFacts;
  /** Sockets are numbered as they open: of two, that of the higher number is the newer one. */
  readonly order: number;
  /** When its allowance of frames is full again; see `credits.ts`. */
  framesFullAtMs: number;
  state: ConnectionState;
}
