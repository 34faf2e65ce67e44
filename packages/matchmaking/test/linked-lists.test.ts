import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LinkedLists, NONE } from '@farandole/matchmaking/linked-lists';
import fc from 'fast-check';

const LISTS = 3;
const NODES = 12;

function read(lists: LinkedLists, list: number): number[] {
  const nodes: number[] = [];
  for (let node = lists.first(list); node !== NONE; node = lists.next(node)) nodes.push(node);
  return nodes;
}

test('[MM-65] several linked lists over one node set behave like arrays', () => {
  const moves = fc.array(fc.tuple(fc.nat({ max: LISTS - 1 }), fc.nat({ max: NODES - 1 })));
  fc.assert(
    fc.property(moves, (steps) => {
      const lists = new LinkedLists();
      lists.growLists(LISTS);
      lists.growNodes(NODES);
      const model: number[][] = Array.from({ length: LISTS }, () => []);
      for (const [list, node] of steps) {
        const from = model.findIndex((nodes) => nodes.includes(node));
        if (from === -1) {
          lists.append(list, node);
          model[list]?.push(node);
        } else {
          lists.remove(from, node);
          model[from] = (model[from] ?? []).filter((other) => other !== node);
        }
        for (const [i, nodes] of model.entries()) {
          assert.deepEqual(read(lists, i), nodes);
          assert.equal(lists.last(i), nodes.at(-1) ?? NONE);
        }
      }
    }),
  );
});

test('[MM-65] keeps the contents of linked lists when capacity grows', () => {
  const lists = new LinkedLists();
  lists.growLists(1);
  lists.growNodes(2);
  lists.append(0, 0);
  lists.append(0, 1);
  lists.growLists(5);
  lists.growNodes(50);
  lists.append(0, 49);
  lists.append(4, 20);
  assert.deepEqual(read(lists, 0), [0, 1, 49]);
  assert.deepEqual(read(lists, 4), [20]);
});

test('throws an assertion error when removing a node from another list', () => {
  const lists = new LinkedLists();
  lists.growLists(2);
  lists.growNodes(2);
  lists.append(0, 0);
  assert.throws(() => lists.remove(1, 0), /that it isn.t in/);
});
