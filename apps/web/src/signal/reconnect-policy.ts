import {
  ATTEMPT_TIMEOUTS_MS,
  CALM_RETRY_FLOOR_MS,
  CALM_RETRY_SPREAD_MS,
  GIVE_UP_AFTER_MS,
  IDLE_RETRY_CEILING_MS,
  RETRY_CEILINGS_MS,
  URGENT_RETRY_CEILING_MS,
} from './limits.ts';

export interface RetryFacts {
  /** Tries that failed since the last session that stood; 0 before the first retry. */
  readonly failures: number;
  /** Since the link was lost. */
  readonly elapsedMs: number;
  /** Whether a search or a call waits for it. */
  readonly urgent: boolean;
  /** The node asked for a pause (`wait` of the close codes, or HTTP 429). */
  readonly calm: boolean;
  /** Chance, in [0, 1). */
  readonly unit: number;
}

/**
 * How long to wait before the next try: *full jitter*, that is a uniform draw from nought to a
 * ceiling that grows, so that the clients of a node that died do not come back in step
 * (M. Brooker, "Exponential Backoff and Jitter", 2015).
 *
 * @returns milliseconds, or null to stop trying
 */
export function retryDelayMs(facts: RetryFacts): number | null {
  if (facts.elapsedMs >= GIVE_UP_AFTER_MS) return null;
  const last = facts.urgent ? URGENT_RETRY_CEILING_MS : IDLE_RETRY_CEILING_MS;
  const ceiling = RETRY_CEILINGS_MS[facts.failures] ?? last;
  if (!facts.calm) return facts.unit * ceiling;
  return CALM_RETRY_FLOOR_MS + facts.unit * Math.max(ceiling, CALM_RETRY_SPREAD_MS);
}

/** How long a try may take, from the first byte of the ticket to the session. */
export function attemptTimeoutMs(failures: number): number {
  return ATTEMPT_TIMEOUTS_MS[failures % ATTEMPT_TIMEOUTS_MS.length] ?? ATTEMPT_TIMEOUTS_MS[0];
}
