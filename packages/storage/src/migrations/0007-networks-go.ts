import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Adds a column that marks sanctions with a network, so that the store can erase the network
 * when the sanction ends.
 */
export const networksGo: Migration = { up };

/** Columns of the sanctions table at this schema version. */
interface Sanctions {
  readonly sanctions: {
    readonly id: string;
    readonly body: string;
    readonly names_network: number;
  };
}

async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('sanctions')
    .addColumn('names_network', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  const known = db as Kysely<Sanctions>;
  for (const { id, body } of await known.selectFrom('sanctions').select(['id', 'body']).execute()) {
    const { on } = JSON.parse(body) as { on: { readonly scope: string } };
    if (on.scope !== 'prefix') continue;
    await known.updateTable('sanctions').set({ names_network: 1 }).where('id', '=', id).execute();
  }
  await db.schema
    .createIndex('sanctions_by_names_network')
    .on('sanctions')
    .columns(['names_network', 'holds_until_ms'])
    .execute();
}
