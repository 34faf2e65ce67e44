import type { AppealId, ApprovalId, DecisionId } from '../ids.ts';
import type { Records } from './records.ts';

/** The note of a decision, or of what is to become one. */
export async function noteOf(
  records: Records,
  id: DecisionId | ApprovalId,
): Promise<string | null> {
  return (await records.words.get('decision', id))?.note ?? null;
}

/** What somebody wrote to those who answer, of either kind; null once it is shredded. */
export async function textOf(records: Records, id: AppealId): Promise<string | null> {
  return (await records.words.get('appeal', id))?.note ?? null;
}
