import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { insertOf } from '@farandole/storage/kysely-collection';
import type { Database } from '@farandole/storage/schema';
import { TABLES } from '@farandole/storage/tables';
import { PAIRS_AT_ONCE } from './pair-supply.ts';

const run = promisify(execFile);

/** What replaces each parameter of the statement. The ids are as random and as long as a node's. */
const VALUES: Readonly<Record<string, (row: number) => string>> = {
  id: (row) => `left(md5(:r||'i${row}'),22)`,
  atMs: () => '(extract(epoch from now())*1000)::bigint',
  a: (row) => hash('a', row),
  b: (row) => hash('b', row),
  aDevice: (row) => hash('c', row),
  bDevice: (row) => hash('d', row),
  aTier: () => '1',
  bTier: () => '1',
  aSegment: () => '1',
  bSegment: () => '1',
  mode: () => "'video'",
  age: () => "'declared'",
  policy: () => '1',
};

function hash(of: string, row: number): string {
  return `md5(:r||'${of}${row}')||'-0123456789'`;
}

/** Writes a script for `pgbench` with the statement by which the store inserts a batch of pairs. */
export async function writePgbenchScript(db: Database, folder: string): Promise<string> {
  const { columns } = TABLES.pairs;
  const statement = insertOf(db, 'pairs', TABLES.pairs, {
    rows: PAIRS_AT_ONCE,
    known: 'stay',
  }).sql.replaceAll(/\$(\d+)/g, (_, parameter: string) => {
    const at = Number(parameter) - 1;
    const name = columns[at % columns.length]?.name ?? '';
    const value = VALUES[name];
    if (value === undefined) throw new Error(`No value for the column ${name}.`);
    return value(Math.floor(at / columns.length));
  });
  const path = join(folder, 'pairs.sql');
  await writeFile(path, `\\set r random(1, 9000000000000000000)\n${statement};\n`);
  return path;
}

/** Runs `pgbench` with a script. Returns the number of transactions per second. */
export async function runPgbench(
  programs: string,
  {
    url,
    script,
    clients,
    seconds,
  }: {
    readonly url: string;
    readonly script: string;
    readonly clients: number;
    readonly seconds: number;
  },
): Promise<number> {
  const args = ['-n', '-f', script, '-c', clients, '-j', 1, '-T', seconds, url].map(String);
  const { stdout } = await run(join(programs, 'pgbench'), args);
  const found = /^tps = ([\d.]+)/m.exec(stdout)?.[1];
  if (found === undefined) throw new Error(`pgbench printed no rate:\n${stdout}`);
  return Number(found);
}

/** Returns the bytes of a table on disk per row, with its indexes. */
export async function bytesPerRow(programs: string, url: string, table: string): Promise<number> {
  const query = `select pg_total_relation_size('${table}')::float8 / count(*) from ${table}`;
  const { stdout } = await run(join(programs, 'psql'), ['-At', '-c', query, url]);
  return Number(stdout);
}
