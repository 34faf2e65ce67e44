import { REPORT_REASONS } from '../reports/reason.ts';
import { FINDINGS } from '../reports/verdict.ts';
import { MEASURES } from './decision.ts';
import { HAND_OVER_STEPS } from './handover-steps.ts';

/** Validates commands, because commands from other threads and programs have no checked types. */

const BITS_MAX = { v4: 32, v6: 128 } as const;

export function isDecisionInput(value: unknown): boolean {
  const { measure, reason, note, finding } = fieldsOf(value);
  if (!isOneOf(MEASURES, measure) || !isOneOf(REPORT_REASONS, reason)) return false;
  const isFinding = finding === undefined || (measure === 'dismiss' && isOneOf(FINDINGS, finding));
  return isFinding && typeof note === 'string';
}

/** Returns whether the value is a list of distinct networks. */
export function areNetworks(value: unknown): boolean {
  if (!Array.isArray(value) || !value.every(isNetwork)) return false;
  return new Set(value.map((one) => fieldsOf(one)['prefix'])).size === value.length;
}

function isNetwork(value: unknown): boolean {
  const { scope, prefix, family, bits } = fieldsOf(value);
  if (scope !== 'prefix' || typeof prefix !== 'string' || prefix === '') return false;
  if (family !== 'v4' && family !== 'v6') return false;
  return Number.isSafeInteger(bits) && Number(bits) >= 1 && Number(bits) <= BITS_MAX[family];
}

export function isCaseStep(value: unknown): boolean {
  const { event, to, why, imminent } = fieldsOf(value);
  switch (event) {
    case 'assign':
    case 'release':
    case 'safeguard':
      return true;
    case 'escalate':
      return to === 'senior' || to === 'child-safety';
    case 'reopen':
      return why === 'new-facts' || why === 'appeal';
    case 'prioritise':
      return typeof imminent === 'boolean';
    default:
      return false;
  }
}

export function isHandOverTick(step: unknown, done: unknown): boolean {
  return isOneOf(HAND_OVER_STEPS, step) && typeof done === 'boolean';
}

export function isOpening(subject: unknown, reason: unknown): boolean {
  return typeof subject === 'string' && subject !== '' && isOneOf(REPORT_REASONS, reason);
}

/** Returns whether both values are times or positions and the second isn't before the first. */
export function isSpan(from: unknown, to: unknown): boolean {
  return isTime(from) && isTime(to) && Number(from) <= Number(to);
}

export function isTime(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

export function isOneOf(all: readonly string[], value: unknown): boolean {
  return typeof value === 'string' && all.includes(value);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
