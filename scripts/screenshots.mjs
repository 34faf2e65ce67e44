/**
 * `npm run screenshots` draws every view in every variant into `screenshots`. `-- --scene call
 * --viewport 390x844` draws only matching views. The last line of the
 * output is JSON.
 */
import { runEntry } from './lib/run-entry.mjs';
import { ensureSystemPrograms } from './lib/system-programs.mjs';

const PROGRAM = 'e2e/gallery/screenshots.ts';

await runEntry(PROGRAM, () => ensureSystemPrograms([PROGRAM]));
