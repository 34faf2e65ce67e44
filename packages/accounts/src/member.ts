import type { MemberId } from './ids.ts';
import type { Role } from './roles.ts';

export interface Member {
  readonly id: MemberId;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly atMs: number;
  readonly leftAtMs: number | null;
}
