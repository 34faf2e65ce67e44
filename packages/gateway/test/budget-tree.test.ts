import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { BudgetTree, HELD_WAIT_MS } from '../src/budget/budget-tree.ts';
import { runRandomBudgets } from './support/random-budgets.ts';

/** A budget and the clock that it reads. The test sets the clock. */
function budget(
  options: Partial<ConstructorParameters<typeof BudgetTree>[0]> & { readonly capacity: number },
) {
  const clock = { ms: 0 };
  const tree = new BudgetTree({ nowMs: () => clock.ms, refillMs: null, ...options });
  return { clock, tree };
}

/** Takes units from an address until the budget refuses. Returns the number of units taken. */
function takeAll(tree: BudgetTree, address: (n: number) => string): number {
  let taken = 0;
  while (tree.take(address(taken)) === 0) taken += 1;
  return taken;
}

/** Takes units from all addresses until all are refused. Returns the number of units of each. */
function takeInTurn(tree: BudgetTree, addresses: readonly string[]): readonly number[] {
  const taken = addresses.map(() => 0);
  for (let isGiven = true; isGiven; ) {
    isGiven = false;
    for (const [index, address] of addresses.entries()) {
      if (tree.take(address) > 0) continue;
      taken[index] = (taken[index] ?? 0) + 1;
      isGiven = true;
    }
  }
  return taken;
}

test('[GW-65] counts IPv4 by address, /24 and /20, and IPv6 by /64, /56, /48 and /32', () => {
  const { tree } = budget({ capacity: 1_000 });
  const sizes = (): string => tree.sizes.join(' ');
  tree.take('192.0.2.1');
  assert.equal(sizes(), '1 1 1 0');
  tree.take('::ffff:192.0.2.1');
  assert.equal(sizes(), '1 1 1 0', 'an IPv4-mapped address');
  tree.take('192.0.2.2');
  assert.equal(sizes(), '2 1 1 0', 'another address of the /24');
  tree.take('192.0.15.1');
  assert.equal(sizes(), '3 2 1 0', 'another /24 of the /20');
  tree.take('192.0.16.1');
  assert.equal(sizes(), '4 3 2 0', 'another /20');
  tree.take('2001:db8:1:100::1');
  assert.equal(sizes(), '5 4 3 1');
  tree.take('2001:db8:1:100:1::1');
  assert.equal(sizes(), '5 4 3 1', 'another address of the /64');
  tree.take('2001:db8:1:1ff::1');
  assert.equal(sizes(), '6 4 3 1', 'another /64 of the /56');
  tree.take('2001:db8:1:200::1');
  assert.equal(sizes(), '7 5 3 1', 'another /56 of the /48');
  tree.take('2001:db8:2:100::1');
  assert.equal(sizes(), '8 6 4 1', 'another /48 of the /32');
  tree.take('2001:db9:1:100::1');
  assert.equal(sizes(), '9 7 5 2', 'another /32');
  tree.take('no address');
  tree.take('198.51.100.300');
  assert.equal(sizes(), '9 8 5 2', 'what does not parse is one network');
  assert.equal(tree.taken, 13);
});

test('[GW-65a] releases a held unit at every level', () => {
  const { tree, clock } = budget({ capacity: 100 });
  const taken = takeAll(tree, () => '192.0.2.1');
  clock.ms += 1e9;
  assert.ok(tree.take('192.0.2.1') > 0, 'held units do not decay');
  tree.release('192.0.2.1');
  assert.equal(tree.take('192.0.2.1'), 0);
  for (let n = 0; n < taken; n += 1) tree.release('192.0.2.1');
  assert.equal(tree.taken, 0);
  assert.deepEqual(tree.sizes, [0, 0, 0, 0]);
  assert.equal(
    takeAll(tree, () => '192.0.2.1'),
    taken,
  );
  tree.release('192.0.2.1', 1_000);
  assert.equal(tree.taken, 0, 'never below nothing');
});

test('[GW-65a] spent units decay equally at every level; release returns them early', () => {
  const { tree, clock } = budget({ capacity: 1_000, refillMs: 1_000 });
  for (const address of ['192.0.2.1', '192.0.3.1', '2001:db8::1']) tree.take(address, 20);
  clock.ms += 1_000;
  assert.ok(Math.abs(tree.taken - 60 / Math.E) < 1e-9);
  tree.release('192.0.2.1', 20 / Math.E);
  assert.ok(Math.abs(tree.taken - 40 / Math.E) < 1e-9);
  clock.ms += 4_000;
  tree.sweep();
  assert.deepEqual(tree.sizes, [0, 0, 0, 0], 'all have refilled');
});

test('[GW-66] gives busy subtrees equal shares and keeps one more share free', () => {
  for (const others of [1, 2, 4, 9]) {
    const { tree } = budget({ capacity: 1_000 });
    // Attackers use all networks and addresses of their /32, so only the share of the /32 limits
    // them.
    const prng = createPrng(others);
    const word = (): string => prng.below(65_536).toString(16);
    for (let round = 0; round < 3_000; round += 1) {
      tree.take(`2001:${(1 + (round % others)).toString(16)}:${word()}:${word()}::1`);
    }
    const free = 1_000 - tree.taken;
    assert.ok(Math.abs(free - 1_000 / (others + 1)) <= others + 1, `${free} beside ${others}`);
    // Another network with enough addresses can take half of the remaining units.
    const got = takeAll(tree, (n) => `10.0.0.${n % 16}`);
    assert.ok(got >= free / 2 / 2 / 2 - 8, `${got} of ${free}`);
  }
});

test('[GW-66] never gives a network more than its maximum', () => {
  const { tree } = budget({ capacity: 10_000, networkMax: 50 });
  assert.equal(
    takeAll(tree, (n) => `192.0.2.${n % 256}`),
    50,
  );
  assert.equal(
    takeAll(tree, (n) => `2001:db8:1:${(n % 256).toString(16)}::1`),
    50,
  );
  assert.equal(
    takeAll(tree, () => 'unknown'),
    50,
  );
  assert.equal(tree.taken, 150);
});

test('[GW-66a] limits an address to half of its network, 20 % while busy', () => {
  const { tree } = budget({ capacity: 10_000, networkMax: 100 });
  assert.equal(
    takeAll(tree, () => '192.0.2.1'),
    50,
  );
  const busy = budget({ capacity: 10_000, networkMax: 100 });
  assert.deepEqual(
    takeInTurn(busy.tree, ['192.0.2.1', '192.0.2.2', '192.0.2.3']),
    [20, 20, 20],
    'the first half is taken in turn; then each has its 20 % at most',
  );
  assert.equal(
    takeAll(busy.tree, () => '192.0.2.4'),
    20,
  );
});

test('[GW-66a] limits a /48 to 2 % of capacity in a busy /32', () => {
  const { tree } = budget({ capacity: 10_000 });
  // The share of the /32 is 5,000 units, so the /32 is busy once 2,500 units are taken.
  const word = (n: number): string => ((n % 256) * 256 + Math.floor(n / 256)).toString(16);
  const greedy = takeAll(tree, (n) => `2001:db8:1:${word(n)}::1`);
  assert.ok(greedy > 2_400 && greedy <= 2_500, `${greedy} of a lone /48`);
  const second = takeAll(tree, (n) => `2001:db8:2:${word(n)}::1`);
  assert.equal(second, 200);
});

test('[GW-66b] gives a new subtree one unit while the budget has one left', () => {
  const { tree } = budget({ capacity: 12 });
  for (let n = 0; n < 12; n += 1) assert.equal(tree.take(`10.${n}.0.1`), 0, `network ${n}`);
  assert.equal(tree.take('10.200.0.1'), HELD_WAIT_MS, 'everyone together has none left');
});

test('[GW-67] limits exempt addresses only by the budget’s capacity', () => {
  const { tree } = budget({
    capacity: 1_000,
    networkMax: 10,
    isExempt: ({ text }) => text.startsWith('10.'),
  });
  assert.equal(
    takeAll(tree, () => '192.0.2.1'),
    5,
  );
  assert.equal(
    takeAll(tree, () => '10.0.0.1'),
    995,
  );
  assert.ok(tree.take('203.0.113.1') > 0);
  tree.release('10.0.0.1');
  assert.equal(tree.take('203.0.113.1'), 0);
});

test('[GW-67] limits loopback by the network’s maximum, not by a share', () => {
  const local = ['127.0.0.1', '127.0.0.9', '::ffff:127.0.0.1'];
  const address = (n: number): string => local[n % local.length] ?? '';
  assert.equal(takeAll(budget({ capacity: 100 }).tree, address), 100);
  const { tree } = budget({ capacity: 100, networkMax: 40 });
  assert.equal(takeAll(tree, address), 40);
  assert.equal(
    takeAll(tree, () => '127.0.1.1'),
    40,
    'another /24',
  );
  assert.equal(
    takeAll(tree, () => '::1'),
    20,
    'all that is left',
  );
  assert.ok(takeAll(budget({ capacity: 100 }).tree, () => '128.0.0.1') <= 50);
});

test('[GW-68] returns the least number of ms after which a refused take succeeds', () => {
  const prng = createPrng(68);
  let refusals = 0;
  for (let round = 0; round < 200; round += 1) {
    const refillMs = 1 + prng.below(100_000);
    const { tree, clock } = budget({ capacity: 40, networkMax: 10, refillMs });
    const address = (): string => `192.0.${prng.below(3)}.${prng.below(3)}`;
    for (let n = 0; n < 40; n += 1) {
      clock.ms += prng.below(Math.ceil(refillMs / 10));
      const from = address();
      const cost = 1 + prng.below(3);
      const waitMs = tree.take(from, cost);
      if (waitMs === 0) continue;
      refusals += 1;
      assert.ok(Number.isInteger(waitMs));
      clock.ms += waitMs - 1;
      assert.ok(tree.take(from, cost) > 0, `round ${round}: 1 ms earlier`);
      clock.ms += 1;
      assert.equal(tree.take(from, cost), 0, `round ${round}: after ${waitMs} ms`);
    }
  }
  assert.ok(refusals > 1_000, `${refusals} refusals`);
});

test('[GW-69] drops the oldest entry at the maximum; its parents keep its units', () => {
  const { tree } = budget({ capacity: 1_000, networkMax: 100, entriesMax: 4 });
  for (let n = 0; n < 40; n += 1) assert.equal(tree.take(`192.0.2.${n}`), 0);
  assert.deepEqual(tree.sizes, [4, 1, 1, 0]);
  assert.equal(tree.taken, 40);
  assert.equal(
    takeAll(tree, (n) => `192.0.2.${n % 250}`),
    60,
    'the network keeps its maximum',
  );
  for (let n = 0; n < 40; n += 1) tree.release(`192.0.2.${n}`);
  assert.equal(tree.taken, 60);
  assert.equal(
    takeAll(tree, (n) => `192.0.2.${n % 250}`),
    40,
  );
});

test('[GW-69a] drops empty and old entries in several sweep calls', () => {
  const { tree, clock } = budget({ capacity: 1_000, refillMs: 1_000 });
  for (let n = 0; n < 10; n += 1) tree.take(`192.0.2.${n}`, n === 9 ? 100 : 1);
  clock.ms += 1_000;
  tree.sweep(4);
  assert.deepEqual(tree.sizes, [6, 1, 1, 0], 'four of nine that decayed');
  tree.sweep(100);
  assert.deepEqual(tree.sizes, [1, 1, 1, 0]);
  clock.ms += 1_999;
  tree.sweep(100);
  assert.deepEqual(tree.sizes, [1, 1, 1, 0], '5 of the 100 units are left');
  clock.ms += 1;
  tree.sweep(100);
  tree.sweep(100);
  assert.deepEqual(tree.sizes, [0, 0, 0, 0]);
});

test('[GW-69] many addresses exceed neither the entry maximum nor the capacity', () => {
  const prng = createPrng(69);
  const entriesMax = 100;
  const { tree, clock } = budget({ capacity: 500, refillMs: 10_000, entriesMax });
  let taken = 0;
  for (let n = 0; n < 20_000; n += 1) {
    const word = (): string => prng.below(65_536).toString(16);
    const from = prng.chance(0.5)
      ? `2001:db8:${word()}:${word()}::1`
      : `${1 + prng.below(120)}.${prng.below(256)}.${prng.below(256)}.1`;
    if (tree.take(from) === 0) taken += 1;
    clock.ms += prng.below(20);
    if (n % 100 === 0) tree.sweep(10);
    assert.ok(Math.max(...tree.sizes) <= entriesMax);
    assert.ok(tree.taken <= 500);
  }
  // The budget starts with no units taken, and regains at most 500 units per 10 s.
  assert.ok(taken <= 500 + (clock.ms / 10_000) * 500, `${taken} taken in ${clock.ms} ms`);
  clock.ms += 1e6;
  tree.sweep();
  assert.deepEqual(tree.sizes, [0, 0, 0, 0]);
});

test('[GW-66] budgets agree with a brute-force oracle in 2,000 random trees', () => {
  const { taken, refused, released } = runRandomBudgets(2_000, 1);
  assert.ok(taken > 10_000 && refused > 10_000 && released > 1_000);
});

test('[GW-69b] counts units of another node without a check, and reports only its own', () => {
  const changes: string[] = [];
  const { tree, clock } = budget({
    capacity: 10,
    refillMs: 1_000,
    onChanged: (address, cost) => changes.push(`${address} ${cost}`),
  });
  assert.equal(tree.take('192.0.2.1', 2), 0);
  tree.count('192.0.2.1', 12);
  assert.equal(tree.taken, 14);
  assert.notEqual(tree.take('198.51.100.1'), 0);
  tree.count('192.0.2.1', -12);
  tree.release('192.0.2.1');
  assert.equal(tree.taken, 1);
  assert.deepEqual(changes, ['192.0.2.1 2', '192.0.2.1 -1']);
  tree.count('192.0.2.1', 1);
  clock.ms = 10_000;
  assert.equal(tree.taken, 0);
});
