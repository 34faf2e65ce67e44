import { plant } from '@farandole/e2e/planting/plant';
import { MUTANTS } from './mutants/mutants.ts';

/** Preloaded with `node --import`, to run test files with a planted bug. */
plant(MUTANTS, process.env['FARANDOLE_MUTANT'] ?? '');
