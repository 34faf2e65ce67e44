import type { Invariant } from '../oracle/violation.ts';

/**
 * A planted bug: a small change to the code that ships, and the promise that it breaks. Each must
 * be noticed by the simulation, or the simulation is blind there.
 */
export interface Mutant {
  readonly name: string;
  /** The file, under `packages/`. */
  readonly file: string;
  /** Text that is in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** The promises of which one is broken first; which of them is a matter of chance. */
  readonly killedBy: readonly Invariant[];
  /** The world that showed it when it was last seen, looked at first; the others are still there. */
  readonly shownIn?: number;
}
