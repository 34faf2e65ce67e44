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
  /** Round-trip time; `null` if unknown. */
  readonly rttMs: number | null;
  readonly loss: number;
  /** Jitter of the received audio; `null` if unknown. */
  readonly jitterMs: number | null;
  readonly frozen: number;
}

export interface QualityView {
  /** `lost`: no packets arrive, and an ICE restart is running. */
  readonly level: QualityLevel | 'lost';
  /** How long the level has been `lost`, in milliseconds; otherwise 0. */
  readonly lostForMs: number;
  readonly lowering: boolean;
  /**
   * True if the quality was poor for a long time, so that turning the camera off would help the
   * sound.
   */
  readonly offersSoundOnly: boolean;
  /** Latest measurements; null before the first. */
  readonly figures: QualityFigures | null;
}

/** @param newer statistics of the same connection, read `spanMs` after `older` */
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
 * Rosenbluth ("Voice over IP performance monitoring", 2001), the term for random loss from G.107.
 * Ie = 0 and Bpl = 25.1 are the values of G.113 for a full-quality codec with loss concealment.
 * Opus is at least as good.
 * @returns 93.2 at best, 0 at worst
 */
export function soundRating(oneWayMs: number, loss: number): number {
  const delay = 0.024 * oneWayMs + 0.11 * Math.max(0, oneWayMs - 177.3);
  const percent = 100 * loss;
  return Math.max(0, 93.2 - delay - (95 * percent) / (percent + 25.1));
}

/**
 * Returns the worst of three levels:
 * - sound rating: most users are satisfied from 80 on, nearly all are dissatisfied below 60
 *   (G.109);
 * - packet loss: congestion control raises the video bitrate up to 2 % and lowers it above 10 %
 *   (draft-ietf-rmcat-gcc-02, 6);
 * - share of time with a frozen picture.
 */
export function levelOf({ rttMs, loss, jitterMs, frozen }: QualityFigures): QualityLevel {
  // A receiver buffers about twice the jitter, plus one 20 ms frame.
  const oneWayMs = (rttMs ?? 0) / 2 + 2 * (jitterMs ?? 0) + 20;
  const rating = soundRating(oneWayMs, loss);
  if (rating < 60 || loss > LOSS_POOR || frozen >= FROZEN_POOR) return 'poor';
  if (rating < 80 || loss > LOSS_FAIR || frozen >= FROZEN_FAIR) return 'fair';
  return 'good';
}

export interface SteadyQuality {
  readonly level: QualityLevel;
  readonly sinceMs: number;
  /** A level measured since `sinceMs` that differs from the shown one; `null` if there is none. */
  readonly doubt: { readonly level: QualityLevel; readonly sinceMs: number } | null;
}

const RANK = { good: 0, fair: 1, poor: 2 } as const satisfies Record<QualityLevel, number>;

export function firstQuality(level: QualityLevel, nowMs: number): SteadyQuality {
  return { level, sinceMs: nowMs, doubt: null };
}

/**
 * Shows a worse level soon and a better level late. A reading that contradicts the pending level
 * restarts the wait.
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
  // If readings varied between two levels on the same side of the shown level, the nearer one
  // applied the whole time.
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
