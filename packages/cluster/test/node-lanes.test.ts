import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NodeId } from '@farandole/kernel/id';
import { createPrng } from '@farandole/kernel/prng';
import fc from 'fast-check';
import { NodeLanes } from '../src/valkey/node-lanes.ts';
import { nodeId } from './support/tickets.ts';

const ADA = nodeId('ada');
const BOB = nodeId('bob');

interface Batch {
  readonly lane: number;
  readonly seq: number;
  /** Number of the sender's batch over all lanes. */
  readonly number: number;
}

/** One end of the lanes between two nodes, with the batches on their way to it. */
class End {
  readonly other: NodeId;
  readonly lanes: NodeLanes;
  overs = 0;
  readonly taken: Batch[] = [];
  readonly incoming: Batch[] = [];
  /** Number of the next batch that this end sends. */
  sent = 0;

  constructor(other: NodeId) {
    this.other = other;
    this.lanes = new NodeLanes(() => {
      this.overs += 1;
    });
  }

  send(to: End): void {
    this.sent += 1;
    to.incoming.push({ ...this.lanes.next(this.other, 0), number: this.sent });
  }

  receive(): void {
    const batch = this.incoming.shift();
    if (batch === undefined) return;
    if (this.lanes.take(this.other, batch.lane, batch.seq, 0)) this.taken.push(batch);
  }
}

describe('a lane covers both directions between two nodes', () => {
  it('[CL-93] takes each batch of a lane once and in order; a gap ends the lane', () => {
    const [ada, bob] = [new End(BOB), new End(ADA)];
    for (let n = 0; n < 3; n++) ada.send(bob);
    const [one, , three] = bob.incoming as [Batch, Batch, Batch];
    assert.equal(bob.lanes.take(ADA, one.lane, one.seq, 0), true);
    assert.equal(bob.lanes.take(ADA, one.lane, one.seq, 0), false);
    assert.equal(bob.overs, 0);
    assert.equal(bob.lanes.take(ADA, three.lane, three.seq, 0), false);
    assert.equal(bob.overs, 1);
    assert.deepEqual(bob.lanes.next(ADA, 0), { lane: 2, seq: 1 });
    assert.equal(ada.lanes.take(BOB, 2, 1, 0), true);
    assert.equal(ada.overs, 1);
  });

  it('[CL-93] drops batches of an earlier lane, however late they arrive', () => {
    const bob = new End(ADA);
    bob.lanes.take(ADA, 1, 1, 0);
    bob.lanes.end(ADA, 0);
    assert.equal(bob.lanes.take(ADA, 1, 2, 0), false);
    assert.equal(bob.lanes.take(ADA, 2, 1, 0), true);
    assert.equal(bob.lanes.take(ADA, 1, 2, 0), false);
    assert.equal(bob.overs, 1);
  });

  it('[CL-93] an announcement reveals that the last batch was lost', () => {
    const [ada, bob] = [new End(BOB), new End(ADA)];
    ada.send(bob);
    bob.receive();
    const announce = (): void => {
      const sent = ada.lanes.sentToAll()[BOB];
      if (sent !== undefined) bob.lanes.announced(ADA, sent, 0);
    };
    announce();
    assert.equal(bob.overs, 0);
    ada.send(bob);
    bob.incoming.length = 0;
    announce();
    assert.equal(bob.overs, 1);
  });

  it('[CL-94] names the nodes that were silent', () => {
    const { lanes } = new End(ADA);
    lanes.take(ADA, 1, 1, 1_000);
    lanes.next(BOB, 2_000);
    assert.deepEqual(lanes.silent(999), []);
    assert.deepEqual(lanes.silent(1_000), [ADA]);
    lanes.heard(ADA, 3_000);
    assert.deepEqual(lanes.silent(2_000), [BOB]);
    lanes.forget(BOB);
    assert.deepEqual(lanes.silent(2_000), []);
  });

  it('[CL-93] agrees on a lane without gaps after any losses and ends', () => {
    let overs = 0;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (seed) => {
        const prng = createPrng(seed);
        const ends = [new End(BOB), new End(ADA)] as const;
        const [ada, bob] = ends;
        const announce = (from: End, to: End): void => {
          const sent = from.lanes.sentToAll()[from.other];
          if (sent !== undefined && to.incoming.length === 0) to.lanes.announced(to.other, sent, 0);
        };
        for (let step = 0; step < 200; step++) {
          const at = prng.pick([0, 1] as const);
          const [one, other] = [ends[at], ends[at === 0 ? 1 : 0]];
          const chance = prng.unit();
          if (chance < 0.45) one.send(other);
          else if (chance < 0.9) one.receive();
          else if (chance < 0.95) one.incoming.shift();
          else if (chance < 0.97) one.lanes.end(one.other, 0);
          else announce(one, other);
        }
        for (let round = 0; round < 4; round++) {
          for (const end of ends) while (end.incoming.length > 0) end.receive();
          announce(ada, bob);
          announce(bob, ada);
        }
        const [lane] = ada.lanes.sentToAll()[BOB] ?? [0];
        ada.send(bob);
        bob.receive();
        assert.equal(bob.taken.at(-1)?.number, ada.sent, 'the next batch arrives');
        assert.equal(bob.taken.at(-1)?.lane, lane);
        for (const { taken } of ends) {
          for (const [at, batch] of taken.entries()) {
            const before = taken[at - 1];
            if (before === undefined) continue;
            assert.ok(batch.number > before.number);
            assert.ok(batch.lane > before.lane ? batch.seq === 1 : batch.seq === before.seq + 1);
          }
        }
        overs += ada.overs + bob.overs;
      }),
      { numRuns: 500 },
    );
    assert.ok(overs > 1_000, `${overs} lanes ended`);
  });
});
