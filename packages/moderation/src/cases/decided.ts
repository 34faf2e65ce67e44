import type { DeviceKeyId } from '@farandole/kernel/id';
import { keepPicturesUntil, sealPicturesOf } from '../evidence/pictures.ts';
import type { CaseId } from '../ids.ts';
import {
  CASE_DEVICES_MAX,
  CASE_PICTURES_MAX,
  NO_END_MS,
  TEXT_DECIDED_MS_MAX,
  TEXT_DECIDED_MS_MIN,
  TEXT_DISMISSED_MS,
} from '../limits.ts';
import { type Finding, type Judgement, judgeDismissed } from '../reports/verdict.ts';
import type { Records } from '../store/records.ts';
import type { Decision, StoredReport } from '../store/stored.ts';
import type { Case } from './case-machine.ts';
import { ruleOfMeasure } from './decision.ts';
import { reportsOf, subjectAppealOf } from './lookup.ts';

export function textKeptUntilMs({ measure, atMs, endsAtMs }: Decision): number {
  if (measure === 'dismiss') return atMs + TEXT_DISMISSED_MS;
  const isEndless = endsAtMs === null && ruleOfMeasure(measure).restriction !== null;
  const lastsMs = isEndless ? Number.POSITIVE_INFINITY : (endsAtMs ?? atMs) - atMs;
  return atMs + Math.min(TEXT_DECIDED_MS_MAX, Math.max(TEXT_DECIDED_MS_MIN, lastsMs));
}

/**
 * Returns how long the text behind a decision is needed. An appeal that is possible or waiting
 * extends that, because its answer needs the text.
 */
export async function neededUntilMs(records: Records, decision: Decision): Promise<number> {
  const appeal = await subjectAppealOf(records, decision.id);
  const untilMs = textKeptUntilMs(decision);
  if (appeal?.state !== 'waiting') return untilMs;
  return Math.max(untilMs, appeal.atMs + TEXT_DECIDED_MS_MAX);
}

/** Updates the expiry of a decision's evidence and note after an appeal was filed or answered. */
export async function keepBehind(records: Records, decision: Decision): Promise<void> {
  const untilMs = await neededUntilMs(records, decision);
  const reports = await reportsOf(records, decision.case);
  // Skips reports that arrived after the case was reopened. They wait for the next decision and
  // keep their own expiry.
  const decidedOn = reports.filter(({ verdict }) => verdict !== 'waiting');
  await keepEvidence(records, decision.case, decidedOn, () => untilMs);
  await records.words.keepUntil('decision', decision.id, untilMs);
}

export async function judgeByFinding(
  records: Records,
  of: CaseId,
  finding: Finding,
): Promise<(report: StoredReport) => Judgement> {
  const pictures = await records.pictures.find({ case: of }, { limit: CASE_PICTURES_MAX });
  const shown = new Set(pictures.map(({ report }) => report));
  return (report) => judgeDismissed(report, shown.has(report.id), finding);
}

/** Sets the expiry of the texts and pictures of a case's reports. Sealed evidence has no expiry. */
export async function keepEvidence(
  records: Records,
  of: CaseId,
  reports: readonly StoredReport[],
  untilMsOf: (report: StoredReport) => number,
): Promise<void> {
  const isSealed = (await records.cases.get(of))?.lane === 'child-safety';
  const untilMs = new Map(
    reports.map((report) => [report.id, isSealed ? NO_END_MS : untilMsOf(report)] as const),
  );
  for (const [id, keepUntilMs] of untilMs) await records.words.keepUntil('report', id, keepUntilMs);
  await keepPicturesUntil(records, of, (report) => untilMs.get(report) ?? null);
}

export function devicesOf(
  { device }: Case,
  reports: readonly StoredReport[],
): readonly DeviceKeyId[] {
  const all = new Set([device, ...reports.map(({ ofDevice }) => ofDevice)]);
  return [...all].filter((one) => one !== null).slice(0, CASE_DEVICES_MAX);
}

/**
 * Seals the evidence of a case that may involve a minor. Then only child-safety members can open
 * its pictures, and texts and pictures stay until two of these members destroy them. The caller
 * must have moved the case to the child-safety queue.
 */
export async function sealEvidenceOf(records: Records, of: CaseId): Promise<void> {
  await sealPicturesOf(records, of);
  await keepEvidence(records, of, await reportsOf(records, of), () => NO_END_MS);
}
