import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { insertOf } from '@farandole/storage/kysely-collection';
import { openPostgres } from '@farandole/storage/postgres/postgres-database';
import { openDatabase } from '@farandole/storage/sqlite/node-sqlite';
import { openSqlite } from '@farandole/storage/sqlite/sqlite-database';
import { SqliteStore } from '@farandole/storage/sqlite/sqlite-store';
import { TABLES } from '@farandole/storage/tables';
import { startPostgres, type TestPostgres } from '@farandole/storage/test/postgres';
import { barChart, writeChart } from '../chart.ts';
import { endAll } from '../load/load-fleet.ts';
import type { BenchOptions } from '../options.ts';
import { atMost, boundInWords, type Comparison, compare, inLines } from '../result.ts';
import { freshPairs, PAIRS_AT_ONCE } from '../store/pair-supply.ts';
import { bytesPerRow, runPgbench, writePgbenchScript } from '../store/pgbench.ts';

const ROUNDS_BY_DEFAULT = 7;
const WRITERS = 3;
const SECONDS = 3;
/** At most twice the time of the floor, so at least half of its pairs per second. */
const SLOWER_AT_MOST = 2;
const BYTES_AT_MOST = 450;
const UNIT = 'µs a pair';

interface Samples {
  readonly ours: number[];
  readonly floor: number[];
}

/**
 * Measures how fast the store records pairs, in batches of `PAIRS_AT_ONCE`. PostgreSQL: three
 * processes, each a node, beside `pgbench` with three clients and the same statement. SQLite: the
 * store beside a loop without a store. Each floor has a database of its own with the same tables.
 */
export async function store(options: BenchOptions): Promise<Record<string, unknown>> {
  const rounds = options.rounds ?? ROUNDS_BY_DEFAULT;
  const folder = await mkdtemp(join(tmpdir(), 'farandole-bench-store-'));
  const server = await startPostgres({ settings: ['shared_buffers=128MB', 'max_wal_size=4GB'] });
  try {
    const { comparison: postgres, bytes } = await onPostgres(server, folder, rounds);
    const sqlite = await onSqlite(folder, rounds);
    const bytesPerPair = atMost(bytes, BYTES_AT_MOST);
    console.log(
      [
        ...inLines(`store: PostgreSQL, ${WRITERS} writers`, postgres),
        `    pairs a second: ${perSecond(postgres.ours.median)}`,
        `    bytes a pair with its indexes: ${boundInWords(bytesPerPair)}`,
        ...inLines('store: SQLite', sqlite),
        `    pairs a second: ${perSecond(sqlite.ours.median)}`,
      ].join('\n'),
    );
    return {
      ...{ scenario: 'store', rounds, writers: WRITERS, pairsAtOnce: PAIRS_AT_ONCE },
      ...{ postgres, bytesPerPair, sqlite },
      picture: await writeChart('store', barChart('A pair in PostgreSQL', postgres)),
    };
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function onPostgres(
  server: TestPostgres,
  folder: string,
  rounds: number,
): Promise<{ readonly comparison: Comparison; readonly bytes: number }> {
  const [ours, floor] = [await server.createDatabase(), await server.createDatabase()];
  const db = await openPostgres(floor);
  const script = await writePgbenchScript(db, folder);
  await db.destroy();
  const key = randomBytes(32).toString('hex');
  const program = join(import.meta.dirname, '..', 'store', 'store-writer.ts');
  const writers = Array.from({ length: WRITERS }, () => fork(program, [ours, key]));
  try {
    await Promise.all(writers.map((writer) => once(writer, 'message')));
    const samples = await alternate(rounds, {
      ours: async () => {
        const startMs = performance.now();
        const stored = await Promise.all(
          writers.map(async (writer) => {
            writer.send(1_000 * SECONDS);
            const [count] = (await once(writer, 'message')) as [number];
            return count;
          }),
        );
        const pairs = stored.reduce((sum, count) => sum + count, 0);
        return (1_000 * (performance.now() - startMs)) / pairs;
      },
      floor: async () => {
        const order = { url: floor, script, clients: WRITERS, seconds: SECONDS };
        return 1_000_000 / (PAIRS_AT_ONCE * (await runPgbench(server.programs, order)));
      },
    });
    const bytes = await bytesPerRow(server.programs, ours, 'pairs');
    const { ours: samplesOfOurs, floor: pgbench } = samples;
    const bounds = { pgbench: SLOWER_AT_MOST };
    return { comparison: compare(UNIT, { ours: samplesOfOurs, pgbench }, bounds), bytes };
  } finally {
    await endAll(writers);
  }
}

async function onSqlite(folder: string, rounds: number): Promise<Comparison> {
  const key = randomBytes(32);
  const path = join(folder, 'loop.sqlite');
  const migrated = await openSqlite(path);
  const { sql } = insertOf(migrated, 'pairs', TABLES.pairs, {
    rows: PAIRS_AT_ONCE,
    known: 'stay',
  });
  await migrated.destroy();
  const loop = openDatabase(path);
  const insert = loop.prepare(sql);
  const opened = await SqliteStore.open(join(folder, 'store.sqlite'), key);
  try {
    const { ours, floor } = await alternate(rounds, {
      ours: () => timed(async () => void (await opened.run('pairs.note', { pairs: freshPairs() }))),
      floor: () =>
        timed(() => {
          const values = freshPairs().flatMap((pair) =>
            TABLES.pairs.columns.map(({ of }) => of(pair)),
          );
          loop.exec('begin immediate');
          insert.run(...values);
          loop.exec('commit');
        }),
    });
    return compare(UNIT, { ours, 'bare-loop': floor }, { 'bare-loop': SLOWER_AT_MOST });
  } finally {
    await opened.close();
    loop.close();
  }
}

/** Repeats a write of `PAIRS_AT_ONCE` pairs for some seconds. Returns µs per pair. */
async function timed(write: () => Promise<void> | void): Promise<number> {
  const startMs = performance.now();
  let pairs = 0;
  while (performance.now() - startMs < 1_000 * SECONDS) {
    await write();
    pairs += PAIRS_AT_ONCE;
  }
  return (1_000 * (performance.now() - startMs)) / pairs;
}

/** Lets both take turns. The first round isn't counted, because it compiles the code. */
async function alternate(
  rounds: number,
  {
    ours,
    floor,
  }: {
    readonly ours: () => Promise<number>;
    readonly floor: () => Promise<number>;
  },
): Promise<Samples> {
  const samples: Samples = { ours: [], floor: [] };
  for (let round = -1; round < rounds; round++) {
    const [own, bare] = [await ours(), await floor()];
    if (round < 0) continue;
    samples.ours.push(own);
    samples.floor.push(bare);
  }
  return samples;
}

function perSecond(microseconds: number): string {
  return (1_000_000 / microseconds).toFixed(0);
}
