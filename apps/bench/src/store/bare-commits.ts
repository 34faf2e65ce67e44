/**
 * A process that commits one row at a time to a bare SQLite file with the store's settings, at an
 * even pace. Each message from the parent is a `Pace`. Its answer has the time in ms from when each
 * commit was due until it was on disk.
 */
import { openDatabase } from '@farandole/storage/sqlite/node-sqlite';
import { atEvenPace, type Pace } from '../load/even-pace.ts';

/** About the size of a report's rows. */
const ROW = 'x'.repeat(2_000);

const [path = ''] = process.argv.slice(2);
const database = openDatabase(path);
database.exec('create table rows (id integer primary key, body text not null) strict');
const insert = database.prepare('insert into rows (body) values (?)');

process.on('message', (pace) => void commit(pace as Pace));
process.once('disconnect', () => process.exit(0));
process.send?.('ready');

async function commit(pace: Pace): Promise<void> {
  const timesMs: number[] = [];
  await atEvenPace(pace, (_, dueAtMs) => {
    database.exec('begin immediate');
    insert.run(ROW);
    database.exec('commit');
    timesMs.push(performance.now() - dueAtMs);
  });
  process.send?.(timesMs);
}
