import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rankOf } from '../src/rank.ts';
import { nodeId } from './support/tickets.ts';

const NODES = Array.from({ length: 8 }, (_, at) => nodeId(`n${at}`));
const POOLS = Array.from({ length: 800 }, (_, at) => `pool-${at}`);

function ranks(pool: string, nodes = NODES): readonly number[] {
  return nodes.map((node) => rankOf(pool, node, nodes));
}

describe('each pool has its own order of the nodes', () => {
  it('[CL-44] gives each node one place, and each node a similar share of first places', () => {
    const firsts = new Map<number, number>();
    for (const pool of POOLS) {
      const found = ranks(pool);
      assert.deepEqual(
        found.toSorted((a, b) => a - b),
        [0, 1, 2, 3, 4, 5, 6, 7],
      );
      const first = found.indexOf(0);
      firsts.set(first, (firsts.get(first) ?? 0) + 1);
    }
    for (const count of firsts.values()) assert.ok(count > 50 && count < 150, `${count} of 800`);
    assert.equal(firsts.size, NODES.length);
  });

  it('[CL-44] moves no other node by more than one place when a node goes', () => {
    for (const pool of POOLS.slice(0, 50)) {
      const [before, after] = [ranks(pool), ranks(pool, NODES.slice(1))];
      for (const [at, rank] of after.entries()) {
        const moved = (before[at + 1] ?? 0) - rank;
        assert.ok(moved === 0 || moved === 1, `moved by ${moved}`);
      }
    }
  });
});
