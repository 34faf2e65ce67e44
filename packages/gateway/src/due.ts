import type { ConnectionId } from '@farandole/kernel/id';
import type { Session } from './session.ts';

export type Due =
  | { readonly due: 'hello'; readonly connection: ConnectionId }
  /** The session lost its socket and the grace period ended without a resume. */
  | { readonly due: 'grace'; readonly session: Session }
  /** The user's page was replaced and the user didn't rejoin the call in time. */
  | { readonly due: 'rejoin'; readonly session: Session }
  /** The session's messages waited too long for the user's facts. */
  | { readonly due: 'facts'; readonly session: Session }
  | { readonly due: 'acknowledgement'; readonly session: Session }
  | { readonly due: 'restore-window' }
  | { readonly due: 'online-count' }
  | { readonly due: 'drain' };
