import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterNode } from '../cluster-node.ts';
import type { Cut } from '../cuttable-link.ts';
import type { FaultParts } from './faults.ts';
import { readUntil } from './read-until.ts';

/** The servers from which a fault cuts one node. */
export const LINKED_TO: Readonly<Record<string, 'valkey' | 'postgres'>> = {
  'valkey-cut-one': 'valkey',
  'pg-cut-one': 'postgres',
};

/** The rounds take turns. */
const CUTS_IN_TURN: readonly Cut[] = ['refused', 'silent', 'deaf'];
/** A node tries again to connect within a fraction of this time. */
const MENDED_WITHIN_MS = 60_000;
/** Words of `/readyz` while the node doesn't reach Valkey or PostgreSQL. */
const SAYS = /Valkey|store fails/;

/**
 * Cuts one node from its server, and mends the link. Resolves when the node reaches the server
 * again. Returns whether only this node reported the cut.
 *
 * @throws Error if the node doesn't reach the server in time
 */
export async function cutOff(
  { cluster, round }: FaultParts,
  node: ClusterNode,
  cutMs: number,
): Promise<boolean> {
  const link = cluster.links.get(node.name);
  const how = CUTS_IN_TURN[(round - 1) % CUTS_IN_TURN.length];
  if (link === undefined || how === undefined) throw new Error('The node has no link.');
  link.cut(how);
  await delay(cutMs);
  const reporting: string[] = [];
  for (const each of cluster.nodes) {
    const [status, text] = await each.readiness();
    if (status === 200 && SAYS.test(text)) reporting.push(each.name);
  }
  link.mend();
  const [, says] = await readUntil(
    () => node.readiness(),
    ([, text]) => !SAYS.test(text),
    MENDED_WITHIN_MS,
  );
  if (SAYS.test(says)) throw new Error(`${node.name} didn't reach its server again: ${says}`);
  return reporting.join() === node.name;
}
