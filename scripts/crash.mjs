/**
 * `npm run crash -- --kills N [--store sqlite|postgres]`: kills a writing store and checks that
 * every acknowledged write is there; the last line is JSON. `--node` kills a whole node under
 * reports.
 */

import { runEntry } from './lib/run-entry.mjs';
import { ensureSystemPrograms } from './lib/system-programs.mjs';

const isNode = process.argv.includes('--node');
const entry = `${isNode ? 'apps/server' : 'packages/storage'}/test/crash/main.ts`;

// A node uses SQLite, so it needs no other program.
await runEntry(entry, isNode ? undefined : () => ensureSystemPrograms([entry]));
