import type { SubjectId } from '@farandole/kernel/id';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { GatewayContext } from '../context.ts';
import { send } from '../outbox.ts';
import { withdrawSearch } from '../searches.ts';
import type { Session } from '../session.ts';
import { endActivity } from '../session-life.ts';

/**
 * Takes a person's word on their age, given with the rules of a version. Of rules that are not
 * these it counts for nothing, so that the page asks again; except that a minor's word always
 * counts, for a day, and ends whatever they were doing.
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

/**
 * A minor's word is on disk, or could not be written. It holds either way while this process runs;
 * if a disk refused it, the next such word of theirs is written again.
 */
export function settleAgeRefusal(
  context: GatewayContext,
  subject: SubjectId,
  stored: boolean,
): void {
  if (!stored) context.ageRefusals.set(subject, false, context.now.monotonicMs);
}

/** Where too many writes are waited for already, nobody hears what became of this one. */
function writeRefusal(context: GatewayContext, subject: SubjectId, atWallMs: number): void {
  const record = { kind: 'age-refused', subject, atWallMs } as const;
  if (!context.appendAwaited(record, { write: 'age-refused', subject })) context.append(record);
}
