/** `npm run farandole -- COMMAND …`: what is done with the store by hand; `--help` says it all. */
import { runEntry } from './lib/run-entry.mjs';

await runEntry('apps/server/src/cli/main.ts');
