import type { MemberId } from './ids.ts';
import type { Role } from './roles.ts';

export interface Member {
  readonly id: MemberId;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly atMs: number;
  /** Null for a current member. */
  readonly leftAtMs: number | null;
}
