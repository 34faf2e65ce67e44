/**
 * A process that writes pairs to a PostgreSQL store as a node does, one batch after the other. Each
 * message from the parent is a duration in ms, and its answer the number of pairs that were stored
 * in this time.
 */
import { PostgresStore } from '@farandole/storage/postgres/postgres-store';
import { freshPairs, PAIRS_AT_ONCE } from './pair-supply.ts';

const [url = '', key = ''] = process.argv.slice(2);
const store = await PostgresStore.open(url, Buffer.from(key, 'hex'));

process.on('message', (ms) => void write(Number(ms)));
process.once('disconnect', () => process.exit(0));
process.send?.('ready');

async function write(ms: number): Promise<void> {
  const untilMs = performance.now() + ms;
  let stored = 0;
  while (performance.now() < untilMs) {
    await store.run('pairs.note', { pairs: freshPairs() });
    stored += PAIRS_AT_ONCE;
  }
  process.send?.(stored);
}
