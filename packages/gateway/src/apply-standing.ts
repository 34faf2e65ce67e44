import type { SubjectId } from '@farandole/kernel/id';
import type { GatewayContext } from './context.ts';
import { tellAgeLift } from './handlers/age.ts';
import type { Session } from './session.ts';
import { endClosedSearch, endSession, endVideo } from './session-life.ts';
import { tellStanding } from './standing.ts';
import { endVainWaits } from './vain-waits.ts';

/** @param subjects the users whose decisions changed; all users if undefined */
export function applyStandings(
  context: GatewayContext,
  subjects: readonly SubjectId[] | undefined,
): void {
  const sessions =
    subjects === undefined
      ? [...context.sessions.values()]
      : subjects.flatMap((subject) => context.sessionBySubject.get(subject) ?? []);
  for (const session of sessions) applyStanding(context, session);
  endVainWaits(context);
}

/** Notifies a user of changed decisions of moderators, and ends what is no longer allowed. */
function applyStanding(context: GatewayContext, session: Session): void {
  const { may } = tellStanding(context, session, 'known');
  if (may === 'nothing') {
    endSession(context, session, 'goes', 'sanctioned');
    return;
  }
  if (may === 'text') endVideo(context, session);
  endClosedSearch(context, session);
  tellAgeLift(context, session);
}
