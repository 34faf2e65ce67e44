import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { loadConfig } from '../../src/config.ts';
import { startServer } from '../../src/start-server.ts';

/**
 * This program runs a server whose date is ahead of the machine's by the number of ms in the file
 * `DATE_AHEAD_FILE`. A story changes the file to let time pass.
 */
const loaded = loadConfig(process.env, null);
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
const file = process.env['DATE_AHEAD_FILE'] ?? '';
const aheadMs = (): number => Number(readFileSync(file, 'utf8'));
const { url } = await startServer({
  config: loaded.config,
  pagesDir: join(import.meta.dirname, '../../../web/dist'),
  log: () => {},
  clock: { monotonicMs: () => performance.now(), wallMs: () => Date.now() + aheadMs() },
});
process.stdout.write(`Farandole is at ${url}\n`);
