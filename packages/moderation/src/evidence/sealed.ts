import type { Case, CaseFacts } from '../cases/case-machine.ts';
import type { HandOverStep } from '../cases/handover-steps.ts';
import { SEALED_KEPT_MS } from '../limits.ts';

/** By this much of being handed over, it was. */
const HANDED_OVER: HandOverStep = 'handed-over';

/** Whether a case has words or pictures that may be of a minor: they go by no time, and by nobody alone. */
export function holdsSealed({ lane, reports, shreddedAtMs }: CaseFacts): boolean {
  return lane === 'child-safety' && reports > 0 && shreddedAtMs === undefined;
}

/** Until when what is sealed is kept in any case; null while that is not known. Then two people shred it. */
export function sealedUntilMs(of: Case): number | null {
  const handedOver = of.handOver?.find(({ step }) => step === HANDED_OVER);
  const fromMs = handedOver?.atMs ?? (of.state === 'closed' ? of.atMs : null);
  return fromMs === null ? null : fromMs + SEALED_KEPT_MS;
}
