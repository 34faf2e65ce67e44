import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import type { NodeId } from '@farandole/kernel/id';
import type { ClusterAdapters } from './cluster-contract.ts';
import { clusterContract } from './cluster-contract.ts';
import { nodeId } from './support/tickets.ts';
import { until } from './support/until.ts';
import { instant, openCluster } from './support/valkey-node.ts';
import { startValkey, type TestValkey } from './support/valkey-server.ts';

let valkey: TestValkey;
before(async () => {
  valkey = await startValkey();
});
after(async () => await valkey.stop());

const NAMES = ['ada', 'bob'];
/** Delay with which a request for a lease is never granted, so that it only asks. */
const NEVER_MS = 3_600_000;

async function openAdapters(): Promise<ClusterAdapters> {
  await valkey.command('FLUSHALL');
  const nodes = new Map(
    await Promise.all(
      NAMES.map(async (name) => {
        const node = nodeId(name);
        return [node, await openCluster(valkey.url, { node })] as const;
      }),
    ),
  );
  const each = [...nodes.values()];
  const turn = (): number => {
    let delivered = 0;
    for (const { cluster } of each) delivered += cluster.drain(instant());
    return delivered;
  };
  const settle = async (): Promise<void> => {
    // The answer to a message may bring a message to the node that was drained before.
    for (let quiet = 0; quiet < 2; ) {
      const delivered = turn();
      for (const { wire } of each) await wire.settled();
      quiet = delivered === 0 ? quiet + 1 : 0;
    }
    turn();
  };
  await until('each beat was answered', () => {
    for (const { cluster } of each) cluster.tick(instant());
    turn();
    return each.every(({ cluster }) => cluster.problem === null);
  });
  await settle();
  const connect = (node: NodeId) => {
    const found = nodes.get(node);
    assert.ok(found !== undefined);
    const { broker, lease } = found.cluster;
    return { broker, lease };
  };
  return {
    connect,
    now: instant,
    settle,
    leaseOver: async () => {
      const [{ cluster }] = each as [(typeof each)[number]];
      let freeInMs = Number.POSITIVE_INFINITY;
      const request = { pool: 'strangers', node: nodeId('cyd'), above: 0, lateMs: NEVER_MS };
      await until('the lease is over', () => {
        cluster.lease.acquire(request, instant(), (_, ms) => {
          freeInMs = ms;
        });
        turn();
        return freeInMs <= NEVER_MS;
      });
    },
    close: async () => {
      for (const { cluster } of each) await cluster.close();
    },
  };
}

clusterContract('Valkey', openAdapters);
