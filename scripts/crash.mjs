/**
 * `npm run crash -- --kills N [--store sqlite|postgres]` kills a process that writes to a store,
 * and checks that every acknowledged write is stored. With `--node`, it kills a whole node that
 * receives reports, with `--runtime bun` on Bun. The last line of its output is JSON.
 */

import { runEntry } from './lib/run-entry.mjs';
import { ensureSystemPrograms } from './lib/system-programs.mjs';

const isNode = process.argv.includes('--node');
const entry = `${isNode ? 'apps/server' : 'packages/storage'}/test/crash/main.ts`;

// A node uses SQLite, so the test with `--node` needs no program from outside npm.
await runEntry(entry, isNode ? undefined : () => ensureSystemPrograms([entry]));
