import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Instant } from '@farandole/kernel/clock';
import { createPrng } from '@farandole/kernel/prng';
import { EVERY_NODE } from '../src/broker.ts';
import { DEFAULT_POOL } from '../src/broker-matchmaker.ts';
import type { LeaseAnswer, LeaseRequest, PoolLease } from '../src/lease.ts';
import {
  LANE_BEAT_MS,
  LEASE_DURATION_MS,
  LEASE_MARGIN_MS,
  LEASE_RANK_MS,
  LEASE_RETRY_AFTER_MS,
} from '../src/limits.ts';
import { LocalBroker } from '../src/local-broker.ts';
import { LocalLease } from '../src/local-lease.ts';
import { PoolHost } from '../src/pool-host.ts';
import { SmallCluster, type SmallNode, twoNodes } from './support/small-cluster.ts';
import { nodeId, poolOptions, ticketOf } from './support/tickets.ts';

/** A lease that answers requests only when the test tells it to. */
class SlowLease implements PoolLease {
  readonly waiting: (() => void)[] = [];
  readonly #inner = new LocalLease();

  acquire(request: LeaseRequest, now: Instant, answer: LeaseAnswer): void {
    this.#inner.acquire(request, now, (grant, freeInMs) => {
      this.waiting.push(() => answer(grant, freeInMs));
    });
  }

  renew(
    pool: string,
    node: Parameters<PoolLease['renew']>[1],
    epoch: number,
    now: Instant,
    answer: (renewed: boolean) => void,
  ): void {
    this.#inner.renew(pool, node, epoch, now, (renewed) => {
      this.waiting.push(() => answer(renewed));
    });
  }

  release(pool: string, node: Parameters<PoolLease['release']>[1], epoch: number): void {
    this.#inner.release(pool, node, epoch);
  }

  answerAll(): void {
    for (const answer of this.waiting.splice(0)) answer();
  }
}

function at(monotonicMs: number): Instant {
  return { monotonicMs, wallMs: 0 };
}

function hostOver(
  lease: PoolLease,
  broker = new LocalBroker(),
  node = nodeId('ada'),
  rank: () => number | null = () => 0,
): PoolHost {
  const config = { node, options: poolOptions() };
  return new PoolHost(config, { broker, lease, rank }, createPrng(1));
}

/** Creates a host that has held the lease and run a writer since time 0. */
function writingHost(): { readonly lease: SlowLease; readonly host: PoolHost } {
  const lease = new SlowLease();
  const host = hostOver(lease);
  host.tick(at(0));
  lease.answerAll();
  host.tick(at(0));
  return { lease, host };
}

describe('the pool host writes only while it has the lease', () => {
  it('[CL-40] takes a free lease at the first tick, writes and renews', () => {
    const host = hostOver(new LocalLease());
    assert.equal(host.epoch, null);
    assert.equal(host.waitingByMode(), null);
    for (let ms = 0; ms <= 10 * LEASE_DURATION_MS; ms += 100) {
      host.tick(at(ms));
      assert.equal(host.epoch, 1);
    }
  });

  it('[CL-40] stops writing before its lease ends if the renewal gets no answer', () => {
    const { host } = writingHost();
    assert.equal(host.epoch, 1);
    const lastMs = LEASE_DURATION_MS - LEASE_MARGIN_MS - 1;
    host.tick(at(lastMs));
    assert.equal(host.epoch, 1);
    host.runWave(at(lastMs + 1));
    assert.equal(host.epoch, null);
  });

  it('[CL-40] counts a lease’s duration from the request, not from the answer', () => {
    const lease = new SlowLease();
    const host = hostOver(lease);
    host.tick(at(0));
    lease.answerAll();
    host.tick(at(LEASE_DURATION_MS - LEASE_MARGIN_MS));
    assert.equal(host.epoch, null);
  });

  it('[CL-40] keeps writing when a lease renewal arrives in time', () => {
    const { lease, host } = writingHost();
    host.tick(at(4_000));
    lease.answerAll();
    const overMs = 4_000 + LEASE_DURATION_MS - LEASE_MARGIN_MS;
    host.runWave(at(overMs - 1));
    assert.equal(host.epoch, 1);
    host.runWave(at(overMs));
    assert.equal(host.epoch, null);
  });

  it('[CL-40] stops writing at once when a lease renewal is refused', () => {
    const { lease, host } = writingHost();
    lease.release(DEFAULT_POOL, nodeId('ada'), 1);
    host.tick(at(2_000));
    assert.equal(host.epoch, 1);
    lease.answerAll();
    assert.equal(host.epoch, null);
  });

  it('[CL-41] stops writing when it sees a larger epoch, not a smaller one', () => {
    const broker = new LocalBroker();
    const lease = new LocalLease();
    const host = hostOver(lease, broker);
    host.tick(at(0));
    assert.equal(host.epoch, 1);
    const cyd = nodeId('cyd');
    broker.publish(EVERY_NODE, {
      type: 'pool.epoch',
      pool: 'another-pool',
      epoch: { number: 9, writer: cyd },
    });
    broker.drain(at(1));
    assert.equal(host.epoch, 1);
    broker.publish(EVERY_NODE, {
      type: 'pool.epoch',
      pool: DEFAULT_POOL,
      epoch: { number: 7, writer: cyd },
    });
    broker.drain(at(1));
    assert.equal(host.epoch, null);
    host.tick(at(2));
    assert.equal(host.epoch, 8);
  });

  it('[CL-11, CL-41] of two writers with one epoch number, only one goes on', () => {
    const broker = new LocalBroker();
    const [lease, afterLoss] = [new LocalLease(), new LocalLease()];
    const ada = hostOver(lease, broker);
    const bob = hostOver(afterLoss, broker, nodeId('bob'));
    ada.tick(at(0));
    bob.tick(at(0));
    assert.deepEqual([ada.epoch, bob.epoch], [1, 1]);
    broker.drain(at(1));
    assert.deepEqual([ada.epoch, bob.epoch], [null, 1]);
    ada.tick(at(2));
    broker.drain(at(2));
    assert.deepEqual([ada.epoch, bob.epoch], [2, null]);
  });

  it('[CL-42] starts a second writer only after the first one stops', () => {
    const { cluster, ada, bob } = twoNodes();
    cluster.pass(20_000);
    assert.deepEqual(cluster.writers, [ada]);
    ada.host.stop();
    assert.deepEqual(cluster.writers, []);
    cluster.pass(LEASE_RETRY_AFTER_MS);
    assert.deepEqual(cluster.writers, [bob]);
    assert.equal(bob.host.epoch, 2);
    ada.host.tick(cluster.now);
    assert.equal(ada.host.epoch, null);
  });

  it('[CL-42] returns a lease that is granted after it stopped', () => {
    const lease = new SlowLease();
    const broker = new LocalBroker();
    const [ada, bob] = [hostOver(lease, broker), hostOver(lease, broker, nodeId('bob'))];
    ada.tick(at(0));
    ada.stop();
    lease.answerAll();
    broker.drain(at(1));
    bob.tick(at(1));
    lease.answerAll();
    bob.tick(at(2));
    assert.equal(bob.epoch, 2);
  });

  it('[CL-43] asks for a freed lease at once, also if an earlier refusal arrives late', () => {
    const lease = new SlowLease();
    const broker = new LocalBroker();
    const [ada, bob] = [hostOver(lease, broker), hostOver(lease, broker, nodeId('bob'))];
    ada.tick(at(0));
    lease.answerAll();
    ada.tick(at(0));
    bob.tick(at(900));
    ada.stop();
    broker.drain(at(1_000));
    lease.answerAll();
    bob.tick(at(1_000));
    lease.answerAll();
    bob.tick(at(1_000));
    assert.equal(bob.epoch, 2);
  });

  it('[CL-43] asks for a freed lease later the lower the rank, at once when told', () => {
    const broker = new LocalBroker();
    const lease = new LocalLease();
    const [ada, bob] = [hostOver(lease, broker), hostOver(lease, broker, nodeId('bob'), () => 3)];
    ada.tick(at(0));
    bob.tick(at(900));
    ada.stop();
    broker.drain(at(1_000));
    bob.tick(at(1_000));
    bob.tick(at(900 + 3 * LEASE_RANK_MS - 1));
    assert.equal(bob.epoch, null);
    bob.tick(at(900 + 3 * LEASE_RANK_MS));
    assert.equal(bob.epoch, 2);
  });

  it('[CL-43] neither writes nor asks while the node has no rank', () => {
    let rank: number | null = null;
    const host = hostOver(new LocalLease(), undefined, undefined, () => rank);
    host.tick(at(0));
    assert.equal(host.epoch, null);
    rank = 0;
    host.tick(at(1));
    assert.equal(host.epoch, 1);
    rank = null;
    host.runWave(at(2));
    assert.equal(host.epoch, null);
    host.tick(at(3));
    rank = 0;
    host.tick(at(4));
    assert.equal(host.epoch, 2);
  });

  it("[CL-42] starts a second writer when a dead node's lease ends", () => {
    const { cluster, ada, bob } = twoNodes();
    cluster.pass(2_000);
    ada.isPaused = true;
    cluster.pass(LEASE_DURATION_MS + LEASE_RETRY_AFTER_MS);
    assert.equal(bob.host.epoch, 2);
    // The first writer resumes, doesn't trust its old lease, and learns of the second writer.
    ada.isPaused = false;
    cluster.turn();
    assert.deepEqual(cluster.writers, [bob]);
  });
});

describe('gateways follow only the current writer’s epoch', () => {
  it('[CL-23] reports a new writer to the gateway once and ignores the old', () => {
    const { cluster, ada, bob } = twoNodes();
    const before = bob.owner.epochs.length;
    ada.host.stop();
    cluster.pass(LEASE_RETRY_AFTER_MS);
    assert.equal(bob.owner.epochs.length, before + 1);
    assert.deepEqual(
      bob.owner.epochs,
      [...bob.owner.epochs].sort((a, b) => a - b),
    );
    assert.equal(new Set(bob.owner.epochs).size, bob.owner.epochs.length);
  });

  it('[CL-23] drops messages of a writer that was replaced', () => {
    const broker = new LocalBroker();
    const { cluster, ada, bob } = twoNodes(broker);
    ada.host.stop();
    cluster.pass(LEASE_RETRY_AFTER_MS);
    const ticket = ticketOf(bob.node, 'bert');
    bob.owner.submit(ticket, cluster.now);
    cluster.drain();
    const epochs = bob.owner.epochs.length;
    const epoch = { number: 1, writer: ada.node };
    const refusal = { type: 'ticket.refused', ticketId: ticket.id, reason: 'pool-full' } as const;
    for (let seq = 1; seq < 10; seq++) {
      const place = { epoch, lane: 1, seq };
      broker.publish(`node:${bob.node}`, {
        type: 'to-gateway',
        pool: DEFAULT_POOL,
        place,
        body: refusal,
      });
    }
    broker.publish(`node:${bob.node}`, {
      type: 'lane.lost',
      pool: DEFAULT_POOL,
      epoch,
      lane: 1,
    });
    cluster.drain();
    assert.deepEqual(bob.owner.heard.refused, []);
    assert.equal(bob.owner.epochs.length, epochs);
    assert.deepEqual(
      bob.owner.open.map(({ id }) => id),
      [ticket.id],
    );
  });

  it('[CL-22] a gateway that starts late finds the pool’s writer within a heartbeat', () => {
    const broker = new LocalBroker();
    const lease = new LocalLease();
    const host = hostOver(lease, broker);
    host.tick(at(0));
    broker.drain(at(0));
    const late = new SmallCluster(broker, lease, ['bob'], poolOptions());
    const [bob] = late.nodes as [SmallNode];
    bob.owner.submit(ticketOf(bob.node, 'bert'), late.now);
    host.tick(late.now);
    late.turn();
    late.turn();
    assert.equal(bob.owner.epochs.length, 1);
    assert.equal(host.waitingByMode()?.get('text'), 1);
    assert.ok(late.now.monotonicMs - 1_000 < LANE_BEAT_MS);
  });
});
