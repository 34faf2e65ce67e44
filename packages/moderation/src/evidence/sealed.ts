import type { Case, CaseFacts } from '../cases/case-machine.ts';
import type { HandOverStep } from '../cases/handover-steps.ts';
import { SEALED_KEPT_MS } from '../limits.ts';

/** The handover step after which the retention of sealed evidence begins. */
const HANDED_OVER: HandOverStep = 'handed-over';

/**
 * Returns whether a case has sealed evidence. Evidence about a possible minor doesn't expire,
 * and only two members together can destroy it.
 */
export function holdsSealed({ lane, reports, shreddedAtMs }: CaseFacts): boolean {
  return lane === 'child-safety' && reports > 0 && shreddedAtMs === undefined;
}

/** Returns the time from which two members may destroy the sealed evidence. Null while unknown. */
export function sealedUntilMs(of: Case): number | null {
  const handedOver = of.handOver?.find(({ step }) => step === HANDED_OVER);
  const fromMs = handedOver?.atMs ?? (of.state === 'closed' ? of.atMs : null);
  return fromMs === null ? null : fromMs + SEALED_KEPT_MS;
}
