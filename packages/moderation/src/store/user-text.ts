import type { AppealId, ApprovalId, DecisionId } from '../ids.ts';
import type { Records } from './records.ts';

export async function noteOf(
  records: Records,
  id: DecisionId | ApprovalId,
): Promise<string | null> {
  return (await records.words.get('decision', id))?.note ?? null;
}

/** Returns the text of an appeal. Null once the text was erased. */
export async function textOf(records: Records, id: AppealId): Promise<string | null> {
  return (await records.words.get('appeal', id))?.note ?? null;
}
