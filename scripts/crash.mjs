/**
 * `npm run crash -- --kills N [--store sqlite|postgres]`: kills the store while it writes, and looks
 * whether all that it acknowledged is there; the last line it prints is the result as JSON. With
 * `--node` it is a whole node that is killed, while people report on it.
 */

import { runEntry } from './lib/run-entry.mjs';
import { ensureSystemPrograms } from './lib/system-programs.mjs';

const isNode = process.argv.includes('--node');
const entry = `${isNode ? 'apps/server' : 'packages/storage'}/test/crash/main.ts`;

// A node needs nothing but Node here: its store is SQLite.
await runEntry(entry, isNode ? undefined : () => ensureSystemPrograms([entry]));
