import {
  BETTER_AFTER_MS,
  FROZEN_FAIR,
  FROZEN_POOR,
  LOSS_FAIR,
  LOSS_POOR,
  WORSE_AFTER_MS,
} from './limits.ts';
import type { LinkStats } from './link-stats.ts';

/** How good a connection is, from the browser's statistics; all pure. */

export type QualityLevel = 'good' | 'fair' | 'poor';

/** What was measured over a stretch of time. */
export interface QualityFigures {
  /** There and back, or null while it is unknown. */
  readonly rttMs: number | null;
  /** The share of packets lost, of the worse direction, in [0, 1]. */
  readonly loss: number;
  /** How unevenly sound arrives, or null while it is unknown. */
  readonly jitterMs: number | null;
  /** The share of time that the stranger's picture stood still, in [0, 1]. */
  readonly frozen: number;
}

/** As a call's screen sees it. */
export interface QualityView {
  /** `lost`: nothing comes; it is being mended. */
  readonly level: QualityLevel | 'lost';
  /** Since when; 0 at every other level. */
  readonly lostForMs: number;
  /** One's own picture is sent smaller than it could be. */
  readonly lowering: boolean;
  /** Poor for so long that one's camera is better off, to leave the sound its room. */
  readonly offersSoundOnly: boolean;
  /** What it was judged by of late; null before anything was measured. */
  readonly figures: QualityFigures | null;
}

/** @param newer read `spanMs` after `older`, of the same connection */
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
 * How well people hear each other: the transmission rating R of the E-model (ITU-T G.107), in
 * the form of Cole and Rosenbluth ("Voice over IP performance monitoring", 2001) for the delay,
 * and with G.107's own term for random loss. Ie = 0 and Bpl = 25.1 are G.113's for a codec of
 * full quality that conceals what is missing, which Opus does no worse.
 *
 * @returns 93.2 at best; 0 at worst
 */
export function soundRating(oneWayMs: number, loss: number): number {
  const delay = 0.024 * oneWayMs + 0.11 * Math.max(0, oneWayMs - 177.3);
  const percent = 100 * loss;
  return Math.max(0, 93.2 - delay - (95 * percent) / (percent + 25.1));
}

/**
 * The worst of three decides:
 * - sound by its rating: from 80 on people are satisfied, below 60 nearly all are not (G.109);
 * - video by loss: congestion control lets it grow up to 2 % and shrinks it above 10 %
 *   ("A Google Congestion Control Algorithm", draft-ietf-rmcat-gcc-02, 6);
 * - the picture by the time that it stands still.
 */
export function levelOf({ rttMs, loss, jitterMs, frozen }: QualityFigures): QualityLevel {
  // A receiver holds sound back for about twice its jitter, and a frame of it lasts 20 ms.
  const oneWayMs = (rttMs ?? 0) / 2 + 2 * (jitterMs ?? 0) + 20;
  const rating = soundRating(oneWayMs, loss);
  if (rating < 60 || loss > LOSS_POOR || frozen >= FROZEN_POOR) return 'poor';
  if (rating < 80 || loss > LOSS_FAIR || frozen >= FROZEN_FAIR) return 'fair';
  return 'good';
}

/** A level that holds, and what speaks against it. */
export interface SteadyQuality {
  readonly level: QualityLevel;
  readonly sinceMs: number;
  /** Another level that was measured of late, on the same side of this one, or null. */
  readonly doubt: { readonly level: QualityLevel; readonly sinceMs: number } | null;
}

const RANK = { good: 0, fair: 1, poor: 2 } as const satisfies Record<QualityLevel, number>;

/** The first judgement holds at once. */
export function firstQuality(level: QualityLevel, nowMs: number): SteadyQuality {
  return { level, sinceMs: nowMs, doubt: null };
}

/** Worse is believed soon and better late; what comes in between starts the wait anew. */
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
  // Of two levels beyond this one, the nearer is what has held all the time.
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
