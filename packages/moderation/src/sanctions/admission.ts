import type { Restriction } from '../cases/decision.ts';
import { coversIdentity, type Identity, isActive, type Sanction } from './sanction.ts';

/** What somebody may do here now, and the sanction that says so. */
export type Admission =
  | { readonly may: 'meet' }
  | { readonly may: 'text' | 'nothing'; readonly because: Sanction };

const HARDER: Readonly<Record<Restriction, number>> = { 'text-only': 1, suspended: 2 };

/**
 * The hardest of the sanctions that hold for somebody; of equally hard ones, that which ends last.
 *
 * A missing device key means *new*, never *evader*: it matches nothing.
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

/** A number that orders ends; two without an end are equal, which a difference of infinities is not. */
function endOf({ endsAtMs }: Sanction): number {
  return endsAtMs ?? Number.MAX_SAFE_INTEGER;
}
