import type { DeviceKeyId, SubjectId } from '@farandole/kernel/id';
import type { Restriction } from '../cases/decision.ts';
import type { AnchorHash, DecisionId, SanctionId } from '../ids.ts';
import { PREFIX_BITS_MIN } from '../limits.ts';

/** What a sanction applies to. Only a member can choose a network prefix; software never does. */
export type SanctionScope =
  | { readonly scope: 'subject'; readonly subject: SubjectId }
  | { readonly scope: 'device'; readonly device: DeviceKeyId }
  | { readonly scope: 'account'; readonly account: AnchorHash }
  | {
      readonly scope: 'prefix';
      readonly prefix: AnchorHash;
      readonly family: 'v4' | 'v6';
      readonly bits: number;
    };

/**
 * A restriction of a subject, device or network by a member's decision. Its times are wall-clock
 * times, because sanctions outlast the process.
 */
export interface Sanction {
  readonly id: SanctionId;
  readonly decision: DecisionId;
  readonly on: SanctionScope;
  readonly restriction: Restriction;
  readonly startsAtMs: number;
  /** Time when the sanction ends. Null if it lasts until a member lifts it. */
  readonly endsAtMs: number | null;
  /**
   * Time when the sanction was ended by an undone or reversed decision or by a member. Null if
   * none of these happened.
   */
  readonly liftedAtMs: number | null;
}

export interface Identity {
  readonly subject: SubjectId;
  readonly device: DeviceKeyId | null;
  readonly account: AnchorHash | null;
  /** Hashes of the client address's network prefixes, one for each prefix length. */
  readonly prefixes: readonly AnchorHash[];
}

export function isActive(sanction: Sanction, nowMs: number): boolean {
  if (sanction.liftedAtMs !== null) return false;
  return sanction.endsAtMs === null || nowMs < sanction.endsAtMs;
}

export function coversIdentity({ on }: Sanction, identity: Identity): boolean {
  switch (on.scope) {
    case 'subject':
      return on.subject === identity.subject;
    case 'device':
      return on.device === identity.device;
    case 'account':
      return on.account === identity.account;
    case 'prefix':
      return identity.prefixes.includes(on.prefix);
    default:
      return on satisfies never;
  }
}

export function isWide(on: SanctionScope): boolean {
  return on.scope === 'prefix' && on.bits < PREFIX_BITS_MIN[on.family];
}

/** Returns the earlier of two end times. Null means no end. */
export function earlier(endsAtMs: number | null, otherMs: number): number {
  return endsAtMs === null ? otherMs : Math.min(endsAtMs, otherMs);
}
