import type { SubjectId } from '@farandole/kernel/id';
import {
  QUESTION_REPORTS_READ_MAX,
  QUESTION_REPORTS_READ_MS,
  QUESTIONS_READ_MAX,
  QUESTIONS_READ_MS,
} from '../limits.ts';
import type { Records } from '../store/records.ts';

/** The mode in which a user asks two others, and the role of that user. */
const MODE = 'question';
const ASKER = 'asker';

/** What a node must know about a user's questions before the user asks another one. */
export interface QuestionsRead {
  /** When the user's questions of the last `QUESTIONS_READ_MS` reached others, oldest first. */
  readonly asked: readonly number[];
  /** Reports of the user's questions of the last `QUESTION_REPORTS_READ_MS`, oldest first. */
  readonly reported: readonly ReportedQuestion[];
}

export interface ReportedQuestion {
  readonly text: string;
  /** Keyed hash of the reporter's network. */
  readonly network: string;
  readonly atMs: number;
}

/**
 * Returns the questions of users, from the meetings and reports that are stored anyway. A report
 * whose text was erased counts no longer. Users without questions are absent.
 */
export async function readQuestions(
  records: Records,
  subjects: readonly SubjectId[],
  nowMs: number,
): Promise<ReadonlyMap<SubjectId, QuestionsRead>> {
  const found = new Map<SubjectId, QuestionsRead>();
  const since = nowMs - QUESTIONS_READ_MS;
  for (const subject of subjects) {
    const met = await records.pairs.find(
      { a: subject, atMs: { from: since } },
      { limit: QUESTIONS_READ_MAX, newestFirst: true },
    );
    // The meeting of seat `a` and seat `b` stands for the whole call.
    const asked = met
      .filter(({ id, mode, atMs }) => mode === MODE && atMs > since && !id.includes(':'))
      .map(({ atMs }) => atMs)
      .toSorted((one, other) => one - other);
    const reported = await reportsOf(records, subject, nowMs);
    if (asked.length + reported.length > 0) found.set(subject, { asked, reported });
  }
  return found;
}

async function reportsOf(
  records: Records,
  of: SubjectId,
  nowMs: number,
): Promise<readonly ReportedQuestion[]> {
  const reports = await records.reports.find(
    { of, atMs: { from: nowMs - QUESTION_REPORTS_READ_MS + 1 } },
    { limit: QUESTION_REPORTS_READ_MAX, newestFirst: true },
  );
  const questions: ReportedQuestion[] = [];
  for (const { id, from, pair, atMs } of reports.toReversed()) {
    const { reportedIn, roles, reportedSide } = pair ?? {};
    if (from === undefined || reportedIn !== MODE || roles?.reported !== ASKER) continue;
    const lines = (await records.words.get('report', id))?.lines ?? [];
    const text = lines.find(({ side }) => side === reportedSide)?.text;
    if (text !== undefined) questions.push({ text, network: from.network, atMs });
  }
  return questions;
}
