import type { SubjectId } from '@farandole/kernel/id';
import { reportsOf } from '../cases/lookup.ts';
import type { AppealId, CaseId } from '../ids.ts';
import { CONCERNED_ROWS_MAX } from '../limits.ts';
import { type AuditRow, ERASE_ACTION, type Records } from '../store/records.ts';

/** Kinds of changes to users that each node must apply to its memory or files. */
type Happened = 'decided' | 'erased';

const ACTIONS: Readonly<Record<Happened, readonly string[]>> = {
  decided: ['case.decide', 'decision.undo', 'case.join', 'appeal.answer'],
  erased: [ERASE_ACTION],
};

interface Concerned {
  readonly subjects: readonly { readonly subject: SubjectId; readonly atMs: number }[];
  /** The audit row up to which the result is complete. The next query starts after this row. */
  readonly until: number;
  readonly more: boolean;
}

/** Returns users whose data was erased, or subjects and reporters of recent decisions. */
export async function readConcerned(
  records: Records,
  { what, after }: { readonly what: Happened; readonly after: number },
): Promise<Concerned> {
  const rows = await records.audit.ofActions(ACTIONS[what], after, CONCERNED_ROWS_MAX);
  const atMs = new Map<SubjectId, number>();
  for (const row of rows) {
    const subjects = what === 'erased' ? [row.about as SubjectId] : await ofDecision(records, row);
    for (const subject of subjects) atMs.set(subject, row.atMs);
  }
  return {
    subjects: [...atMs].map(([subject, at]) => ({ subject, atMs: at })),
    until: rows.at(-1)?.seq ?? after,
    more: rows.length === CONCERNED_ROWS_MAX,
  };
}

async function ofDecision(records: Records, row: AuditRow): Promise<readonly SubjectId[]> {
  const id = row.action === 'appeal.answer' ? await caseOf(records, row.about) : row.about;
  // Skips a case that was merged into another, because the audit row of the merge covers it.
  const of = id === null ? null : await records.cases.get(id as CaseId);
  if (of === null) return [];
  return [of.subject, ...(await reportsOf(records, of.id)).map(({ by }) => by)];
}

async function caseOf(records: Records, appeal: string): Promise<CaseId | null> {
  const kept = await records.appeals.get(appeal as AppealId);
  if (kept?.standing === 'measure') return kept.case;
  if (kept?.standing === 'age') return null;
  const decision = kept === null ? null : await records.decisions.get(kept.decision);
  return decision?.case ?? null;
}
