import type { Case, CaseFacts } from '../cases/case-machine.ts';
import type { HandOverStep } from '../cases/handover-steps.ts';
import { SEALED_KEPT_MS } from '../limits.ts';

/** The step that starts the retention of the sealed evidence. */
const HANDED_OVER: HandOverStep = 'handed-over';

/**
 * Whether a case holds sealed evidence. A possible minor's evidence has no expiry, and only two
 * members together can destroy it.
 */
export function holdsSealed({ lane, reports, shreddedAtMs }: CaseFacts): boolean {
  return lane === 'child-safety' && reports > 0 && shreddedAtMs === undefined;
}

/** Returns when two members may destroy the sealed evidence; null while unknown. */
export function sealedUntilMs(of: Case): number | null {
  const handedOver = of.handOver?.find(({ step }) => step === HANDED_OVER);
  const fromMs = handedOver?.atMs ?? (of.state === 'closed' ? of.atMs : null);
  return fromMs === null ? null : fromMs + SEALED_KEPT_MS;
}
