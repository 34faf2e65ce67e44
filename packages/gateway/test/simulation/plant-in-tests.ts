import { plant } from '@farandole/e2e/planting/plant';
import { MUTANTS } from './mutants/mutants.ts';

/** Loaded with `node --import` before test files, to run them with a planted bug. */
plant(MUTANTS, process.env['FARANDOLE_MUTANT'] ?? '');
