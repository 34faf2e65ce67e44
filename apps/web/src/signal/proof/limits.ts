/** Time in ms after which the page shows the progress of a proof of work. */
export const PROOF_SHOWN_AFTER_MS = 1_000;
/** Timeout in ms of a proof of work. It is less than the lifetime of a challenge. */
export const PROOF_WITHIN_MS = 4 * 60_000;
/** Time in ms without a message from the worker after which the worker counts as failed. */
export const PROOF_WORKER_SILENT_MS = 10_000;
/** Minimum time in ms between two reports of a proof's progress. */
export const PROGRESS_EVERY_MS = 200;
