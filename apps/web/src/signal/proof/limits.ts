/** Time in ms after which a proof of work shows its progress. */
export const PROOF_SHOWN_AFTER_MS = 1_000;
/** Time in ms for a proof. It is less than the lifetime of a challenge. */
export const PROOF_WITHIN_MS = 4 * 60_000;
/** Time in ms without a message after which the worker counts as failed. */
export const PROOF_WORKER_SILENT_MS = 10_000;
/** Number of times that a proof reports its progress. */
export const PROGRESS_STEPS = 50;
