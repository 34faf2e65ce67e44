import type { Case, CaseFacts } from '../cases/case-machine.ts';
import type { HandOverStep } from '../cases/handover-steps.ts';
import { SEALED_KEPT_MS } from '../limits.ts';

/** This step counts as the handover. */
const HANDED_OVER: HandOverStep = 'handed-over';

/** A possible minor's evidence doesn't expire and takes two members to destroy. */
export function holdsSealed({ lane, reports, shreddedAtMs }: CaseFacts): boolean {
  return lane === 'child-safety' && reports > 0 && shreddedAtMs === undefined;
}

/** Earliest time at which two members may destroy the sealed evidence; null while unknown. */
export function sealedUntilMs(of: Case): number | null {
  const handedOver = of.handOver?.find(({ step }) => step === HANDED_OVER);
  const fromMs = handedOver?.atMs ?? (of.state === 'closed' ? of.atMs : null);
  return fromMs === null ? null : fromMs + SEALED_KEPT_MS;
}
