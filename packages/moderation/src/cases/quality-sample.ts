import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { appendAudit } from '@farandole/accounts/records';
import { createPrng } from '@farandole/kernel/prng';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { DecisionId } from '../ids.ts';
import {
  SAMPLE_CANDIDATES_MAX,
  SAMPLE_KEPT_MS,
  SAMPLE_SHARE,
  SAMPLES_SHOWN_MAX,
  TEXT_DISMISSED_MS,
  UNDO_MS,
} from '../limits.ts';
import type { Records } from '../store/records.ts';
import type { Decision } from '../store/stored.ts';
import type { Case } from './case-machine.ts';
import { reportsOf } from './lookup.ts';

/** A dismissal selected at random for a second review, which measures missed violations. */

export interface SampledDismissal {
  readonly decision: Decision;
  readonly of: Case;
  /** Whether this member may review the dismissal. False for the member who made it. */
  readonly mayAnswer: boolean;
}

/**
 * Stores a random sample of dismissals for a second review.
 *
 * @param seed must be unpredictable for deciders and reporters
 */
export async function keepSample(
  records: Records,
  { lane }: Case,
  decision: Decision,
  seed: string,
): Promise<void> {
  if (decision.measure !== 'dismiss' || lane !== 'normal') return;
  const reports = (await reportsOf(records, decision.case)).filter(
    ({ id, erasureAskedAtMs }) => erasureAskedAtMs === undefined && isDrawn(seed, id),
  );
  if (reports.length === 0) return;
  for (const { id } of reports) {
    await records.words.keepUntil('report', id, decision.atMs + SAMPLE_KEPT_MS);
  }
  const sample = { reports: reports.map(({ id }) => id), answer: null };
  await records.decisions.put({ ...decision, sample });
}

/** Returns dismissals that wait for a second review and are still readable, oldest first. */
export async function readSamples(
  records: Records,
  { by, nowMs }: { readonly by: MemberId; readonly nowMs: number },
): Promise<Result<readonly SampledDismissal[], 'not-allowed'>> {
  const allowed = await requireMember(records, by, 'sample.review');
  if (!allowed.ok) return allowed;
  const recent = { atMs: { from: nowMs - SAMPLE_KEPT_MS, to: nowMs - UNDO_MS } };
  const decisions = await records.decisions.find(recent, { limit: SAMPLE_CANDIDATES_MAX });
  const waiting: SampledDismissal[] = [];
  for (const decision of decisions) {
    if (waiting.length >= SAMPLES_SHOWN_MAX) break;
    const of = await caseOfWaiting(records, decision);
    if (of === null) continue;
    waiting.push({ decision, of, mayAnswer: !decision.deciders.includes(by) });
  }
  return ok(waiting);
}

/** Records whether a second member agrees with a dismissal. The answer affects only statistics. */
export async function answerSample(
  records: Records,
  input: {
    readonly decision: DecisionId;
    readonly by: MemberId;
    readonly agrees: boolean;
    readonly nowMs: number;
  },
): Promise<Result<true, 'not-allowed' | 'unknown' | 'same-person' | 'malformed'>> {
  const { decision: id, by, agrees, nowMs } = input;
  if (typeof agrees !== 'boolean') return refused('malformed');
  const allowed = await requireMember(records, by, 'sample.review');
  if (!allowed.ok) return allowed;
  const decision = await records.decisions.get(id);
  const of = decision === null ? null : await caseOfWaiting(records, decision);
  if (decision?.sample === undefined || of === null) return refused('unknown');
  if (decision.deciders.includes(by)) return refused('same-person');
  const sample = { ...decision.sample, answer: { by, atMs: nowMs, agrees } };
  await records.decisions.put({ ...decision, sample });
  for (const report of sample.reports) {
    await records.words.keepUntil('report', report, decision.atMs + TEXT_DISMISSED_MS);
  }
  const outcome = agrees ? 'uphold' : 'overturn';
  await appendAudit(records, { by, nowMs }, 'sample.answer', of.id, { decision: id, outcome });
  return ok(true);
}

/** Returns the case of a dismissal whose second review is due and whose content still exists. */
async function caseOfWaiting(
  records: Records,
  { case: id, sample, reversedAtMs }: Decision,
): Promise<Case | null> {
  if (sample === undefined || sample.answer !== null || reversedAtMs !== null) return null;
  const of = await records.cases.get(id);
  // Skips cases of other queues, because only child-safety members may read a case that may
  // involve a minor.
  if (of?.state !== 'closed' || of.lane !== 'normal') return null;
  for (const report of sample.reports) {
    if ((await records.words.get('report', report)) !== null) return of;
  }
  return null;
}

function isDrawn(seed: string, report: string): boolean {
  return createPrng(hashOf(`${seed}\n${report}`)).chance(SAMPLE_SHARE);
}

/** Returns the FNV-1a hash (RFC 9923) over the UTF-16 code units of the text. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}
