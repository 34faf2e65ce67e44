/** `npm run farandole -- COMMAND …` runs the operator's commands. See `--help`. */
import { runEntry } from './lib/run-entry.mjs';

await runEntry('apps/server/src/cli/main.ts');
