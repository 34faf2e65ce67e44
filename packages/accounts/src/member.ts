import type { MemberId } from './ids.ts';
import type { Role } from './roles.ts';

/** A moderator or operator of this server. */
export interface Member {
  readonly id: MemberId;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly atMs: number;
  /** Null while they are a member. */
  readonly leftAtMs: number | null;
}
