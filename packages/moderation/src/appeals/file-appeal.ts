import { appendAudit } from '@farandole/accounts/records';
import type { SubjectId } from '@farandole/kernel/id';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { keepBehind } from '../cases/decided.ts';
import { subjectAppealOf } from '../cases/lookup.ts';
import type { AppealId, CaseId, DecisionId, SanctionId } from '../ids.ts';
import { SHARED_APPEALS_MAX, TEXT_DECIDED_MS_MAX } from '../limits.ts';
import { isActive } from '../sanctions/sanction.ts';
import type { Records } from '../store/records.ts';
import { type AgeRefusal, createAgeAppeal } from './age-appeals.ts';
import {
  type AffectedAppeal,
  type Appeal,
  type AppealRefusal,
  createAppeal,
  type MeasureAppeal,
  readAppealText,
  type SubjectAppeal,
} from './appeal.ts';
import { measureAppealsBy, measureOfCase } from './measure-appeals.ts';
import { affectedBy } from './own-shared.ts';

/** What an appeal is against. The caller must have checked that its author may file it. */
type Against =
  /** A decision, appealed by its subject, who was identified by the cookie or the appeal code. */
  | { readonly decision: DecisionId }
  /** A network or device sanction of another user, appealed by a user whom it affects. */
  | { readonly sanction: SanctionId; readonly subject: SubjectId }
  /** A suspension or restriction by software, appealed with the cookie or the case's code. */
  | { readonly case: CaseId }
  /** An age refusal by device key, appealed with the code that its user got. */
  | { readonly age: AgeRefusal };

/**
 * Files an appeal. Refuses with `crowded` while `SHARED_APPEALS_MAX` appeals against the same
 * network or device sanction wait, and after too many appeals of a device against age refusals.
 */
export async function fileAppeal(
  records: Records,
  input: Against & {
    readonly text: string;
    readonly freshAppeal: AppealId;
    readonly nowMs: number;
  },
): Promise<Result<Appeal, AppealRefusal | 'unknown' | 'crowded'>> {
  const { freshAppeal: id, nowMs } = input;
  const filed = await createFor(records, input, id, nowMs);
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
  const action = appeal.standing === 'affected' ? 'shared-appeal.file' : 'appeal.file';
  await appendAudit(records, { by: 'subject', nowMs }, action, id, againstOf(appeal));
  return ok(appeal);
}

function againstOf(appeal: Appeal): Readonly<Record<string, string>> {
  if (appeal.standing === 'age') return {};
  return appeal.standing === 'measure' ? { case: appeal.case } : { decision: appeal.decision };
}

async function createFor(
  records: Records,
  against: Against,
  id: AppealId,
  nowMs: number,
): Promise<Result<Appeal, 'unknown' | 'window-over' | 'already-appealed' | 'crowded'>> {
  if ('decision' in against) return await bySubject(records, against.decision, id, nowMs);
  if ('age' in against) return await createAgeAppeal(records, against.age, id, nowMs);
  if ('case' in against) return await againstMeasure(records, against.case, id, nowMs);
  return await byAffected(records, against, id, nowMs);
}

async function againstMeasure(
  records: Records,
  of: CaseId,
  id: AppealId,
  nowMs: number,
): Promise<Result<MeasureAppeal, 'unknown' | 'already-appealed'>> {
  const author = (await records.cases.get(of))?.subject ?? null;
  const person = author === null ? null : await records.people.get(author);
  const inForce = person === null ? null : measureOfCase(person, of, nowMs);
  if (author === null || inForce === null) return refused('unknown');
  const { measure, sinceMs } = inForce;
  const earlier = await measureAppealsBy(records, author);
  const isAppealed = earlier.some((one) => one.case === of && one.atMs >= sinceMs);
  if (isAppealed) return refused('already-appealed');
  return ok({ id, standing: 'measure', case: of, author, measure, atMs: nowMs, state: 'waiting' });
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
  // Limits appeals per sanction and not per user, because a banned user can appeal with any number
  // of cookies.
  const waiting = await records.appeals.count({ sanction, state: 'waiting' });
  if (waiting >= SHARED_APPEALS_MAX) return refused('crowded');
  const decision = affected.sanction.decision;
  const filed = { id, standing: 'affected', decision, sanction, author, atMs: nowMs } as const;
  return ok({ ...filed, state: 'waiting' });
}
