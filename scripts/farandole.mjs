/** `npm run farandole -- COMMAND …`: the operator's commands; see `--help`. */
import { runEntry } from './lib/run-entry.mjs';

await runEntry('apps/server/src/cli/main.ts');
