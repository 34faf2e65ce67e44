/**
 * `npm run crash -- --kills N [--store sqlite|postgres] [--seed N]` kills a process that writes
 * to a store N times. After each kill, it checks that every acknowledged write is stored. The
 * last line that it prints is JSON.
 */
import { parseArgs } from 'node:util';
import { type CrashResult, printCrashes } from '../support/crash-result.ts';
import { startPostgres } from '../support/postgres.ts';
import { crashRun } from './crash-run.ts';
import { crashingPostgres, crashingSqlite } from './crashing.ts';

/**
 * Number of kills after which a new database is created, because each check takes longer as a
 * database grows.
 */
const KILLS_A_DATABASE = 10;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    store: { type: 'string', default: 'sqlite' },
    seed: { type: 'string', default: '1' },
  },
});
const kills = Number(values.kills);
const seed = Number(values.seed);
if (!['sqlite', 'postgres'].includes(values.store) || !(kills > 0) || !(seed > 0)) {
  throw new Error('Give --kills N, --store sqlite or postgres, and --seed N.');
}

const results: CrashResult[] = [];
const postgres = values.store === 'postgres' ? await startPostgres() : null;
try {
  for (let done = 0; done < kills; done += KILLS_A_DATABASE) {
    const options = { kills: Math.min(KILLS_A_DATABASE, kills - done), seed: seed + done };
    if (postgres !== null) {
      results.push(await crashRun(await crashingPostgres(postgres), options));
      continue;
    }
    const { store, remove } = await crashingSqlite();
    results.push(await crashRun(store, options));
    await remove();
  }
} finally {
  await postgres?.stop();
}
printCrashes(results);
