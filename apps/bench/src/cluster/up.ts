import { once } from 'node:events';
import { startCluster } from './cluster.ts';

/**
 * Starts a cluster, prints its addresses, and stops everything at SIGINT or SIGTERM. The story of
 * several nodes reads the printed lines.
 */
export async function up(nodes: number): Promise<void> {
  const stopped = new AbortController();
  const { signal } = stopped;
  const asked = Promise.race(
    ['SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => once(process, name, { signal })),
  );
  console.log(`Starting Valkey, PostgreSQL, coturn, haproxy and ${nodes} nodes …`);
  const cluster = await startCluster({ nodes, hasRelay: true });
  const owner = /become the first member at (\S+)/.exec(cluster.nodes[0]?.output ?? '')?.[1];
  for (const { name, port, metricsPort } of cluster.nodes) {
    console.log(`  ${name}: http://127.0.0.1:${port}, metrics at http://127.0.0.1:${metricsPort}`);
  }
  console.log(`  haproxy takes commands at ${cluster.proxy.adminSocket}`);
  console.log(`Become the first member of the console within an hour at ${owner}`);
  console.log(`The page is at ${cluster.origin}`);
  console.log('Browsers warn of its certificate, which was made for this run. Ctrl-C stops it.');
  await asked;
  stopped.abort();
  console.log('Stopping …');
  await cluster.stop();
}
