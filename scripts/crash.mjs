/**
 * `npm run crash -- --kills N [--store sqlite|postgres]` kills a writing store and checks that
 * every acknowledged write is stored. With `--node` it kills a whole node that receives reports.
 * The last line is JSON.
 */

import { runEntry } from './lib/run-entry.mjs';
import { ensureSystemPrograms } from './lib/system-programs.mjs';

const isNode = process.argv.includes('--node');
const entry = `${isNode ? 'apps/server' : 'packages/storage'}/test/crash/main.ts`;

// A node uses SQLite, so it needs no program outside npm.
await runEntry(entry, isNode ? undefined : () => ensureSystemPrograms([entry]));
