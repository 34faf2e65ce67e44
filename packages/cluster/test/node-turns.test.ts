import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Instant } from '@farandole/kernel/clock';
import { createPrng } from '@farandole/kernel/prng';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { DirectMatchmaker } from '../src/direct-matchmaker.ts';
import { TICK_EVERY_MS } from '../src/limits.ts';
import { NodeTurns } from '../src/node-turns.ts';
import { TicketOwner } from './support/ticket-owner.ts';
import { nodeId, poolOptions, ticketOf } from './support/tickets.ts';

/** One simulated node. The test decides when a callback passed to `soon` runs. */
class OneNode {
  readonly clock = new SimClock(1_000);
  readonly soon: (() => void)[] = [];
  readonly ticks: Instant[] = [];
  readonly owner: TicketOwner;
  readonly turns: NodeTurns;
  readonly #node = nodeId('ada');

  constructor() {
    const pool = new DirectMatchmaker(poolOptions(), createPrng(1), this.now);
    this.owner = new TicketOwner(pool);
    const gateway = { tick: (now: Instant) => void this.ticks.push(now) };
    this.turns = new NodeTurns(
      { gateway, pool },
      { now: () => this.now, soon: (run) => void this.soon.push(run) },
    );
  }

  get now(): Instant {
    return { monotonicMs: this.clock.monotonicMs(), wallMs: this.clock.wallMs() };
  }

  get matched(): number {
    return this.owner.matches.size;
  }

  submit(...names: readonly string[]): void {
    this.turns.turn((now) => {
      for (const name of names) this.owner.submit(ticketOf(this.#node, name), now);
    });
  }
}

describe('a node pairs tickets in waves, one per event-loop turn', () => {
  it('[CL-50] runs one matching wave for all messages delivered in an event-loop turn', () => {
    const node = new OneNode();
    node.turns.start();
    node.submit('ada');
    node.submit('bo');
    assert.equal(node.matched, 0, 'not in the turn itself');
    assert.equal(node.soon.length, 1);
    node.soon.shift()?.();
    assert.equal(node.matched, 2, 'and long before the next tick');
    node.submit('cy', 'di');
    assert.equal(node.soon.length, 1, 'what comes after it starts another');
    node.soon.shift()?.();
    assert.equal(node.matched, 4);
  });

  it('[CL-50] runs no matching wave after a timer tick or turn without messages', () => {
    const node = new OneNode();
    node.turns.start();
    node.turns.turn(() => {});
    node.clock.advance(TICK_EVERY_MS);
    node.turns.tick();
    assert.equal(node.soon.length, 0);
  });

  it('[CL-50] runs no matching wave before the node starts or after it stops', () => {
    const node = new OneNode();
    node.submit('ada', 'bo');
    assert.equal(node.soon.length, 0);
    node.turns.start();
    node.submit('cy', 'di');
    const before = node.matched;
    node.turns.stop();
    for (const run of node.soon.splice(0)) run();
    node.submit('ed', 'flo');
    assert.equal(node.soon.length, 0);
    assert.equal(node.matched, before);
  });

  it('[CL-51] a starting node opens the pool and pairs tickets on a tick', () => {
    const node = new OneNode();
    const at = node.turns.start();
    assert.deepEqual(at, node.now);
    assert.equal(node.owner.epochs.length, 1);
    node.submit('ada', 'bo');
    node.clock.advance(TICK_EVERY_MS);
    assert.deepEqual(node.turns.tick(), node.now);
    assert.deepEqual(node.ticks, [at, node.now]);
    assert.equal(node.matched, 2);
  });
});
