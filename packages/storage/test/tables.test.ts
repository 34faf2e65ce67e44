import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { brandId, type DeviceKeyId, type MatchId, type SubjectId } from '@farandole/kernel/id';
import type { Appeal } from '@farandole/moderation/appeals/appeal';
import type { Case } from '@farandole/moderation/cases/case-machine';
import type { StoredPair } from '@farandole/moderation/store/stored';
import { type KyselyPlugin, sql } from 'kysely';
import type { Row } from '../src/fields.ts';
import { kyselyRecords } from '../src/kysely-records.ts';
import { ROWS_AT_ONCE } from '../src/limits.ts';
import { openPostgres } from '../src/postgres/postgres-database.ts';
import type { Database } from '../src/schema.ts';
import { openSqlite } from '../src/sqlite/sqlite-database.ts';
import { storeSeals } from '../src/store-seals.ts';
import type { Index, Table } from '../src/table.ts';
import { TABLES } from '../src/tables.ts';
import { KEY } from './support/keys.ts';
import { startPostgres } from './support/postgres.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const folder = await temporaryFolder();
const postgres = await startPostgres();
after(async () => {
  await postgres.stop();
  await folder.remove();
});

/** PostgreSQL's names of the column types. SQLite reports the names of the migration. */
const TYPES: Readonly<Record<string, string>> = {
  int8: 'bigint',
  int4: 'integer',
  int2: 'smallint',
  float8: 'double precision',
};

const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const columnText = (column: string, type: string, isNullable: boolean): string =>
  `${column} ${type}${isNullable ? '' : ' not null'}`;

const indexText = ({ on, unique, where }: Index): string =>
  `${unique === true ? 'unique ' : ''}${on.map(snakeCase).join(', ')}${where === undefined ? '' : ' where'}`;

const INDEX =
  /^create( unique)? index .*? on \S+ +(?:using \w+ +)?\((?<columns>[^)]*)\)(?<where> +where)?/i;

function indexOf(definition: string): string {
  const found = INDEX.exec(definition);
  assert.ok(found?.groups !== undefined, definition);
  const columns = (found.groups['columns'] ?? '').replaceAll('"', '');
  const where = found.groups['where'] === undefined ? '' : ' where';
  return `${found[1] === undefined ? '' : 'unique '}${columns}${where}`;
}

for (const [name, open, definitions] of [
  [
    'SQLite',
    () => openSqlite(join(folder.path, 'store.sqlite')),
    (table: string) => sql<{ readonly definition: string }>`
      select sql as definition from sqlite_schema
        where type = 'index' and tbl_name = ${table} and sql is not null`,
  ],
  [
    'PostgreSQL',
    async () => openPostgres(await postgres.createDatabase()),
    (table: string) => sql<{ readonly definition: string }>`
      select indexdef as definition from pg_indexes
        where tablename = ${table} and indexname <> ${`${table}_key`}`,
  ],
] as const) {
  test(`[ST-17] migrates ${name} to the columns and indexes of the declarations`, async () => {
    const db: Database = await open();
    try {
      const tables = await db.withoutPlugins().introspection.getTables();
      for (const [collection, declared] of Object.entries(TABLES)) {
        const table = snakeCase(collection);
        const columns = tables.find((one) => one.name === table)?.columns ?? [];
        assert.deepEqual(
          columns
            .map(({ name: column, dataType, isNullable }) =>
              columnText(column, TYPES[dataType] ?? dataType.toLowerCase(), isNullable),
            )
            .toSorted(),
          declared.columns
            .map((one) => columnText(snakeCase(one.name), one.type, one.isNullable))
            .toSorted(),
          table,
        );
        const { rows } = await definitions(table).execute(db);
        assert.deepEqual(
          rows.map(({ definition }) => indexOf(definition)).toSorted(),
          declared.indexes.map(indexText).toSorted(),
          table,
        );
      }
    } finally {
      await db.destroy();
    }
  });
}

function throughRow<Entity>({ columns, read }: Table<Entity>, entity: Entity): Entity {
  const row: Row = Object.fromEntries(columns.map(({ name, of }) => [name, of(entity)]));
  return read(row);
}

test('[ST-17] restores each variant of an entity from its columns', () => {
  const id = 'id-00001';
  const facts = {
    ...{ id, subject: 'subject-1', device: null, openedAtMs: 1, reasons: [], reports: 1 },
    ...{ reporters: 1, lane: 'normal', imminent: false, handedOn: null },
  };
  const handedOn = { by: 'member-1', to: 'senior' };
  const more = { turn: 2, fold: 'fold-1', pinLost: true, apart: true, handOver: [] };
  for (const variant of [
    { ...facts, state: 'queued', imminent: true },
    { ...facts, ...more, handedOn, device: 'device-1', state: 'open' },
    { ...facts, state: 'assigned', to: 'member-1', untilMs: 5 },
    { ...facts, state: 'escalated', by: 'member-1', to: 'senior', approval: null },
    { ...facts, state: 'escalated', by: 'member-1', to: 'second-person', approval: 'approval-1' },
    { ...facts, state: 'closed', by: 'member-1', decision: 'decision-1', atMs: 7 },
  ]) {
    const of = variant as unknown as Case;
    assert.deepEqual(throughRow(TABLES.cases, of), of);
  }
  const filed = { id, atMs: 1, author: 'subject-1' };
  const answer = { state: 'answered', by: 'member-1', outcome: 'uphold', answeredAtMs: 9 };
  for (const variant of [
    { ...filed, standing: 'measure', case: 'case-1', measure: 'hold', state: 'waiting' },
    { ...filed, standing: 'age', device: 'device-1', endsAtMs: 4, ...answer },
    { id, atMs: 1, standing: 'subject', decision: 'decision-1', ...answer, endsAtMs: null },
    { id, atMs: 1, standing: 'subject', decision: 'decision-1', ...answer, endsAtMs: 12 },
    { id, atMs: 1, standing: 'subject', decision: 'decision-1', state: 'moot', mootAtMs: 3 },
  ]) {
    const of = variant as unknown as Appeal;
    assert.deepEqual(throughRow(TABLES.appeals, of), of);
  }
  const [a, b] = [brandId<SubjectId>('subject-a'), brandId<SubjectId>('subject-b')];
  const device = brandId<DeviceKeyId>('device-a');
  const met = { id: brandId<MatchId>(id), atMs: 1, mode: null, age: 'declared', policy: 3 };
  for (const sides of [
    [
      { subject: a, place: null },
      { subject: b, place: null },
    ],
    [
      { subject: a, device, place: { tier: 'restricted', circle: 'good' } },
      { subject: b, place: { tier: 'new', circle: 'restricted' } },
    ],
  ] as const) {
    const pair: StoredPair = { ...met, sides };
    assert.deepEqual(throughRow(TABLES.pairs, pair), pair);
  }
});

test('[ST-17] refuses to write a value that its column has no code for', () => {
  const side = { subject: brandId<SubjectId>('subject-a'), place: null };
  const odd = { subject: side.subject, place: { tier: 'golden', circle: 'good' } };
  const pair = {
    ...{ id: brandId<MatchId>('match-01'), atMs: 1, mode: 'video', age: 'declared', policy: 1 },
    sides: [side, odd],
  } as unknown as StoredPair;
  assert.throws(() => throughRow(TABLES.pairs, pair), RangeError);
});

test('[ST-17] inserts up to ROWS_AT_ONCE entities with one statement', async () => {
  let statements = 0;
  const counter: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      statements += 1;
      return await Promise.resolve(result);
    },
  };
  const db = await openSqlite(':memory:');
  try {
    const { tallies } = kyselyRecords(db.withPlugin(counter), storeSeals(KEY));
    const one = (n: number) => ({ id: `tally-${n}`, atMs: n, count: 1 });
    const more = Array.from({ length: ROWS_AT_ONCE + 1 }, (_, n) => one(n));
    await tallies.putAll(more.slice(1), 'stay');
    assert.equal(statements, 1);
    await tallies.putAll(more, 'stay');
    assert.equal(statements, 3);
    assert.equal(await tallies.count({}), ROWS_AT_ONCE + 1);
  } finally {
    await db.destroy();
  }
});
