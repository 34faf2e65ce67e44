import type { SubjectId } from '@farandole/kernel/id';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { GatewayContext } from '../context.ts';
import { send } from '../outbox.ts';
import { withdrawSearch } from '../searches.ts';
import type { Session } from '../session.ts';
import { endActivity } from '../session-life.ts';

/**
 * Accepts a user's age declaration under the current policy version; for another version the page
 * asks again. A minor's declaration always counts for a day and ends the user's search or call.
 */
export function declareAge(
  context: GatewayContext,
  session: Session,
  message: ClientMessageOf<'age.declare'>,
): void {
  const { monotonicMs, wallMs } = context.now;
  if (message.answer === 'minor') {
    session.age = 'unknown';
    const { activity } = session;
    if (activity.state === 'searching') withdrawSearch(context, activity.search);
    else endActivity(context, session, 'goes');
    if (context.ageRefusals.get(session.subject, monotonicMs) !== true) {
      context.ageRefusals.set(session.subject, true, monotonicMs);
      writeRefusal(context, session.subject, wallMs);
    }
  }
  const refused = context.ageRefusals.has(session.subject, monotonicMs);
  if (!refused && message.policyVersion === context.config.rules.policyVersion)
    session.age = 'declared';
  send(context, session, 'age.answered', { state: session.age, refused });
}

/** Applies in this process even if the write failed; the next declaration is then written again. */
export function settleAgeRefusal(
  context: GatewayContext,
  subject: SubjectId,
  stored: boolean,
): void {
  if (!stored) context.ageRefusals.set(subject, false, context.now.monotonicMs);
}

/** Writes the declaration. If too many writes are pending, it doesn't wait for the result. */
function writeRefusal(context: GatewayContext, subject: SubjectId, atWallMs: number): void {
  const record = { kind: 'age-refused', subject, atWallMs } as const;
  if (!context.appendAwaited(record, { write: 'age-refused', subject })) context.append(record);
}
