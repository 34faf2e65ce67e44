import type { CaseId } from '../ids.ts';
import { NOTICE_DELAY_MS_MAX, NOTICE_DELAY_MS_MIN, NOTICE_END_STEP_MS } from '../limits.ts';
import { isRestricted, restrictionEndsAtMs, type Trust, trustAt } from './trust.ts';

/**
 * A restriction by software as its user is notified of it. The notification is late by a random
 * delay, and so is the end that it names, so that neither time reveals the call or its reporter.
 */
export interface Notice {
  /** The case in which the user can appeal. Null once a decision upheld its reports. */
  readonly case: CaseId | null;
  readonly sinceMs: number;
  /** Time from which the user is notified: `sinceMs` plus a delay that is drawn once. */
  readonly tellAtMs: number;
  /**
   * End of the restriction as the user is told. It stays fixed until it is reached, because
   * moving it after a further report would reveal that reporter.
   */
  readonly endsAtMs: number;
}

/**
 * Returns the delay before a user is notified of a restriction.
 *
 * @param unit a random number in [0, 1)
 */
export function noticeDelayMs(unit: number): number {
  return Math.floor(NOTICE_DELAY_MS_MIN + unit * (NOTICE_DELAY_MS_MAX - NOTICE_DELAY_MS_MIN));
}

/**
 * Returns the notice that is in force. If the restriction lasts longer than the end that was
 * named, the notice has a later end. Null if no notice is in force.
 */
export function noticeAt(notice: Notice | undefined, trust: Trust, nowMs: number): Notice | null {
  if (notice === undefined) return null;
  if (nowMs < notice.endsAtMs) return notice;
  const endsAtMs = toldEnd(trustAt(trust, nowMs), notice.tellAtMs - notice.sinceMs);
  return endsAtMs === null ? null : { ...notice, endsAtMs };
}

/** Returns the notice in force if its user may know of it. Null before `tellAtMs`. */
export function toldNotice(notice: Notice | undefined, trust: Trust, nowMs: number): Notice | null {
  return notice === undefined || nowMs < notice.tellAtMs ? null : noticeAt(notice, trust, nowMs);
}

/** Returns the notice after a report. A report never changes a notice that is in force. */
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
 * Returns the notice after a member's decision, which either ends the notice at once or leaves
 * it unchanged. If the decision itself restores a restriction, the user is notified at once.
 *
 * @param of the subject's open case, or null
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

/** Returns the notice after a call without a report, which may have ended the restriction early. */
export function noticeAfterCall(
  notice: Notice | undefined,
  trust: Trust,
  nowMs: number,
): Notice | undefined {
  // Keeps the notice of a restriction by many unproven reporters, because ending it early would
  // reveal the time of the last report.
  const isCrowd = (trust.grounds?.crowdUntilMs ?? 0) > 0;
  return isCrowd || isRestricted(trust) ? notice : ended(notice, nowMs);
}

/** Keeps an ended notice, so that undoing a decision restores the drawn delay. */
function ended(notice: Notice | undefined, nowMs: number): Notice | undefined {
  return notice === undefined || notice.endsAtMs <= nowMs ? notice : { ...notice, endsAtMs: nowMs };
}

function toldEnd(trust: Trust, delayMs: number): number | null {
  const endsAtMs = restrictionEndsAtMs(trust);
  if (endsAtMs === null) return null;
  return Math.ceil((endsAtMs + delayMs) / NOTICE_END_STEP_MS) * NOTICE_END_STEP_MS;
}
