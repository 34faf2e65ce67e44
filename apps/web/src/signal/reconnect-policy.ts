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
  /** Tries that failed since the last session that stood; 0 before the first retry. */
  readonly failures: number;
  /** Since the link was lost. */
  readonly elapsedMs: number;
  /** How long the try that failed took; nought where a session had stood on it. */
  readonly triedMs: number;
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
 * (M. Brooker, "Exponential Backoff and Jitter", 2015). It is counted from the beginning of the try
 * that failed: one that hung has kept its distance already.
 *
 * @returns milliseconds, or null to stop trying
 */
export function retryDelayMs(facts: RetryFacts): number | null {
  if (facts.elapsedMs >= GIVE_UP_AFTER_MS) return null;
  const last = facts.urgent ? URGENT_RETRY_CEILING_MS : IDLE_RETRY_CEILING_MS;
  const ceiling = RETRY_CEILINGS_MS[facts.failures] ?? last;
  if (!facts.calm) return Math.max(0, facts.unit * ceiling - facts.triedMs);
  return CALM_RETRY_FLOOR_MS + facts.unit * Math.max(ceiling, CALM_RETRY_SPREAD_MS);
}

/** How long a try may hear nothing before it has failed. */
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
