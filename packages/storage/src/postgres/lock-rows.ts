import {
  type KyselyPlugin,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  QueryNode,
  type QueryResult,
  type RootOperationNode,
  SelectModifierNode,
  SelectQueryNode,
  type UnknownRow,
} from 'kysely';

/**
 * Locks each row that a transaction gets by its id, until the transaction ends. A transaction that
 * gets a row and writes it back notices without a lock that another one changed the row since, but
 * not that another one deleted it: the write would insert the row again.
 */
export const LOCK_ROWS: KyselyPlugin = {
  transformQuery: ({ node }: PluginTransformQueryArgs): RootOperationNode => {
    if (!SelectQueryNode.is(node) || !getsRows(node)) return node;
    return QueryNode.cloneWithEndModifier(node, SelectModifierNode.create('ForUpdate'));
  },
  transformResult: async ({
    result,
  }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> => result,
};

/** Returns whether the query gets rows by a condition, instead of counting or listing rows. */
function getsRows({ where, joins, groupBy, orderBy, limit, selections }: SelectQueryNode): boolean {
  const others = [joins, groupBy, orderBy, limit];
  if (where === undefined || others.some((part) => part !== undefined)) return false;
  return selections?.every(({ selection }) => selection.kind !== 'AliasNode') === true;
}
