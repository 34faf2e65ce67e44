import { ok, type Result, refused } from '@farandole/kernel/result';
import { hasControlCharacters } from '@farandole/kernel/text';
import { NOTE_UNITS_MAX } from '../limits.ts';
import type { ReportReason } from '../reports/reason.ts';
import type { Finding } from '../reports/verdict.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const MEASURES = [
  'dismiss',
  'warn',
  'text-only-7d',
  'suspend-1h',
  'suspend-1d',
  'suspend-7d',
  'suspend-permanently',
] as const;

export type Measure = (typeof MEASURES)[number];

/** `text-only` forbids video calls. `suspended` forbids all calls. */
export type Restriction = 'text-only' | 'suspended';

export interface MeasureRule {
  readonly restriction: Restriction | null;
  /** Duration of the sanction in milliseconds. Null if it lasts until it is lifted. */
  readonly lastsMs: number | null;
  readonly strike: boolean;
  readonly secondPerson: boolean;
}

const RULES: Readonly<Record<Measure, MeasureRule>> = {
  dismiss: { restriction: null, lastsMs: null, strike: false, secondPerson: false },
  warn: { restriction: null, lastsMs: null, strike: true, secondPerson: false },
  'text-only-7d': {
    restriction: 'text-only',
    lastsMs: 7 * DAY_MS,
    strike: true,
    secondPerson: false,
  },
  'suspend-1h': { restriction: 'suspended', lastsMs: HOUR_MS, strike: true, secondPerson: false },
  'suspend-1d': { restriction: 'suspended', lastsMs: DAY_MS, strike: true, secondPerson: false },
  'suspend-7d': {
    restriction: 'suspended',
    lastsMs: 7 * DAY_MS,
    strike: true,
    secondPerson: false,
  },
  'suspend-permanently': {
    restriction: 'suspended',
    lastsMs: null,
    strike: true,
    secondPerson: true,
  },
};

export function ruleOfMeasure(measure: Measure): MeasureRule {
  return RULES[measure];
}

/** A staff member's decision on a case. The decision's reason is shown to its subject. */
export interface DecisionInput {
  readonly measure: Measure;
  /** The violated rule. In a dismissal, the rule that the reports claim was violated. */
  readonly reason: ReportReason;
  /** A note to other moderators. The subject of the decision never sees it. */
  readonly note: string;
  /** What a dismissal says about the reports. Only in a dismissal; the default is `no-breach`. */
  readonly finding?: Finding;
}

export type DecisionRefusal = 'note-too-long' | 'note-has-control-characters';

/** Validates a decision. Never throws. Returns the first fault. */
export function checkDecision(input: DecisionInput): Result<DecisionInput, DecisionRefusal> {
  const note = input.note.trim();
  if (note.length > NOTE_UNITS_MAX) return refused('note-too-long');
  if (hasControlCharacters(note)) return refused('note-has-control-characters');
  return ok({ ...input, note });
}

/** Suggests a measure by the subject's number of active strikes. The console preselects it. */
export function suggestedMeasure(reason: ReportReason, strikes: number): Measure {
  if (reason === 'may-be-under-18') return 'suspend-7d';
  const steps: readonly Measure[] =
    reason === 'sexual-content'
      ? ['text-only-7d', 'suspend-1d', 'suspend-7d', 'suspend-permanently']
      : ['warn', 'suspend-1h', 'suspend-1d', 'suspend-7d', 'suspend-permanently'];
  return steps[Math.min(Math.max(0, strikes), steps.length - 1)] ?? 'warn';
}
