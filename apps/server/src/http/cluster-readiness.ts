import type { ClusterProblem } from '@farandole/cluster/valkey/valkey-cluster';

/** Why a node doesn't do all its work. `joining`: it has just started. */
export type NodeProblem = ClusterProblem | 'joining';

export interface ClusterReadiness {
  /** Whether the reason is in the node itself. Only then must a proxy send it no users. */
  readonly isOwnFault: boolean;
  /** Line of `/readyz`. */
  readonly line: string;
}

const READINESS: Readonly<Record<NodeProblem, ClusterReadiness>> = {
  joining: { isOwnFault: true, line: 'joining the other nodes\n' },
  away: { isOwnFault: false, line: 'Valkey can’t be reached, so searches wait\n' },
  keys: { isOwnFault: true, line: 'another keys file than the other nodes\n' },
  version: { isOwnFault: true, line: 'another major version than the other nodes\n' },
  'valkey-clock': { isOwnFault: false, line: 'Valkey has another date than the nodes\n' },
  clock: { isOwnFault: true, line: 'another date than Valkey\n' },
};

/** Returns what `/readyz` says about the connection to the other nodes; null without a problem. */
export function readinessOf(problem: NodeProblem | null): ClusterReadiness | null {
  return problem === null ? null : READINESS[problem];
}
