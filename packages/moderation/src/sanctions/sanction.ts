import type { DeviceKeyId, SubjectId } from '@farandole/kernel/id';
import type { Restriction } from '../cases/decision.ts';
import type { AnchorHash, DecisionId, SanctionId } from '../ids.ts';
import { PREFIX_BITS_MIN } from '../limits.ts';

/** What a sanction holds for. A prefix is chosen by a person, never by software. */
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

/** A sanction as it is stored. Times are of the wall clock, since it outlives every process. */
export interface Sanction {
  readonly id: SanctionId;
  readonly decision: DecisionId;
  readonly on: SanctionScope;
  readonly restriction: Restriction;
  readonly startsAtMs: number;
  /** Null holds until somebody lifts it. */
  readonly endsAtMs: number | null;
  /** Null while it was neither taken back nor overturned. */
  readonly liftedAtMs: number | null;
}

/** What is known of somebody who asks to come in. */
export interface Identity {
  readonly subject: SubjectId;
  readonly device: DeviceKeyId | null;
  readonly account: AnchorHash | null;
  /** Of the client's address, one for each length that a sanction may have. */
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

/** Whether a network is so wide that one person alone may not shut it out. */
export function isWide(on: SanctionScope): boolean {
  return on.scope === 'prefix' && on.bits < PREFIX_BITS_MIN[on.family];
}

/** The earlier of two ends, of which the first may be none. */
export function earlier(endsAtMs: number | null, otherMs: number): number {
  return endsAtMs === null ? otherMs : Math.min(endsAtMs, otherMs);
}
