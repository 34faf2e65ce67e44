import type { Instant } from '@farandole/kernel/clock';
import type { NodeId } from '@farandole/kernel/id';
import { createPrng } from '@farandole/kernel/prng';
import type { PoolOptions } from '@farandole/matchmaking/pool';
import type { NodeMessage } from '@farandole/protocol/node-message';
import { BrokerMatchmaker, DEFAULT_POOL } from '../../src/broker-matchmaker.ts';
import { BrokerNode } from '../../src/broker-node.ts';
import { compareEpochs, type Epoch } from '../../src/epoch.ts';
import { TICK_EVERY_MS } from '../../src/limits.ts';
import { NodeTurns } from '../../src/node-turns.ts';
import { PoolHost } from '../../src/pool-host.ts';
import type { ValkeyCluster } from '../../src/valkey/valkey-cluster.ts';
import type { ValkeyWire } from '../../src/valkey/wire.ts';
import { TicketOwner } from './ticket-owner.ts';
import { poolOptions, ticketOf } from './tickets.ts';
import { instant, openCluster } from './valkey-node.ts';

/** An event of the channel, such as `gone NODE`. */
export type ChannelEvent = `${'over' | 'came' | 'gone'} ${NodeId}` | 'fenced' | 'unfenced';

/** A node that takes part in a pool over a real Valkey server, with a timer as in a server. */
export interface ValkeyPoolNode {
  readonly node: NodeId;
  readonly cluster: ValkeyCluster;
  readonly wire: ValkeyWire;
  readonly host: PoolHost;
  readonly owner: TicketOwner;
  readonly events: ChannelEvent[];
  readonly received: { readonly from: NodeId; readonly message: NodeMessage }[];
  turn(work: (now: Instant) => void): void;
  submit(name: string): void;
  /** Stops the timer and handles no message, as a suspended process does. */
  suspend(): void;
  resume(): void;
  close(): Promise<void>;
}

export async function startPoolNode(
  url: string,
  options: PoolOptions = poolOptions(),
): Promise<ValkeyPoolNode> {
  let isSuspended = false;
  let isTurnSoon = false;
  const turn = (work: (now: Instant) => void): void => {
    if (!isSuspended) turns.turn(work);
  };
  const onArrived = (): void => {
    if (isTurnSoon) return;
    isTurnSoon = true;
    setImmediate(() => {
      isTurnSoon = false;
      turn(() => {});
    });
  };
  const { cluster, wire } = await openCluster(url, { onArrived });
  const { node, broker, lease } = cluster;
  const matchmaker = new BrokerMatchmaker(broker, node);
  const owner = new TicketOwner(matchmaker);
  const rank = (): number | null => cluster.rank(DEFAULT_POOL);
  const host = new PoolHost({ node, options }, { broker, lease, rank }, createPrng(1));
  const events: ChannelEvent[] = [];
  const received: ValkeyPoolNode['received'] = [];
  cluster.attach({
    received: (from, message) => received.push({ from, message }),
    laneOver: (other) => events.push(`over ${other}`),
    memberCame: (other) => events.push(`came ${other}`),
    memberGone: (other) => events.push(`gone ${other}`),
    fenced: () => events.push('fenced'),
    unfenced: () => events.push('unfenced'),
  });
  const turns = new NodeTurns(
    { gateway: { tick: () => {} }, pool: new BrokerNode(cluster, matchmaker, host) },
    { now: instant, soon: setImmediate },
  );
  turns.start();
  const timer = setInterval(() => {
    if (!isSuspended) turns.tick();
  }, TICK_EVERY_MS);
  return {
    ...{ node, cluster, wire, host, owner, events, received, turn },
    submit: (name) => turn((now) => owner.submit(ticketOf(node, name), now)),
    suspend: () => {
      isSuspended = true;
    },
    resume: () => {
      isSuspended = false;
      onArrived();
    },
    close: async () => {
      clearInterval(timer);
      turns.stop();
      await cluster.close();
    },
  };
}

/** Returns the latest epoch under which one of the nodes writes. */
export function epochOf(nodes: readonly ValkeyPoolNode[]): Epoch {
  const epochs = nodes.map(({ node, host }) => ({ number: host.epoch ?? 0, writer: node }));
  return epochs.reduce((one, other) => (compareEpochs(one, other) < 0 ? other : one));
}

/**
 * Returns whether a node writes under a later epoch. The number may be the same, from a node that
 * has not heard of the earlier epoch.
 */
export function isLater(nodes: readonly ValkeyPoolNode[], than: Epoch): boolean {
  return compareEpochs(epochOf(nodes), than) > 0;
}
