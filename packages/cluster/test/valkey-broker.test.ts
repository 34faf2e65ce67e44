import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NodeId } from '@farandole/kernel/id';
import { createPrng } from '@farandole/kernel/prng';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { EVERY_NODE, nodeAddress, poolAddress } from '../src/broker.ts';
import { BrokerMatchmaker } from '../src/broker-matchmaker.ts';
import { BrokerNode } from '../src/broker-node.ts';
import { BATCH_CHARS_MAX, BROKER_MESSAGES_MAX, FRAMES_SENT_EVERY_MS } from '../src/limits.ts';
import { LocalLease } from '../src/local-lease.ts';
import type { ClusterMessage } from '../src/messages.ts';
import { PoolHost } from '../src/pool-host.ts';
import { BatchSealer } from '../src/valkey/sealed-batch.ts';
import { ValkeyBroker } from '../src/valkey/valkey-broker.ts';
import { matchmakerContract } from './matchmaker-contract.ts';
import { LoopServer, type LoopWire } from './support/loop-wire.ts';
import { TicketOwner } from './support/ticket-owner.ts';
import { nodeId } from './support/tickets.ts';
import { SECRET } from './support/valkey-node.ts';

const ADA = nodeId('ada');
const BOB = nodeId('bob');
const NOW = { monotonicMs: 0, wallMs: 0 };

interface End {
  readonly broker: ValkeyBroker;
  readonly wire: LoopWire;
  readonly overs: NodeId[];
  readonly heard: ClusterMessage[];
}

function connect(server: LoopServer, node: NodeId): End {
  const wire = server.connect();
  const overs: NodeId[] = [];
  const broker = new ValkeyBroker(node, new BatchSealer(SECRET, node), wire, {
    laneOver: (other) => overs.push(other),
    flushSoon: () => broker.flush(NOW),
  });
  wire.attach({
    message: (channel, bytes) => broker.arrived(channel, bytes),
    up: () => {},
    down: () => {},
    subscribed: () => {},
  });
  const heard: ClusterMessage[] = [];
  broker.subscribe(nodeAddress(node), (each) => heard.push(each));
  broker.subscribe(EVERY_NODE, (each) => heard.push(each));
  broker.open(NOW);
  return { broker, wire, overs, heard };
}

function pair(): { server: LoopServer; ada: End; bob: End } {
  const server = new LoopServer();
  return { server, ada: connect(server, ADA), bob: connect(server, BOB) };
}

function message(text: string): ClusterMessage {
  return { type: 'gateway', from: ADA, body: text };
}

describe('the broker over Valkey batches, counts and drops', () => {
  it('[CL-92] sends one batch per address and turn, and nothing to itself', () => {
    const { server, ada, bob } = pair();
    const bodies = ['one', 'two', 'three'].map(message);
    for (const body of bodies) ada.broker.publish(nodeAddress(BOB), body);
    ada.broker.publish(nodeAddress(ADA), message('own'));
    ada.broker.publish(EVERY_NODE, message('all'));
    assert.equal(server.published.length, 0);
    ada.broker.drain(NOW);
    assert.equal(server.published.length, 2);
    bob.broker.drain(NOW);
    assert.deepEqual(bob.heard, [...bodies, message('all')]);
    assert.deepEqual(ada.heard, [message('own'), message('all')]);
  });

  it('[CL-92] sends the messages of several pieces of work in one batch', () => {
    const server = new LoopServer();
    let flushes = 0;
    const broker = new ValkeyBroker(ADA, new BatchSealer(SECRET, ADA), server.connect(), {
      laneOver: () => {},
      flushSoon: () => {
        flushes += 1;
      },
    });
    broker.open(NOW);
    for (const text of ['one', 'two']) {
      broker.publish(nodeAddress(BOB), message(text));
      broker.drain(NOW);
    }
    assert.deepEqual([flushes, server.published.length], [2, 0]);
    broker.flush(NOW);
    broker.flush(NOW);
    assert.equal(server.published.length, 1);
    // A message that waits while the connection fails isn't sent by the next one.
    broker.publish(EVERY_NODE, message('three'));
    broker.close();
    broker.drain(NOW);
    broker.open(NOW);
    broker.flush(NOW);
    assert.equal(server.published.length, 2);
  });

  it('[CL-104] lets frames wait for others after a batch, but no other message', () => {
    const server = new LoopServer();
    const wire = server.connect();
    const broker = new ValkeyBroker(ADA, new BatchSealer(SECRET, ADA), wire, {
      laneOver: () => {},
      flushSoon: () => {},
    });
    broker.open(NOW);
    const bob = connect(server, BOB);
    const at = (monotonicMs: number) => ({ monotonicMs, wallMs: 0 });
    const frame = (text: string): ClusterMessage => {
      return { type: 'gateway', from: ADA, body: { type: 'bridge.up', v: 1, socket: 'one', text } };
    };
    const flushed = (ms: number, ...messages: readonly ClusterMessage[]): number | null => {
      for (const each of messages) broker.publish(nodeAddress(BOB), each);
      broker.drain(at(ms));
      return broker.flush(at(ms));
    };
    // The first frame doesn't wait.
    assert.equal(flushed(100, frame('1')), null);
    assert.equal(server.published.length, 1);
    assert.equal(flushed(101, frame('2')), FRAMES_SENT_EVERY_MS - 1);
    assert.equal(flushed(99 + FRAMES_SENT_EVERY_MS, frame('3')), 1);
    assert.equal(server.published.length, 1);
    assert.equal(flushed(100 + FRAMES_SENT_EVERY_MS), null);
    assert.equal(server.published.length, 2);
    assert.equal(flushed(101 + FRAMES_SENT_EVERY_MS, frame('4'), message('5'), frame('6')), null);
    assert.equal(server.published.length, 3);
    broker.publish(nodeAddress(BOB), frame('7'));
    broker.flush(at(102 + FRAMES_SENT_EVERY_MS), false);
    assert.equal(server.published.length, 4);
    bob.broker.drain(NOW);
    const frames = [1, 2, 3, 4, 6, 7].map((number) => frame(`${number}`));
    assert.deepEqual(bob.heard, frames.toSpliced(4, 0, message('5')));
  });

  it('[CL-50] counts only messages after which the pool may pair users', () => {
    const { ada, bob } = pair();
    ada.broker.publish(nodeAddress(BOB), message('frame'));
    ada.broker.drain(NOW);
    assert.equal(bob.broker.drain(NOW), 0);
    ada.broker.publish(nodeAddress(BOB), { type: 'pool.free', pool: 'strangers' });
    ada.broker.drain(NOW);
    assert.equal(bob.broker.drain(NOW), 1);
  });

  it('[CL-92] keeps messages to a pool whose writer is on the node', () => {
    const { server, ada } = pair();
    const heard: ClusterMessage[] = [];
    const stop = ada.broker.subscribe(poolAddress('strangers'), (each) => heard.push(each));
    ada.broker.publish(poolAddress('strangers'), message('here'));
    ada.broker.drain(NOW);
    assert.deepEqual(heard, [message('here')]);
    stop();
    ada.broker.publish(poolAddress('strangers'), message('elsewhere'));
    ada.broker.drain(NOW);
    assert.deepEqual(
      server.published.map(({ channel }) => channel),
      ['{farandole}:pool:strangers'],
    );
  });

  it('[CL-92] divides what is longer than a batch may be', () => {
    const { server, ada, bob } = pair();
    const long = message('x'.repeat(BATCH_CHARS_MAX / 2));
    for (let n = 0; n < 3; n++) ada.broker.publish(nodeAddress(BOB), long);
    ada.broker.drain(NOW);
    assert.equal(server.published.length, 3);
    bob.broker.drain(NOW);
    assert.equal(bob.heard.length, 3);
  });

  it('[CL-92] sends nothing while a subscription waits, so that no answer is missed', () => {
    const { server, ada } = pair();
    ada.wire.isSubscribing = true;
    ada.broker.publish(EVERY_NODE, message('all'));
    ada.broker.drain(NOW);
    assert.equal(server.published.length, 0);
    ada.wire.isSubscribing = false;
    ada.broker.drain(NOW);
    assert.equal(server.published.length, 1);
  });

  it('[CL-91] drops a batch that is sent again', () => {
    const { server, ada, bob } = pair();
    ada.broker.publish(EVERY_NODE, message('one'));
    ada.broker.publish(nodeAddress(BOB), message('two'));
    ada.broker.drain(NOW);
    bob.broker.drain(NOW);
    for (const { channel, bytes } of server.published.slice()) bob.wire.deliver(channel, bytes);
    bob.broker.drain(NOW);
    assert.deepEqual(bob.heard, [message('two'), message('one')]);
  });

  it('[CL-90] counts a batch that it can’t open, and goes on', () => {
    const { ada, bob } = pair();
    bob.wire.deliver('{farandole}:nodes', Buffer.from('not a batch'));
    ada.broker.publish(EVERY_NODE, message('one'));
    ada.broker.drain(NOW);
    bob.broker.drain(NOW);
    assert.equal(bob.broker.unopened, 1);
    assert.deepEqual(bob.heard, [message('one')]);
  });

  it('[CL-93] a lost batch ends the lane at both nodes in the next turns', () => {
    const { ada, bob } = pair();
    const turn = (): void => {
      ada.broker.drain(NOW);
      bob.broker.drain(NOW);
    };
    bob.broker.close();
    ada.broker.publish(nodeAddress(BOB), message('lost'));
    turn();
    assert.deepEqual(bob.heard, []);
    bob.broker.open(NOW);
    ada.broker.announce();
    turn();
    turn();
    assert.deepEqual([ada.overs, bob.overs], [[BOB], [ADA]]);
    assert.equal(ada.broker.gaps, 1);
    ada.broker.publish(nodeAddress(BOB), message('arrives'));
    turn();
    assert.deepEqual(bob.heard, [message('arrives')]);
    assert.deepEqual([ada.overs, bob.overs], [[BOB], [ADA]]);
  });

  it('[CL-94] ends a silent member’s lane, and forgets other silent nodes', () => {
    const { ada, bob } = pair();
    ada.broker.publish(nodeAddress(BOB), message('one'));
    ada.broker.publish(nodeAddress(nodeId('cyd')), message('one'));
    ada.broker.drain(NOW);
    bob.broker.drain(NOW);
    const at = (monotonicMs: number) => ({ monotonicMs, wallMs: 0 });
    ada.broker.endSilentLanes(at(9_999), (node) => node === BOB);
    assert.deepEqual(ada.overs, []);
    ada.broker.endSilentLanes(at(10_000), (node) => node === BOB);
    assert.deepEqual(ada.overs, [BOB]);
  });

  it('[CL-4] drops messages above the limit of waiting messages', () => {
    const { ada } = pair();
    for (let n = 0; n < BROKER_MESSAGES_MAX; n++) ada.broker.publish(nodeAddress(ADA), message(''));
    assert.equal(ada.broker.dropped, 0);
    ada.broker.publish(nodeAddress(BOB), message(''));
    assert.equal(ada.broker.dropped, 1);
    ada.broker.drain(NOW);
    assert.equal(ada.heard.length, BROKER_MESSAGES_MAX);
    ada.broker.publish(nodeAddress(BOB), message(''));
    assert.equal(ada.broker.dropped, 1);
  });
});

matchmakerContract('over the broker of Valkey', (options) => {
  const { broker } = connect(new LoopServer(), ADA);
  const matchmaker = new BrokerMatchmaker(broker, ADA);
  const owner = new TicketOwner(matchmaker);
  const host = new PoolHost(
    { node: ADA, options },
    { broker, lease: new LocalLease() },
    createPrng(1),
  );
  const clock = new SimClock(1_000);
  return {
    node: ADA,
    matchmaker,
    owner,
    pool: new BrokerNode(broker, matchmaker, host),
    now: () => ({ monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() }),
    advance: (ms) => clock.advance(ms),
  };
});
