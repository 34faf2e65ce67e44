import type { ConnectionId } from '@farandole/kernel/id';
import type { Session } from './session.ts';

/** What a deadline is about. */
export type Due =
  /** No valid hello came. */
  | { readonly due: 'hello'; readonly connection: ConnectionId }
  /** The socket of a detached session did not come back. */
  | { readonly due: 'grace'; readonly session: Session }
  /** Nobody has taken up the place in a call that is kept for this session. */
  | { readonly due: 'rejoin'; readonly session: Session }
  /** The page waits to hear what was taken. */
  | { readonly due: 'acknowledgement'; readonly session: Session }
  | { readonly due: 'restore-window' }
  | { readonly due: 'online-count' }
  | { readonly due: 'drain' };
