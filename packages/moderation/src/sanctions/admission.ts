import type { Restriction } from '../cases/decision.ts';
import { coversIdentity, type Identity, isActive, type Sanction } from './sanction.ts';

export type Admission =
  | { readonly may: 'meet' }
  | { readonly may: 'text' | 'nothing'; readonly because: Sanction };

const HARDER: Readonly<Record<Restriction, number>> = { 'text-only': 1, suspended: 2 };

/**
 * Returns the strictest sanction that applies to a client. Among equally strict ones it returns
 * the one that ends last. A device sanction never applies to a client without a device key.
 */
export function admit(
  sanctions: readonly Sanction[],
  identity: Identity,
  nowMs: number,
): Admission {
  const holding = sanctions.filter(
    (sanction) => isActive(sanction, nowMs) && coversIdentity(sanction, identity),
  );
  const [because] = holding.toSorted(
    (a, b) => HARDER[b.restriction] - HARDER[a.restriction] || endOf(b) - endOf(a) || 0,
  );
  if (because === undefined) return { may: 'meet' };
  return { may: because.restriction === 'suspended' ? 'nothing' : 'text', because };
}

/** Returns a finite number for no end, because the difference of two infinities is NaN. */
function endOf({ endsAtMs }: Sanction): number {
  return endsAtMs ?? Number.MAX_SAFE_INTEGER;
}
