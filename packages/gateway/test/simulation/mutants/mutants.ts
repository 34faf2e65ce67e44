import { type Mutant, readMutants } from '@farandole/e2e/planting/mutant';
import { BUDGETS, SERVER_BUDGETS } from './budgets.ts';
import { CALLS } from './calls.ts';
import { MATCHING } from './matching.ts';
import { MOVES } from './moves.ts';
import { RECORDS } from './records.ts';
import { SESSIONS } from './sessions.ts';
import { SIGNALS } from './signals.ts';

export const MUTANTS: readonly Mutant[] = [
  ...[MATCHING, SESSIONS, CALLS, RECORDS, SIGNALS, BUDGETS, MOVES].flatMap((table) =>
    readMutants(table, 'packages/'),
  ),
  ...readMutants(SERVER_BUDGETS, 'apps/'),
];
