import type { Kysely } from 'kysely';

type Body = Readonly<Record<string, unknown>>;

/** Columns that every table with a JSON body has in every schema version. */
type Things = Readonly<Record<string, { readonly id: string; readonly body: string }>>;

/** Rewrites the JSON body of each row of a table. The lookup columns stay unchanged. */
export async function rewriteBodies(
  db: Kysely<unknown>,
  table: string,
  change: (body: Body) => Body,
): Promise<void> {
  const things = db as Kysely<Things>;
  for (const { id, body } of await things.selectFrom(table).select(['id', 'body']).execute()) {
    const changed = JSON.stringify(change(JSON.parse(body) as Body));
    await things.updateTable(table).set({ body: changed }).where('id', '=', id).execute();
  }
}
