import type { CaseId } from '../ids.ts';
import { NOTICE_DELAY_MS_MAX, NOTICE_DELAY_MS_MIN, NOTICE_END_STEP_MS } from '../limits.ts';
import { isRestricted, restrictionEndsAtMs, type Trust, trustAt } from './trust.ts';

/**
 * A restriction by software, as its user learns of it. Both the notice and the end that it names
 * are late by the same delay, so that neither time points to the call or its reporter.
 */
export interface Notice {
  /** The case in which the user can appeal; null once its reports were upheld by a decision. */
  readonly case: CaseId | null;
  readonly sinceMs: number;
  /** `sinceMs` and a delay that is drawn once. */
  readonly tellAtMs: number;
  /** Fixed until it is reached: moving it at a further report would name that reporter. */
  readonly endsAtMs: number;
}

/** Draws the delay of a notice. @param unit a random number in [0, 1) */
export function noticeDelayMs(unit: number): number {
  return Math.floor(NOTICE_DELAY_MS_MIN + unit * (NOTICE_DELAY_MS_MAX - NOTICE_DELAY_MS_MIN));
}

/** The notice in force, with a later end if the restriction outlasted the told one; or null. */
export function noticeAt(notice: Notice | undefined, trust: Trust, nowMs: number): Notice | null {
  if (notice === undefined) return null;
  if (nowMs < notice.endsAtMs) return notice;
  const endsAtMs = toldEnd(trustAt(trust, nowMs), notice.tellAtMs - notice.sinceMs);
  return endsAtMs === null ? null : { ...notice, endsAtMs };
}

/** The same, as its user may know it. Null before `tellAtMs`. */
export function toldNotice(notice: Notice | undefined, trust: Trust, nowMs: number): Notice | null {
  return notice === undefined || nowMs < notice.tellAtMs ? null : noticeAt(notice, trust, nowMs);
}

/** The notice after a report: one in force is unchanged, whatever the report adds. */
export function noticeAfterReport(
  before: { readonly notice?: Notice; readonly trust: Trust },
  trust: Trust,
  at: { readonly case: CaseId; readonly nowMs: number; readonly delayMs: number },
): Notice | undefined {
  const { nowMs, delayMs } = at;
  const endsAtMs = toldEnd(trust, delayMs);
  const known = noticeAt(before.notice, before.trust, nowMs) ?? before.notice;
  if (endsAtMs === null || (known !== undefined && nowMs < known.endsAtMs)) return known;
  return { case: at.case, sinceMs: nowMs, tellAtMs: nowMs + delayMs, endsAtMs };
}

/**
 * The notice after a member's decision, which ends it at once or leaves it. A restriction that the
 * decision itself brings back is told at once.
 *
 * @param of the subject's open case; null without one
 */
export function noticeAfterDecision(
  notice: Notice | undefined,
  trust: Trust,
  of: CaseId | null,
  nowMs: number,
): Notice | undefined {
  const now = trustAt(trust, nowMs);
  if (!isRestricted(now)) return ended(notice, nowMs);
  const endsAtMs = toldEnd(now, 0);
  const known = noticeAt(notice, now, nowMs);
  if (known !== null) return { ...known, case: of };
  return endsAtMs === null ? undefined : { case: of, sinceMs: nowMs, tellAtMs: nowMs, endsAtMs };
}

/** The notice after an unreported call, which may have ended the restriction early. */
export function noticeAfterCall(
  notice: Notice | undefined,
  trust: Trust,
  nowMs: number,
): Notice | undefined {
  // The end of a crowd's restriction would tell the moment of its last report.
  const isCrowd = (trust.grounds?.crowdUntilMs ?? 0) > 0;
  return isCrowd || isRestricted(trust) ? notice : ended(notice, nowMs);
}

/** Kept, so that undoing a decision restores the drawn delay. */
function ended(notice: Notice | undefined, nowMs: number): Notice | undefined {
  return notice === undefined || notice.endsAtMs <= nowMs ? notice : { ...notice, endsAtMs: nowMs };
}

function toldEnd(trust: Trust, delayMs: number): number | null {
  const endsAtMs = restrictionEndsAtMs(trust);
  if (endsAtMs === null) return null;
  return Math.ceil((endsAtMs + delayMs) / NOTICE_END_STEP_MS) * NOTICE_END_STEP_MS;
}
