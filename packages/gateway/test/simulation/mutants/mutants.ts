import { BOUNDS_MUTANTS } from './bounds.ts';
import { CALLS_MUTANTS } from './calls.ts';
import { MEETING_MUTANTS } from './meeting.ts';
import type { Mutant } from './mutant.ts';
import { NODE_MUTANTS } from './node.ts';
import { REJOINS_MUTANTS } from './rejoins.ts';
import { SESSIONS_MUTANTS } from './sessions.ts';
import { SIGNALS_MUTANTS } from './signals.ts';
import { STANDINGS_MUTANTS } from './standings.ts';

/** Every planted bug. */
export const MUTANTS: readonly Mutant[] = [
  ...MEETING_MUTANTS,
  ...SESSIONS_MUTANTS,
  ...STANDINGS_MUTANTS,
  ...CALLS_MUTANTS,
  ...REJOINS_MUTANTS,
  ...SIGNALS_MUTANTS,
  ...BOUNDS_MUTANTS,
  ...NODE_MUTANTS,
];
