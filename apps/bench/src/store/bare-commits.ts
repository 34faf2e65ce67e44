/**
 * A process that commits one row at a time to a bare SQLite file with the store's settings, at an
 * even pace. Each message from the parent is a `Pace`, and its answer the time of each commit in ms.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { openDatabase } from '@farandole/storage/sqlite/node-sqlite';

export interface Pace {
  readonly perS: number;
  readonly durationMs: number;
}

/** About the size of a report's rows. */
const ROW = 'x'.repeat(2_000);
const POLL_EVERY_MS = 1;

const [path = ''] = process.argv.slice(2);
const database = openDatabase(path);
database.exec('create table rows (id integer primary key, body text not null) strict');
const insert = database.prepare('insert into rows (body) values (?)');

process.on('message', (pace) => void commit(pace as Pace));
process.once('disconnect', () => process.exit(0));
process.send?.('ready');

async function commit({ perS, durationMs }: Pace): Promise<void> {
  const planned = Math.floor((perS * durationMs) / 1_000);
  const startedMs = performance.now();
  const timesMs: number[] = [];
  while (timesMs.length < planned) {
    await delay(POLL_EVERY_MS);
    const due = Math.floor((perS * (performance.now() - startedMs)) / 1_000);
    while (timesMs.length < Math.min(planned, due)) {
      const beganMs = performance.now();
      database.exec('begin immediate');
      insert.run(ROW);
      database.exec('commit');
      timesMs.push(performance.now() - beganMs);
    }
  }
  process.send?.(timesMs);
}
