/**
 * `npm run crash -- --node --kills N [--seed N] [--runtime bun]` kills a shipped node N times while
 * users report. After each kill it checks that the data folder has every acknowledged report. The last
 * line is JSON.
 */
import { parseArgs } from 'node:util';
import { type CrashResult, printCrashes } from '@farandole/storage/test/crash-result';
import { RunEnds } from '../support/ends.ts';

/**
 * The data folder is replaced after this many kills, because the final check takes longer after
 * each kill.
 */
const KILLS_A_FOLDER = 12;

const { values } = parseArgs({
  options: {
    node: { type: 'boolean' },
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    runtime: { type: 'string', default: 'node' },
  },
});
const kills = Number(values.kills);
const seed = Number(values.seed);
if (!(kills > 0) || !(seed > 0)) throw new Error('Give --kills N and --seed N.');
if (values.runtime !== 'node' && values.runtime !== 'bun') {
  throw new Error(`"${values.runtime}" is not a runtime: give node or bun.`);
}
// The module that starts the node reads the variable when it is loaded.
process.env.SERVER_TEST_RUNTIME = values.runtime;
const { nodeCrashRun } = await import('./node-crash-run.ts');

const results: CrashResult[] = [];
for (let done = 0; done < kills; done += KILLS_A_FOLDER) {
  const ends = new RunEnds();
  try {
    const options = { kills: Math.min(KILLS_A_FOLDER, kills - done), seed: seed + done };
    results.push(await nodeCrashRun(ends, options));
  } finally {
    await ends.end();
  }
}
printCrashes(results);
