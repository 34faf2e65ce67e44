/**
 * `npm run crash -- --kills N [--store sqlite|postgres]`: kills the store while it writes, and looks
 * whether all that it acknowledged is there; the last line it prints is the result as JSON.
 */

import { runEntry } from './lib/run-entry.mjs';
import { ensureSystemPrograms } from './lib/system-programs.mjs';

const entry = 'packages/storage/test/crash/main.ts';

await runEntry(entry, () => ensureSystemPrograms([entry]));
