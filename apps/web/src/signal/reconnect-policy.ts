import { RESUME_GRACE_MS } from '@farandole/protocol/limits';
import {
  ATTEMPT_SILENCES_MS,
  CALM_RETRY_FLOOR_MS,
  CALM_RETRY_SPREAD_MS,
  GIVE_UP_AFTER_MS,
  IDLE_RETRY_CEILING_MS,
  RETRY_CEILINGS_MS,
  URGENT_RETRY_CEILING_MS,
  URGENT_SILENCE_MS,
} from './limits.ts';

export interface RetryFacts {
  /**
   * Number of failed connection attempts since the last stable session; 0 before the first
   * retry.
   */
  readonly failures: number;
  readonly elapsedMs: number;
  /**
   * Duration of the failed connection attempt in milliseconds; 0 if the attempt had carried a
   * session.
   */
  readonly triedMs: number;
  /**
   * Whether a search, a call or a message waits for the link to the server. Such a message can end
   * a call, in which the stranger still waits.
   */
  readonly urgent: boolean;
  /** Whether the server asked the page to wait, by a close code with `wait` or by HTTP 429. */
  readonly calm: boolean;
  /** A random number from 0 to below 1. */
  readonly unit: number;
}

/**
 * Returns the delay before the next connection attempt, with *full jitter*: uniform from 0 to a
 * growing ceiling, so that the clients of a restarted server don't return at the same time (M.
 * Brooker, "Exponential Backoff and Jitter", 2015). The delay counts from the start of the
 * failed attempt, so it includes the time in which that attempt got no answer.
 * @returns milliseconds, or null to stop trying
 */
export function retryDelayMs(facts: RetryFacts): number | null {
  if (facts.elapsedMs >= GIVE_UP_AFTER_MS) return null;
  const last = facts.urgent ? URGENT_RETRY_CEILING_MS : IDLE_RETRY_CEILING_MS;
  const ceiling = RETRY_CEILINGS_MS[facts.failures] ?? last;
  if (!facts.calm) return Math.max(0, facts.unit * ceiling - facts.triedMs);
  return CALM_RETRY_FLOOR_MS + facts.unit * Math.max(ceiling, CALM_RETRY_SPREAD_MS);
}

/** Returns the timeout of each step of a connection attempt, in milliseconds. */
export function attemptSilenceMs({
  failures,
  elapsedMs,
  urgent,
}: Pick<RetryFacts, 'failures' | 'elapsedMs' | 'urgent'>): number {
  const silenceMs =
    ATTEMPT_SILENCES_MS[failures % ATTEMPT_SILENCES_MS.length] ?? ATTEMPT_SILENCES_MS[0];
  const isKept = urgent && elapsedMs < RESUME_GRACE_MS;
  return isKept ? Math.min(silenceMs, URGENT_SILENCE_MS) : silenceMs;
}
