import { plant } from './plant.ts';

/** Preloaded by `node --import` to run test files with a planted bug. */
plant(process.env['FARANDOLE_MUTANT'] ?? '');
