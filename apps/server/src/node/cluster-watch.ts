import type { ClusterProblem } from '@farandole/cluster/valkey/valkey-cluster';
import type { Log } from '../observe/log.ts';

/**
 * Returns a function to call at each tick. It logs once when the node takes no part in the cluster,
 * once more if the reason changes, and once when it takes part again.
 */
export function clusterWatch(
  cluster: { readonly problem: ClusterProblem | null; readonly errorCode: string | null },
  log: Log,
): () => void {
  let said: ClusterProblem | null = null;
  return () => {
    const { problem, errorCode: code } = cluster;
    if (problem === said) return;
    said = problem;
    if (problem === null) log({ event: 'nodes-joined' });
    else log({ event: 'nodes-lost', reason: problem, ...(code !== null && { code }) });
  };
}
