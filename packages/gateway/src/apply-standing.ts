import type { GatewayContext } from './context.ts';
import { tellAgeLift } from './handlers/age.ts';
import type { Session } from './session.ts';
import { endClosedSearch, endSession, endVideo } from './session-life.ts';
import { tellStanding } from './standing.ts';

/** Notifies a user of changed decisions of moderators, and ends what is no longer allowed. */
export function applyStanding(context: GatewayContext, session: Session): void {
  const { may } = tellStanding(context, session, 'known');
  if (may === 'nothing') {
    endSession(context, session, 'goes', 'sanctioned');
    return;
  }
  if (may === 'text') endVideo(context, session);
  endClosedSearch(context, session);
  tellAgeLift(context, session);
}
