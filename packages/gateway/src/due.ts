import type { ConnectionId } from '@farandole/kernel/id';
import type { Session } from './session.ts';

export type Due =
  | { readonly due: 'hello'; readonly connection: ConnectionId }
  /** The session wasn't resumed in time. */
  | { readonly due: 'grace'; readonly session: Session }
  /** The seat kept for this session wasn't taken. */
  | { readonly due: 'rejoin'; readonly session: Session }
  | { readonly due: 'acknowledgement'; readonly session: Session }
  | { readonly due: 'restore-window' }
  | { readonly due: 'online-count' }
  | { readonly due: 'drain' };
