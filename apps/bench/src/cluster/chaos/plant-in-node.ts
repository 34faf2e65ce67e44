import { plant } from '@farandole/e2e/planting/plant';
import { CHAOS_BUGS } from './planted-bugs.ts';

/** Loaded with `node --import` into each node of a chaos run with a planted bug. */
plant(CHAOS_BUGS, process.env['CHAOS_BUG'] ?? '');
