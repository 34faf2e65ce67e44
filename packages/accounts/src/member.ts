import type { MemberId } from './ids.ts';
import type { Role } from './roles.ts';

export interface Member {
  readonly id: MemberId;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly atMs: number;
  /** Time at which the member left, or null for a current member. */
  readonly leftAtMs: number | null;
}
