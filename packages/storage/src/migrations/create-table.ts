import {
  type CreateTableBuilder,
  type Kysely,
  PostgresAdapter,
  type RawBuilder,
  sql,
} from 'kysely';

export type ColumnType = 'text' | 'bigint' | 'integer' | 'smallint' | 'double precision' | 'bytea';

/** A column's type; with `?` the column may be null. */
export type ColumnSpec = ColumnType | `${ColumnType}?`;

export interface IndexSpec {
  readonly on: readonly string[];
  readonly unique?: true;
  readonly where?: RawBuilder<unknown>;
  /** A hash index in PostgreSQL. */
  readonly hash?: true;
  /** By default the name consists of the table and the columns. */
  readonly name?: string;
}

/** Creates the table of a collection. The primary key is `id`. */
export async function createTable(
  db: Kysely<unknown>,
  table: string,
  columns: Readonly<Record<string, ColumnSpec>>,
): Promise<void> {
  let creation: CreateTableBuilder<string, string> = db.schema.createTable(table);
  creation = creation.addPrimaryKeyConstraint(`${table}_key`, ['id']);
  for (const [column, spec] of Object.entries(columns)) {
    const type = spec.replace('?', '') as ColumnType;
    creation = creation.addColumn(column, type, (one) =>
      spec.endsWith('?') ? one : one.notNull(),
    );
  }
  await creation.execute();
}

export async function createIndexes(
  db: Kysely<unknown>,
  table: string,
  indexes: readonly IndexSpec[],
): Promise<void> {
  const isPostgres = db.getExecutor().adapter instanceof PostgresAdapter;
  for (const { on, unique, where, hash, name = [table, 'by', ...on].join('_') } of indexes) {
    const kind = unique === true ? sql`unique index` : sql`index`;
    const method = hash === true && isPostgres ? sql`using hash` : sql``;
    const columns = sql.join(on.map((column) => sql.ref(column)));
    const condition = where === undefined ? sql`` : sql`where ${where}`;
    await sql`
      create ${kind} ${sql.id(name)} on ${sql.table(table)} ${method} (${columns}) ${condition}
    `.execute(db);
  }
}
