import { assert } from '@farandole/kernel/assert';
import type { Compilable, CompiledQuery, QueryResult } from 'kysely';
import { STATEMENTS_PREPARED_MAX } from './limits.ts';
import type { Database } from './schema.ts';

type Executes = Pick<Database, 'executeQuery' | 'getExecutor'>;

const built = new WeakMap<object, Map<string, CompiledQuery>>();

/**
 * Builds a query of a connection once for each key. Kysely needs more time to build a query than
 * SQLite needs to run it.
 *
 * @param build returns the query. Its parameters must be the only part that the key doesn't tell
 */
export function builtOnce<Row>(
  db: Executes,
  key: string,
  build: () => Compilable<Row>,
): CompiledQuery<Row> {
  const { adapter, plugins } = db.getExecutor();
  // The last plugin stands for all of them. Plugins change queries.
  const owner = plugins.at(-1) ?? adapter;
  const queries = built.get(owner) ?? new Map<string, CompiledQuery>();
  built.set(owner, queries);
  const known = queries.get(key);
  // Equal keys have equal queries, and so equal rows.
  if (known !== undefined) return known;
  const query = build().compile();
  if (queries.size >= STATEMENTS_PREPARED_MAX) queries.clear();
  queries.set(key, query);
  return query;
}

/**
 * Runs a query that `builtOnce` builds.
 *
 * @param parameters in the order of the query's placeholders
 */
export async function runBuilt<Row>(
  db: Executes,
  key: string,
  parameters: readonly unknown[],
  build: () => Compilable<Row>,
): Promise<QueryResult<Row>> {
  const query = builtOnce(db, key, build);
  assert(query.parameters.length === parameters.length, key);
  return await db.executeQuery({ ...query, parameters });
}
