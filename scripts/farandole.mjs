/** `npm run farandole -- COMMAND …` runs a command of the operator. `--help` lists the commands. */
import { runtimeCommand } from './lib/bun.mjs';
import { runEntry } from './lib/run-entry.mjs';

await runEntry('apps/server/src/cli/main.ts', undefined, runtimeCommand);
