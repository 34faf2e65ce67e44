import type { GatewayContext } from '../context.ts';
import { trustedAgeMs } from '../expiring-map.ts';
import { handleDeferred } from '../facts.ts';
import { BLOCKS_STORED_FOR_MS } from '../limits.ts';
import type { PersonFacts } from '../people.ts';
import type { BlockRecord } from '../ports.ts';
import { loadAgeRefusal, refuseForAge } from './age.ts';
import { noteBlock, recentBlockOf } from './block.ts';
import { endWithdrawnQuestion } from './withdrawn-question.ts';

/**
 * Takes what the store knows about users, and handles their waiting messages. Taking the same
 * facts again changes nothing.
 *
 * @param asOf the ledger's `removals` before the read began
 * @returns false if blocks were removed since that are no longer remembered; nothing is taken then
 */
export function takeFacts(
  context: GatewayContext,
  people: readonly PersonFacts[],
  asOf: number,
): boolean {
  if (!context.ports.pairs.remembersSince(asOf)) return false;
  for (const facts of people) takePerson(context, facts);
  return true;
}

function takePerson(context: GatewayContext, facts: PersonFacts): void {
  const { monotonicMs, wallMs } = context.now;
  const { subject, device } = facts;
  const found = context.sessionBySubject.get(subject);
  const session = found?.device === device ? found : null;
  const refused = loadAgeRefusal(context, facts);
  if (facts.questions !== undefined) context.questions.load(facts, facts.questions, context.now);
  for (const record of context.ports.pairs.load(facts, context.now)) {
    if (record.by !== subject) continue;
    if (record.kind === 'block') noteStoredBlock(context, record);
    else if (context.reports.find(record, monotonicMs) === undefined) {
      context.reports.replay(record, monotonicMs, wallMs);
    }
  }
  const waiting = session?.isRead === false ? session : null;
  if (waiting !== null) waiting.isRead = true;
  // A later poll skips this declaration, so the device's other cookies must be refused now.
  for (const each of refused) refuseForAge(context, each);
  if (session !== null) endWithdrawnQuestion(context, session);
  if (waiting !== null) handleDeferred(context, waiting);
}

/**
 * Remembers a stored block, so that a repeated request returns it. A block that was only requested
 * again, before the stored one was read, gives way to the stored one.
 */
function noteStoredBlock(context: GatewayContext, stored: BlockRecord): void {
  if (stored.mark === null || context.isTakingBack(stored.mark)) return;
  const recent = recentBlockOf(context, stored);
  const isOther = recent !== undefined && recent.mark !== null && recent.mark !== stored.mark;
  if (isOther) {
    if (recent.isStored || context.isWritingBlock(recent.mark)) return;
    context.ports.pairs.reunite(stored, recent.mark);
  }
  const ageMs = trustedAgeMs(stored.atWallMs, context.now.wallMs, BLOCKS_STORED_FOR_MS);
  noteBlock(context, stored, true, ageMs);
}
