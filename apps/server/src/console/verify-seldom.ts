import type { AuditVerdict } from '@farandole/moderation/store/records';
import { AUDIT_VERIFIED_FOR_MS } from '../limits.ts';
import type { ConsoleApiParts } from './console-api.ts';

/** Verifies the whole audit at most once in `AUDIT_VERIFIED_FOR_MS`, since it reads every row. */
export function verifySeldom({
  store,
  clock,
  checkpoints,
}: Pick<ConsoleApiParts, 'store' | 'clock' | 'checkpoints'>): () => Promise<AuditVerdict> {
  let verdict: Promise<AuditVerdict> | null = null;
  let untilMonotonicMs = 0;
  return async () => {
    if (verdict === null || clock.monotonicMs() >= untilMonotonicMs) {
      verdict = store.run('audit.verify', checkpoints.known);
      untilMonotonicMs = clock.monotonicMs() + AUDIT_VERIFIED_FOR_MS;
    }
    try {
      return await verdict;
    } catch (error) {
      verdict = null;
      throw error;
    }
  };
}
