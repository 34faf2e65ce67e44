/** `npm run dev`: a node and its page on one address; both follow the sources. */
import { runEntry } from './lib/run-entry.mjs';

await runEntry('scripts/lib/follow.mjs');
