import type { Collection, Condition, FindOptions, Query } from '@farandole/kernel/collection';
import type { Records } from '@farandole/moderation/store/records';
import type { ExpressionBuilder } from 'kysely';
import { KyselyAudit } from './kysely-audit.ts';
import { KyselyFolds } from './kysely-folds.ts';
import { KyselyTexts } from './kysely-texts.ts';
import type { Database, Schema, ThingRow, ThingTable } from './schema.ts';
import type { StoreSeals } from './store-seals.ts';
import { TABLES, type TableOf, type Value } from './tables.ts';

/** Creates the collections of all records in SQL, for SQLite and PostgreSQL. */
export function kyselyRecords(db: Database, { words, audit }: StoreSeals): Records {
  return {
    cases: new KyselyCollection(db, 'cases', TABLES.cases),
    reports: new KyselyCollection(db, 'reports', TABLES.reports),
    pictures: new KyselyCollection(db, 'pictures', TABLES.pictures),
    pictureKeys: new KyselyCollection(db, 'pictureKeys', TABLES.pictureKeys),
    folds: new KyselyFolds(db),
    decisions: new KyselyCollection(db, 'decisions', TABLES.decisions),
    sanctions: new KyselyCollection(db, 'sanctions', TABLES.sanctions),
    strikes: new KyselyCollection(db, 'strikes', TABLES.strikes),
    appeals: new KyselyCollection(db, 'appeals', TABLES.appeals),
    approvals: new KyselyCollection(db, 'approvals', TABLES.approvals),
    people: new KyselyCollection(db, 'people', TABLES.people),
    members: new KyselyCollection(db, 'members', TABLES.members),
    settings: new KyselyCollection(db, 'settings', TABLES.settings),
    passkeys: new KyselyCollection(db, 'passkeys', TABLES.passkeys),
    passwords: new KyselyCollection(db, 'passwords', TABLES.passwords),
    consoleSessions: new KyselyCollection(db, 'consoleSessions', TABLES.consoleSessions),
    signInLinks: new KyselyCollection(db, 'signInLinks', TABLES.signInLinks),
    attempts: new KyselyCollection(db, 'attempts', TABLES.attempts),
    spentChallenges: new KyselyCollection(db, 'spentChallenges', TABLES.spentChallenges),
    tallies: new KyselyCollection(db, 'tallies', TABLES.tallies),
    pairs: new KyselyCollection(db, 'pairs', TABLES.pairs),
    anchors: new KyselyCollection(db, 'anchors', TABLES.anchors),
    blocks: new KyselyCollection(db, 'blocks', TABLES.blocks),
    ageRefusals: new KyselyCollection(db, 'ageRefusals', TABLES.ageRefusals),
    words: new KyselyTexts(db, words),
    audit: new KyselyAudit(db, audit),
  };
}

type Conditions = Readonly<Record<string, Condition<Value> | undefined>>;

class KyselyCollection<Id extends string, Entity extends { readonly id: Id }, By>
  implements Collection<Id, Entity, By>
{
  readonly #db: Database;
  readonly #name: ThingTable;
  readonly #table: TableOf<Entity>;

  constructor(db: Database, name: ThingTable, table: TableOf<Entity>) {
    this.#db = db;
    this.#name = name;
    this.#table = table;
  }

  async get(id: Id): Promise<Entity | null> {
    const row = await this.#db
      .selectFrom(this.#name)
      .select('body')
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? null : this.#read(row.body);
  }

  async put(entity: Entity): Promise<void> {
    const { id, ...rest } = this.#row(entity);
    await this.#db
      .insertInto(this.#name)
      .values({ id, ...rest })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(rest))
      .execute();
  }

  async putAll(entities: readonly Entity[], known: 'stay' | 'give way'): Promise<void> {
    const rows = new Map<Id, ThingRow>();
    for (const entity of entities) {
      if (known === 'give way' || !rows.has(entity.id)) rows.set(entity.id, this.#row(entity));
    }
    const [first] = rows.values();
    if (first === undefined) return;
    const columns = Object.keys(first).filter((column) => column !== 'id');
    await this.#db
      .insertInto(this.#name)
      .values([...rows.values()])
      .onConflict((conflict) => {
        const same = conflict.column('id');
        if (known === 'stay') return same.doNothing();
        return same.doUpdateSet((eb) =>
          Object.fromEntries(columns.map((column) => [column, eb.ref(`excluded.${column}`)])),
        );
      })
      .execute();
  }

  async remove(id: Id): Promise<void> {
    await this.#db.deleteFrom(this.#name).where('id', '=', id).execute();
  }

  async find(
    by: Query<By> | readonly Query<By>[],
    { limit, skip = 0, newestFirst = false, orderBy = 'atMs' }: FindOptions,
  ): Promise<readonly Entity[]> {
    const order = newestFirst ? 'desc' : 'asc';
    const rows = await this.#where((Array.isArray(by) ? by : [by]) as readonly Conditions[])
      .select('body')
      .orderBy(orderBy, order)
      .orderBy('id', order)
      .limit(limit)
      .offset(skip)
      .execute();
    return rows.map(({ body }) => this.#read(body));
  }

  async count(by: Query<By>): Promise<number> {
    const row = await this.#where([by as Conditions])
      .select(({ fn }) => fn.countAll<number | string>().as('count'))
      .executeTakeFirst();
    // The conversion is needed because PostgreSQL returns 64-bit counts as text.
    return Number(row?.count ?? 0);
  }

  #row(entity: Entity): ThingRow {
    return { id: entity.id, ...this.#table.columns(entity), body: JSON.stringify(entity) };
  }

  #where(anyOf: readonly Conditions[]) {
    return this.#db
      .selectFrom(this.#name)
      .where((eb) => eb.or(anyOf.map((asked) => eb.and(conditionsOf(eb, asked)))));
  }

  /**
   * The cast is safe because this package wrote the JSON body, and migrations rewrite the bodies
   * of old versions.
   */
  #read(body: string): Entity {
    return JSON.parse(body) as Entity;
  }
}

function conditionsOf(eb: ExpressionBuilder<Schema, ThingTable>, asked: Conditions) {
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
