import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { type BudgetName, budgetSweeps, createBudgets } from '../src/budgets.ts';
import { parseAddressRange } from '../src/net/address-range.ts';
import { ROWS, testBudgets } from './support/budgets.ts';

const NAMES = Object.keys(ROWS) as BudgetName[];

test('gives a single busy network every budget’s maximum, a single address half', () => {
  // The capacity for all networks is so small that no network can get its maximum.
  const wholes: readonly BudgetName[] = ['frames', 'requests', 'passkeys'];
  for (const name of NAMES) {
    if (wholes.includes(name)) continue;
    const { networkMax } = ROWS[name];
    const cost = networkMax > 1e6 ? networkMax / 100 : 1;
    const takeAll = (from: (n: number) => string): number => {
      const budget = testBudgets(new SimClock())[name];
      let units = 0;
      while (budget.take(from(units / cost), cost) === 0) units += cost;
      return units;
    };
    // 250 busy addresses get one of 251 equal parts each; one part stays free (GW-66).
    const ofIpv4 = takeAll((n) => `192.0.2.${n % 250}`);
    const ofIpv6 = takeAll((n) => `2001:db8:0:${(n % 250).toString(16)}::1`);
    for (const units of [ofIpv4, ofIpv6]) {
      assert.ok(units > networkMax * 0.99 && units <= networkMax, `${name}: ${units}`);
    }
    assert.equal(
      takeAll(() => '192.0.2.1'),
      networkMax / 2,
      name,
    );
  }
});

test('applies only the limit of all addresses together to an exempt range', () => {
  const range = parseAddressRange('198.51.100.0/22') ?? assert.fail('no range');
  const refusals: BudgetName[] = [];
  const { sockets } = createBudgets({
    connectionsMax: 100,
    connectionsPerNetworkMax: 10,
    exemptRanges: [range],
    clock: new SimClock(),
    onRefused: (budget) => refusals.push(budget),
  });
  for (let n = 0; n < 99; n += 1) assert.equal(sockets.take('198.51.101.7'), 0);
  assert.equal(sockets.take('203.0.113.1'), 0);
  assert.ok(sockets.take('203.0.113.1') > 0);
  assert.ok(sockets.take('198.51.101.7') > 0);
  assert.deepEqual(refusals, ['sockets', 'sockets']);
});

test('forgets idle addresses in every budget', () => {
  const clock = new SimClock();
  const budgets = testBudgets(clock);
  const sweep = budgetSweeps(budgets);
  const sweepAll = (): void => {
    for (const _ of NAMES) sweep();
  };
  const entries = (name: BudgetName): number => Math.max(...budgets[name].sizes);
  for (const name of NAMES) {
    const { refillMs, networkMax } = ROWS[name];
    budgets[name].take('192.0.2.1', Math.ceil(networkMax / 4));
    sweepAll();
    assert.equal(entries(name), 1, name);
    if (refillMs === null) budgets[name].release('192.0.2.1', Math.ceil(networkMax / 4));
    else clock.advance(3 * refillMs);
    // A sweep at the end of its list only starts a new round, so a second sweep follows.
    sweepAll();
    sweepAll();
    assert.equal(entries(name), 0, name);
  }
});
