import type { ConnectionId, MatchId } from '@farandole/kernel/id';
import type { Restore } from './restores.ts';
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
  /** The other node of a match hasn't given its session. */
  | { readonly due: 'given'; readonly match: MatchId }
  /** A draining node asks the user's page to continue on another node. */
  | { readonly due: 'move-away'; readonly session: Session }
  | { readonly due: 'restore-window' }
  /** In a cluster, each user who waits for a restore has a deadline. */
  | { readonly due: 'restore-wait'; readonly restore: Restore }
  | { readonly due: 'online-count' }
  | { readonly due: 'drain' };
