import type { SubjectId } from '@farandole/kernel/id';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { keepBehind } from '../cases/decided.ts';
import { subjectAppealOf } from '../cases/lookup.ts';
import type { AppealId, DecisionId, SanctionId } from '../ids.ts';
import { SHARED_APPEALS_MAX, TEXT_DECIDED_MS_MAX } from '../limits.ts';
import { isActive } from '../sanctions/sanction.ts';
import type { Records } from '../store/records.ts';
import {
  type AffectedAppeal,
  type Appeal,
  type AppealRefusal,
  createAppeal,
  readAppealText,
  type SubjectAppeal,
} from './appeal.ts';
import { affectedBy } from './own-shared.ts';

/** The object of an appeal. The caller has checked that the author may file it. */
type Against =
  /** By the subject, with the cookie or appeal code. */
  | { readonly decision: DecisionId }
  /** By a user affected by another user's sanction. */
  | { readonly sanction: SanctionId; readonly subject: SubjectId };

/** Refuses `crowded` if `SHARED_APPEALS_MAX` appeals against a shared sanction wait. */
export async function fileAppeal(
  records: Records,
  input: Against & {
    readonly text: string;
    readonly freshAppeal: AppealId;
    readonly nowMs: number;
  },
): Promise<Result<Appeal, AppealRefusal | 'unknown' | 'crowded'>> {
  const { freshAppeal: id, nowMs } = input;
  const filed =
    'decision' in input
      ? await bySubject(records, input.decision, id, nowMs)
      : await byAffected(records, input, id, nowMs);
  if (!filed.ok) return filed;
  const text = readAppealText(input.text);
  if (!text.ok) return text;
  const appeal = filed.value;
  await records.appeals.put(appeal);
  const words = { note: text.value, lines: [] };
  await records.words.put('appeal', id, words, nowMs + TEXT_DECIDED_MS_MAX);
  if (appeal.standing === 'subject') {
    const decision = await records.decisions.get(appeal.decision);
    if (decision !== null) await keepBehind(records, decision);
  }
  await records.audit.append({
    by: 'subject',
    action: appeal.standing === 'subject' ? 'appeal.file' : 'shared-appeal.file',
    about: id,
    atMs: nowMs,
    details: { decision: appeal.decision },
  });
  return ok(appeal);
}

async function bySubject(
  records: Records,
  against: DecisionId,
  id: AppealId,
  nowMs: number,
): Promise<Result<SubjectAppeal, 'unknown' | 'window-over' | 'already-appealed'>> {
  const decision = await records.decisions.get(against);
  if (decision === null || decision.reversedAtMs !== null || decision.measure === 'dismiss') {
    return refused('unknown');
  }
  return createAppeal(id, decision, await subjectAppealOf(records, against), nowMs);
}

async function byAffected(
  records: Records,
  { sanction, subject: author }: { readonly sanction: SanctionId; readonly subject: SubjectId },
  id: AppealId,
  nowMs: number,
): Promise<Result<AffectedAppeal, 'unknown' | 'already-appealed' | 'crowded'>> {
  const affected = await affectedBy(records, sanction, author);
  if (affected === null || !isActive(affected.sanction, nowMs)) return refused('unknown');
  if ((await records.appeals.count({ sanction, author })) > 0) return refused('already-appealed');
  // A banned user may return under any number of cookies.
  const waiting = await records.appeals.count({ sanction, state: 'waiting' });
  if (waiting >= SHARED_APPEALS_MAX) return refused('crowded');
  const decision = affected.sanction.decision;
  const filed = { id, standing: 'affected', decision, sanction, author, atMs: nowMs } as const;
  return ok({ ...filed, state: 'waiting' });
}
