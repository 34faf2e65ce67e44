import assert from 'node:assert/strict';
import { describe, it as nodeIt } from 'node:test';
import type { Instant } from '@farandole/kernel/clock';
import type { NodeId } from '@farandole/kernel/id';
import { type Broker, EVERY_NODE, nodeAddress, poolAddress } from '../src/broker.ts';
import type { LeaseGrant, PoolLease } from '../src/lease.ts';
import type { ClusterMessage } from '../src/messages.ts';
import { nodeId, ticketOf } from './support/tickets.ts';

export interface ClusterAdapters {
  /** Returns the broker and the lease of one node. Returns the same objects each time. */
  connect(node: NodeId): { readonly broker: Broker; readonly lease: PoolLease };
  now(): Instant;
  /** Resolves when all messages are delivered and all lease requests are answered. */
  settle(): Promise<void>;
  /** Resolves once a lease that isn't renewed has expired. */
  leaseOver(): Promise<void>;
  close(): Promise<void>;
}

const ADA = nodeId('ada');
const BOB = nodeId('bob');
const POOL = 'strangers';

export function clusterContract(name: string, open: () => Promise<ClusterAdapters>): void {
  const it = (title: string, test: (adapters: ClusterAdapters) => Promise<void>): void => {
    void nodeIt(title, async () => {
      const adapters = await open();
      try {
        await test(adapters);
      } finally {
        await adapters.close();
      }
    });
  };

  describe(`the broker and lease keep their contract: ${name}`, () => {
    it("[CL-1] delivers one sender's messages to one address in the order sent", async (adapters) => {
      const sender = adapters.connect(ADA).broker;
      const heard = listen(adapters, BOB);
      const sent = Array.from({ length: 200 }, (_, at) => epochMessage(at + 1));
      for (const message of sent) sender.publish(nodeAddress(BOB), message);
      await adapters.settle();
      assert.deepEqual(heard, sent);
    });

    it('[CL-1] delivers a message to each subscriber of its address and no others', async (adapters) => {
      const ada = listen(adapters, ADA);
      const bob = listen(adapters, BOB);
      adapters.connect(ADA).broker.publish(nodeAddress(BOB), epochMessage(1));
      adapters.connect(ADA).broker.publish(EVERY_NODE, epochMessage(2));
      await adapters.settle();
      assert.deepEqual(ada, [epochMessage(2)]);
      assert.deepEqual([...bob].sort(byEpoch), [epochMessage(1), epochMessage(2)]);
    });

    it('[CL-2] loses messages without a subscriber and delivers no message twice', async (adapters) => {
      const sender = adapters.connect(ADA).broker;
      sender.publish(nodeAddress(BOB), epochMessage(1));
      await adapters.settle();
      const heard: ClusterMessage[] = [];
      const stop = adapters
        .connect(BOB)
        .broker.subscribe(nodeAddress(BOB), (message) => heard.push(message));
      await adapters.settle();
      sender.publish(nodeAddress(BOB), epochMessage(2));
      await adapters.settle();
      await adapters.settle();
      stop();
      sender.publish(nodeAddress(BOB), epochMessage(3));
      await adapters.settle();
      assert.deepEqual(heard, [epochMessage(2)]);
    });

    it('[CL-3] calls no subscriber during publish, even when a subscriber publishes', async (adapters) => {
      const { broker } = adapters.connect(ADA);
      let depth = 0;
      const depths: number[] = [];
      broker.subscribe(nodeAddress(ADA), (message) => {
        depth += 1;
        depths.push(depth);
        const epoch = message.type === 'pool.epoch' ? message.epoch.number : 0;
        if (epoch < 3) broker.publish(nodeAddress(ADA), epochMessage(epoch + 1));
        depth -= 1;
      });
      broker.publish(nodeAddress(ADA), epochMessage(1));
      assert.deepEqual(depths, []);
      await adapters.settle();
      assert.deepEqual(depths, [1, 1, 1]);
    });

    it('[CL-3] the broker throws when a subscriber drains it', async (adapters) => {
      const { broker } = adapters.connect(ADA);
      const faults: unknown[] = [];
      broker.subscribe(nodeAddress(ADA), (_message, now) => {
        try {
          broker.drain(now);
        } catch (fault) {
          faults.push(fault);
        }
      });
      broker.publish(nodeAddress(ADA), epochMessage(1));
      await adapters.settle();
      assert.equal(faults.length, 1);
      assert.match(String(faults[0]), /AssertionError/);
    });

    it('[CL-5] delivers plain data that equals the published message', async (adapters) => {
      const heard = listen(adapters, BOB);
      const ticket = ticketOf(ADA, 'carla', { interests: ['film', '☕ tea'], onlyShared: true });
      const message: ClusterMessage = {
        type: 'to-writer',
        from: ADA,
        pool: POOL,
        place: { epoch: { number: 3, writer: BOB }, lane: 1, seq: 2 },
        body: { type: 'ticket.submit', ticket, waitedMs: 12 },
      };
      adapters.connect(ADA).broker.publish(nodeAddress(BOB), message);
      await adapters.settle();
      assert.deepEqual(heard, [message]);
    });

    it('[CL-10] grants the lease of a pool to one node at a time', async (adapters) => {
      assert.notEqual(await acquire(adapters, ADA), null);
      assert.equal(await acquire(adapters, BOB), null);
      assert.notEqual(await acquire(adapters, BOB, 0, 'another-pool'), null);
    });

    it('[CL-11] grants a larger epoch than all earlier and all seen epochs', async (adapters) => {
      const first = await grantedEpoch(adapters, ADA);
      const again = await grantedEpoch(adapters, ADA);
      assert.ok(again > first);
      adapters.connect(ADA).lease.release(POOL, ADA, again);
      await adapters.settle();
      const others = await grantedEpoch(adapters, BOB);
      assert.ok(others > again);
      adapters.connect(BOB).lease.release(POOL, BOB, others);
      await adapters.settle();
      const after = await grantedEpoch(adapters, ADA, 1_000);
      assert.ok(after > 1_000);
    });

    it("[CL-12] renews a lease only under its holder's epoch", async (adapters) => {
      const first = await grantedEpoch(adapters, ADA);
      const epoch = await grantedEpoch(adapters, ADA);
      assert.equal(await renew(adapters, ADA, epoch), true);
      assert.equal(await renew(adapters, ADA, first), false);
      assert.equal(await renew(adapters, BOB, epoch), false);
      assert.equal(await acquire(adapters, BOB), null);
    });

    it('[CL-13] refuses to renew an expired lease and grants it to another node', async (adapters) => {
      const epoch = await grantedEpoch(adapters, ADA);
      await adapters.leaseOver();
      assert.equal(await renew(adapters, ADA, epoch), false);
      const next = await grantedEpoch(adapters, BOB);
      assert.ok(next > epoch);
      assert.equal(await renew(adapters, ADA, epoch), false);
    });

    it('[CL-13, CL-43] grants a freed lease to a late node only after its delay', async (adapters) => {
      const epoch = await grantedEpoch(adapters, ADA);
      adapters.connect(ADA).lease.release(POOL, ADA, epoch);
      await adapters.settle();
      const freeInMs: number[] = [];
      const ask = (node: NodeId, lateMs: number): void => {
        const request = { pool: POOL, node, above: 0, lateMs };
        adapters.connect(node).lease.acquire(request, adapters.now(), (_, ms) => freeInMs.push(ms));
      };
      ask(BOB, 10_000);
      await adapters.settle();
      ask(BOB, 0);
      await adapters.settle();
      const [late = 0, now = -1] = freeInMs;
      assert.ok(late > 0 && late <= 10_000, `free in ${late} ms`);
      assert.equal(now, 0);
    });

    it('[CL-13] frees a lease on release, but not under an old epoch', async (adapters) => {
      const first = await grantedEpoch(adapters, ADA);
      const epoch = await grantedEpoch(adapters, ADA);
      adapters.connect(ADA).lease.release(POOL, ADA, first);
      await adapters.settle();
      assert.equal(await acquire(adapters, BOB), null);
      adapters.connect(ADA).lease.release(POOL, ADA, epoch);
      await adapters.settle();
      assert.equal(await renew(adapters, ADA, epoch), false);
      assert.notEqual(await acquire(adapters, BOB), null);
    });
  });
}

function epochMessage(number: number): ClusterMessage {
  return { type: 'pool.epoch', pool: POOL, epoch: { number, writer: ADA } };
}

function byEpoch(a: ClusterMessage, b: ClusterMessage): number {
  return a.type === 'pool.epoch' && b.type === 'pool.epoch' ? a.epoch.number - b.epoch.number : 0;
}

function listen(adapters: ClusterAdapters, node: NodeId): ClusterMessage[] {
  const heard: ClusterMessage[] = [];
  const { broker } = adapters.connect(node);
  for (const address of [nodeAddress(node), poolAddress(POOL), EVERY_NODE]) {
    broker.subscribe(address, (message) => heard.push(message));
  }
  return heard;
}

async function acquire(
  adapters: ClusterAdapters,
  node: NodeId,
  above = 0,
  pool = POOL,
): Promise<LeaseGrant | null> {
  const answers: (LeaseGrant | null)[] = [];
  const { lease } = adapters.connect(node);
  const request = { pool, node, above, lateMs: 0 };
  lease.acquire(request, adapters.now(), (grant) => answers.push(grant));
  await adapters.settle();
  assert.equal(answers.length, 1, 'a request is answered once');
  return answers[0] ?? null;
}

async function grantedEpoch(adapters: ClusterAdapters, node: NodeId, above = 0): Promise<number> {
  const grant = await acquire(adapters, node, above);
  assert.ok(grant !== null, 'the lease should have been free');
  return grant.epoch;
}

async function renew(adapters: ClusterAdapters, node: NodeId, epoch: number): Promise<boolean> {
  const answers: boolean[] = [];
  const { lease } = adapters.connect(node);
  lease.renew(POOL, node, epoch, adapters.now(), (renewed) => answers.push(renewed));
  await adapters.settle();
  assert.equal(answers.length, 1, 'a request is answered once');
  return answers[0] === true;
}
