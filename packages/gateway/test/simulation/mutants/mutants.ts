import { type Mutant, readMutants } from '@farandole/e2e/planting/mutant';
import { CALLS } from './calls.ts';
import { MATCHING } from './matching.ts';
import { RECORDS } from './records.ts';
import { SESSIONS } from './sessions.ts';
import { SIGNALS } from './signals.ts';

export const MUTANTS: readonly Mutant[] = [MATCHING, SESSIONS, CALLS, RECORDS, SIGNALS].flatMap(
  (table) => readMutants(table, 'packages/'),
);
