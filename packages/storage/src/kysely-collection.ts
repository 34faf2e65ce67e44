import type { Collection, Condition, FindOptions, Query } from '@farandole/kernel/collection';
import type { Compilable, CompiledQuery, ExpressionBuilder, Kysely } from 'kysely';
import { builtOnce, runBuilt } from './built-queries.ts';
import type { Row, SqlValue } from './fields.ts';
import { IDS_AT_ONCE, ROWS_AT_ONCE } from './limits.ts';
import type { CollectionName, Database } from './schema.ts';
import type { Table } from './table.ts';

type Rows = Readonly<Record<string, Row>>;
type Conditions = Readonly<Record<string, Condition<SqlValue> | undefined>>;

interface Insert {
  readonly rows: number;
  /** Whether a stored entity with the same id stays or gives way to the new one. */
  readonly known: 'stay' | 'give way';
}

/**
 * Returns the query that inserts entities in one statement. Its parameters are to be replaced by
 * the values of the table's columns, row by row.
 */
export function insertOf(
  db: Database | Kysely<Rows>,
  name: CollectionName,
  { columns }: Pick<Table<never>, 'columns'>,
  insert: Insert,
): CompiledQuery {
  const names = columns.map((column) => column.name);
  return builtOnce(db, `insert ${name} ${insert.rows} ${insert.known}`, () =>
    insertQuery(db as Kysely<unknown> as Kysely<Rows>, name, names, insert),
  );
}

function insertQuery(
  db: Kysely<Rows>,
  name: CollectionName,
  columns: readonly string[],
  { rows, known }: Insert,
): Compilable {
  const row = Object.fromEntries(columns.map((column) => [column, '']));
  return db
    .insertInto(name)
    .values(Array.from({ length: rows }, () => row))
    .onConflict((conflict) => {
      const same = conflict.column('id');
      if (known === 'stay') return same.doNothing();
      const changing = columns.filter((column) => column !== 'id');
      return same.doUpdateSet((eb) =>
        Object.fromEntries(changing.map((column) => [column, eb.ref(`excluded.${column}`)])),
      );
    });
}

export class KyselyCollection<Id extends string, Entity extends { readonly id: Id }, By>
  implements Collection<Id, Entity, By>
{
  readonly #db: Kysely<Rows>;
  readonly #name: CollectionName;
  readonly #table: Table<Entity>;

  constructor(db: Database, name: CollectionName, table: Table<Entity>) {
    // The cast is needed because the compiler can't relate a name to the columns of its table.
    this.#db = db as Kysely<unknown> as Kysely<Rows>;
    this.#name = name;
    this.#table = table;
  }

  async get(id: Id): Promise<Entity | null> {
    const { rows } = await runBuilt(this.#db, `get ${this.#name}`, [id], () =>
      this.#db.selectFrom(this.#name).selectAll().where('id', '=', id),
    );
    const [row] = rows;
    return row === undefined ? null : this.#table.read(row);
  }

  async put(entity: Entity): Promise<void> {
    await this.putAll([entity], 'give way');
  }

  async putAll(entities: readonly Entity[], known: 'stay' | 'give way'): Promise<void> {
    const unique = new Map<Id, Entity>();
    for (const entity of entities) {
      if (known === 'give way' || !unique.has(entity.id)) unique.set(entity.id, entity);
    }
    const { columns } = this.#table;
    const all = [...unique.values()];
    for (let from = 0; from < all.length; from += ROWS_AT_ONCE) {
      const some = all.slice(from, from + ROWS_AT_ONCE);
      const parameters = some.flatMap((entity) => columns.map(({ of }) => of(entity)));
      const query = insertOf(this.#db, this.#name, this.#table, { rows: some.length, known });
      await this.#db.executeQuery({ ...query, parameters });
    }
  }

  async remove(id: Id): Promise<void> {
    await this.removeAll([id]);
  }

  async removeAll(ids: readonly Id[]): Promise<void> {
    for (let from = 0; from < ids.length; from += IDS_AT_ONCE) {
      const some = ids.slice(from, from + IDS_AT_ONCE);
      await this.#db.deleteFrom(this.#name).where('id', 'in', some).execute();
    }
  }

  async find(
    by: Query<By> | readonly Query<By>[],
    { limit, skip = 0, newestFirst = false, orderBy = 'atMs' }: FindOptions,
  ): Promise<readonly Entity[]> {
    const order = newestFirst ? 'desc' : 'asc';
    const anyOf = (Array.isArray(by) ? by : [by]) as readonly Conditions[];
    const page = skip === 0 ? `${limit}` : `${limit}+`;
    const key = `find ${this.#name} ${anyOf.map(shapeOf).join('|')} ${orderBy} ${order} ${page}`;
    const parameters = [...anyOf.flatMap(valuesOf), ...(skip === 0 ? [] : [skip])];
    const { rows } = await runBuilt(this.#db, key, parameters, () => {
      const query = this.#where(anyOf)
        .selectAll()
        .orderBy(orderBy, order)
        .orderBy('id', order)
        // SQLite compiles a statement again whenever a parameter of `limit` is bound.
        .limit((eb) => eb.lit(limit));
      return skip === 0 ? query : query.offset(skip);
    });
    return rows.map((row) => this.#table.read(row));
  }

  async count(by: Query<By>): Promise<number> {
    const row = await this.#where([by as Conditions])
      .select(({ fn }) => fn.countAll<number | string>().as('count'))
      .executeTakeFirst();
    // The conversion is needed because PostgreSQL returns 64-bit counts as text.
    return Number(row?.count ?? 0);
  }

  #where(anyOf: readonly Conditions[]) {
    return this.#db
      .selectFrom(this.#name)
      .where((eb) => eb.or(anyOf.map((asked) => eb.and(conditionsOf(eb, asked)))));
  }
}

function conditionsOf(eb: ExpressionBuilder<Rows, string>, asked: Conditions) {
  return Object.entries(asked).flatMap(([column, condition]) => {
    if (condition === undefined) return [];
    if (typeof condition !== 'object' || condition === null) return [eb(column, '=', condition)];
    if ('oneOf' in condition) return [eb(column, 'in', [...condition.oneOf])];
    const { from, to } = condition;
    return [
      ...(from === undefined ? [] : [eb(column, '>=', from)]),
      ...(to === undefined ? [] : [eb(column, '<=', to)]),
    ];
  });
}

/** Returns the conditions without their values. */
function shapeOf(asked: Conditions): string {
  return Object.entries(asked)
    .map(([column, condition]) => {
      if (condition === undefined) return '';
      if (typeof condition !== 'object' || condition === null) return `${column}=`;
      if ('oneOf' in condition) return `${column} in ${condition.oneOf.length}`;
      const { from, to } = condition;
      return `${column}${from === undefined ? '' : '>'}${to === undefined ? '' : '<'}`;
    })
    .join('&');
}

/** Returns the values of the conditions in the order of `conditionsOf`. */
function valuesOf(asked: Conditions): readonly SqlValue[] {
  return Object.values(asked).flatMap((condition) => {
    if (condition === undefined) return [];
    if (typeof condition !== 'object' || condition === null) return [condition];
    if ('oneOf' in condition) return [...condition.oneOf];
    return [condition.from, condition.to].filter((value) => value !== undefined);
  });
}
