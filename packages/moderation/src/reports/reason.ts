import type { QueueName } from './queue-name.ts';

export const REPORT_REASONS = [
  'may-be-under-18',
  'self-harm',
  'urging-self-harm',
  'threat-or-violence',
  'sexual-content',
  'recording-or-sharing',
  'hate',
  'scam-or-spam',
  'not-here-to-learn',
  'other',
] as const;

export type ReportReason = (typeof REPORT_REASONS)[number];

export interface ReasonRule {
  readonly severity: 1 | 2 | 3 | 4 | 5;
  /** Deadline of a review, in milliseconds after the first report with this reason. */
  readonly deadlineMs: number;
  /** Whether the queue shows cases with this reason before all unpinned cases. */
  readonly pinned: boolean;
  readonly lane: QueueName;
  /**
   * Whether reports with this reason accept pictures. False for possible minors, so that no user
   * stores pictures of a child.
   */
  readonly pictures: boolean;
}

const HOUR_MS = 3_600_000;

const RULES: Readonly<Record<ReportReason, ReasonRule>> = {
  'may-be-under-18': {
    severity: 5,
    deadlineMs: HOUR_MS,
    pinned: true,
    lane: 'child-safety',
    pictures: false,
  },
  'self-harm': {
    severity: 5,
    deadlineMs: HOUR_MS,
    pinned: true,
    lane: 'normal',
    pictures: true,
  },
  'urging-self-harm': {
    severity: 4,
    deadlineMs: 4 * HOUR_MS,
    pinned: false,
    lane: 'normal',
    pictures: true,
  },
  'threat-or-violence': {
    severity: 4,
    deadlineMs: 4 * HOUR_MS,
    pinned: false,
    lane: 'normal',
    pictures: true,
  },
  'sexual-content': {
    severity: 3,
    deadlineMs: 12 * HOUR_MS,
    pinned: false,
    lane: 'normal',
    pictures: true,
  },
  'recording-or-sharing': {
    severity: 3,
    deadlineMs: 12 * HOUR_MS,
    pinned: false,
    lane: 'normal',
    pictures: true,
  },
  hate: { severity: 3, deadlineMs: 24 * HOUR_MS, pinned: false, lane: 'normal', pictures: true },
  'scam-or-spam': {
    severity: 2,
    deadlineMs: 24 * HOUR_MS,
    pinned: false,
    lane: 'normal',
    pictures: true,
  },
  'not-here-to-learn': {
    severity: 1,
    deadlineMs: 72 * HOUR_MS,
    pinned: false,
    lane: 'normal',
    pictures: false,
  },
  other: { severity: 1, deadlineMs: 72 * HOUR_MS, pinned: false, lane: 'normal', pictures: true },
};

export function ruleOfReason(reason: ReportReason): ReasonRule {
  return RULES[reason];
}
