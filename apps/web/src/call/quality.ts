import {
  BETTER_AFTER_MS,
  FROZEN_FAIR,
  FROZEN_POOR,
  LOSS_FAIR,
  LOSS_POOR,
  WORSE_AFTER_MS,
} from './limits.ts';
import type { LinkStats } from './link-stats.ts';

export type QualityLevel = 'good' | 'fair' | 'poor';

export interface QualityFigures {
  readonly rttMs: number | null;
  readonly loss: number;
  readonly jitterMs: number | null;
  readonly frozen: number;
}

export interface QualityView {
  /** With `lost` no packets arrive and an ICE restart is running. */
  readonly level: QualityLevel | 'lost';
  /** For how many milliseconds the quality level has been `lost`. It is 0 at any other level. */
  readonly lostForMs: number;
  readonly lowering: boolean;
  /** True if quality was poor for so long that turning the camera off would improve the sound. */
  readonly offersSoundOnly: boolean;
  readonly figures: QualityFigures | null;
}

/** @param newer statistics of the same connection as `older`, read `spanMs` later */
export function figuresBetween(older: LinkStats, newer: LinkStats, spanMs: number): QualityFigures {
  const lost = Math.max(0, newer.packetsLost - older.packetsLost);
  const came = Math.max(0, newer.packetsReceived - older.packetsReceived);
  const lossIn = lost + came === 0 ? 0 : lost / (lost + came);
  const frozenMs = Math.max(0, newer.frozenMs - older.frozenMs);
  return {
    rttMs: newer.rttMs,
    loss: Math.min(1, Math.max(lossIn, newer.lossOut ?? 0)),
    jitterMs: newer.jitterMs,
    frozen: spanMs <= 0 ? 0 : Math.min(1, frozenMs / spanMs),
  };
}

/**
 * Returns the transmission rating R of the E-model (ITU-T G.107). The delay term is from Cole and
 * Rosenbluth ("Voice over IP performance monitoring", 2001), and the term for random loss is from
 * G.107. Ie = 0 and Bpl = 25.1 are the values of G.113 for a full-quality codec with loss
 * concealment. Opus is at least as good as that codec.
 * @returns 93.2 at best, 0 at worst
 */
export function soundRating(oneWayMs: number, loss: number): number {
  const delay = 0.024 * oneWayMs + 0.11 * Math.max(0, oneWayMs - 177.3);
  const percent = 100 * loss;
  return Math.max(0, 93.2 - delay - (95 * percent) / (percent + 25.1));
}

/**
 * Returns the worst of three quality levels:
 * - level of the sound: most users are satisfied with a rating from 80 on, nearly all are
 *   dissatisfied below 60 (G.109);
 * - level of packet loss: congestion control raises the video bitrate up to 2 % and lowers it
 *   above 10 % (draft-ietf-rmcat-gcc-02, 6);
 * - level of the share of time with a frozen picture.
 */
export function levelOf({ rttMs, loss, jitterMs, frozen }: QualityFigures): QualityLevel {
  // A receiver delays audio by about twice the jitter plus one 20 ms frame.
  const oneWayMs = (rttMs ?? 0) / 2 + 2 * (jitterMs ?? 0) + 20;
  const rating = soundRating(oneWayMs, loss);
  if (rating < 60 || loss > LOSS_POOR || frozen >= FROZEN_POOR) return 'poor';
  if (rating < 80 || loss > LOSS_FAIR || frozen >= FROZEN_FAIR) return 'fair';
  return 'good';
}

export interface SteadyQuality {
  readonly level: QualityLevel;
  readonly sinceMs: number;
  /**
   * A measured quality level that differs from the shown one and has been measured since `sinceMs`.
   * It is `null` while both are the same.
   */
  readonly doubt: { readonly level: QualityLevel; readonly sinceMs: number } | null;
}

const RANK = { good: 0, fair: 1, poor: 2 } as const satisfies Record<QualityLevel, number>;

export function firstQuality(level: QualityLevel, nowMs: number): SteadyQuality {
  return { level, sinceMs: nowMs, doubt: null };
}

/**
 * Returns the quality level to show. A worse level is shown soon and a better one late. A
 * measurement that contradicts the pending level restarts the delay.
 */
export function nextQuality(
  before: SteadyQuality,
  measured: QualityLevel,
  nowMs: number,
): SteadyQuality {
  const { level, doubt } = before;
  if (measured === level) return doubt === null ? before : { ...before, doubt: null };
  const worse = RANK[measured] > RANK[level];
  const goesOn = doubt !== null && RANK[doubt.level] > RANK[level] === worse;
  const sinceMs = goesOn ? doubt.sinceMs : nowMs;
  // If the measurements varied between two levels that are both better or both worse than the shown
  // level, the nearer of the two is shown.
  const held = goesOn && distance(doubt.level, level) < distance(measured, level);
  const next = held ? doubt.level : measured;
  if (nowMs - sinceMs < (worse ? WORSE_AFTER_MS : BETTER_AFTER_MS)) {
    return { ...before, doubt: { level: next, sinceMs } };
  }
  return { level: next, sinceMs: nowMs, doubt: null };
}

function distance(one: QualityLevel, other: QualityLevel): number {
  return Math.abs(RANK[one] - RANK[other]);
}
