import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { type Broker, nodeAddress } from '../src/broker.ts';
import { BROKER_MESSAGES_MAX, LEASE_DURATION_MS } from '../src/limits.ts';
import { LocalBroker } from '../src/local-broker.ts';
import { LocalLease } from '../src/local-lease.ts';
import { type ClusterAdapters, clusterContract } from './cluster-contract.ts';
import { FaultyBroker } from './support/faulty-broker.ts';
import { nodeId } from './support/tickets.ts';

function localAdapters(broker: Broker): ClusterAdapters {
  const clock = new SimClock();
  const lease = new LocalLease();
  const now = () => ({ monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() });
  return {
    connect: () => ({ broker, lease }),
    now,
    settle: async () => {
      while (broker.drain(now()) > 0);
    },
    leaseOver: async () => clock.advance(LEASE_DURATION_MS),
    close: async () => {},
  };
}

clusterContract('local', async () => localAdapters(new LocalBroker()));
clusterContract('local, through JSON', async () => localAdapters(new FaultyBroker(createPrng(1))));

describe('the local broker limits its queue and survives throwing subscribers', () => {
  const now = { monotonicMs: 0, wallMs: 0 };
  const ada = nodeId('ada');
  const message = {
    type: 'pool.epoch',
    pool: 'strangers',
    epoch: { number: 1, writer: ada },
  } as const;

  it('[CL-4] drops a message above the queue limit without notifying its sender', () => {
    const broker = new LocalBroker();
    let heard = 0;
    broker.subscribe(nodeAddress(ada), () => {
      heard += 1;
    });
    for (let i = 0; i < BROKER_MESSAGES_MAX; i++) broker.publish(nodeAddress(ada), message);
    assert.equal(broker.dropped, 0);
    broker.publish(nodeAddress(ada), message);
    assert.equal(broker.dropped, 1);
    assert.equal(broker.drain(now), BROKER_MESSAGES_MAX);
    assert.equal(heard, BROKER_MESSAGES_MAX);
    broker.publish(nodeAddress(ada), message);
    assert.equal(broker.drain(now), 1);
  });

  it('[CL-3] delivers later messages after a subscriber throws', () => {
    const broker = new LocalBroker();
    let heard = 0;
    const stop = broker.subscribe(nodeAddress(ada), () => {
      throw new Error('as a test asks');
    });
    broker.publish(nodeAddress(ada), message);
    assert.throws(() => broker.drain(now), /as a test asks/);
    stop();
    broker.subscribe(nodeAddress(ada), () => {
      heard += 1;
    });
    broker.publish(nodeAddress(ada), message);
    broker.drain(now);
    assert.equal(heard, 1);
  });
});

describe('the local lease expires on time', () => {
  const ada = nodeId('ada');
  const bob = nodeId('bob');

  it('[CL-13] expires a lease to the millisecond, counting from the renewal request', () => {
    const lease = new LocalLease();
    const at = (monotonicMs: number) => ({ monotonicMs, wallMs: 0 });
    const isFree = (ms: number): boolean => {
      let free = false;
      lease.acquire({ pool: 'probe', node: bob, above: 0, lateMs: 0 }, at(ms), (grant) => {
        free = grant !== null;
      });
      return free;
    };
    let epoch = 0;
    lease.acquire({ pool: 'probe', node: ada, above: 0, lateMs: 0 }, at(0), (grant) => {
      epoch = grant?.epoch ?? 0;
    });
    lease.renew('probe', ada, epoch, at(1_000), (renewed) => assert.equal(renewed, true));
    assert.equal(isFree(1_000 + LEASE_DURATION_MS - 1), false);
    assert.equal(isFree(1_000 + LEASE_DURATION_MS), true);
  });
});
