import { PRIOR } from '@farandole/moderation/trust/trust';
import {
  PROOF_ATTEMPTS_PER_MS,
  PROOF_HARM_FACTOR_MAX,
  PROOF_LOAD_MS_MAX,
  PROOF_MS_MAX,
} from '../limits.ts';

/** What the server knows about a user who requests a session ticket. */
export interface TicketApplicant {
  /** Whether the user has earned trust. False if the trust hasn't been read yet. */
  readonly isProven: boolean;
  /** Probability that the user harms others; null if unknown. */
  readonly harm: number | null;
  /** Whether a sanction restricts the user's network. */
  readonly isNetworkSanctioned: boolean;
  /** Time in ms after which the network's budget of tickets allows another ticket. */
  readonly waitMs: number;
  /** Share of the node's sockets that are open, from 0 to 1. */
  readonly load: number;
}

/**
 * Returns how long the proof of work takes on a phone, in ms; 0 if no proof is needed. A network
 * over its budget is never refused. Its proof takes longer by the wait for the budget.
 *
 * @param proofMs time for an unknown user without pressure; 0 if the server requires no proofs
 */
export function proofMsFor(applicant: TicketApplicant, proofMs: number): number {
  if (applicant.isProven || proofMs === 0) return 0;
  const { harm, isNetworkSanctioned, waitMs, load } = applicant;
  const byHarm = harm === null ? 1 : Math.max(1, harm / PRIOR);
  const factor = isNetworkSanctioned
    ? PROOF_HARM_FACTOR_MAX
    : Math.min(PROOF_HARM_FACTOR_MAX, byHarm);
  // The load lengthens a proof only while over half of the node's sockets are open.
  const loadMs = Math.max(0, load * 2 - 1) * PROOF_LOAD_MS_MAX;
  return Math.min(PROOF_MS_MAX, proofMs * factor + waitMs + loadMs);
}

/** Returns the maximum number of attempts of a proof that takes this many ms on a phone. */
export function attemptsFor(phoneMs: number): number {
  return Math.max(1, Math.floor(phoneMs * PROOF_ATTEMPTS_PER_MS));
}
