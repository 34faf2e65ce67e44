/**
 * `npm run dev` serves a node and its page at one address. Both are rebuilt when the sources
 * change.
 */
import { runEntry } from './lib/run-entry.mjs';

await runEntry('scripts/lib/follow.mjs');
