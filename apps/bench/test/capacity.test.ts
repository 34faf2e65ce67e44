import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from '@farandole/e2e/process';
import { billOf, billTable, readBillOptions } from '../src/capacity/bill.ts';
import { ASSUMED, BILL, COSTS, MEASURED, RELAY_KBPS_RANGE } from '../src/capacity/costs.ts';
import {
  type BillOptions,
  type Capacity,
  type Costs,
  capacityOf,
  coresOf,
  type Habits,
  peopleOf,
} from '../src/capacity/model.ts';
import { capacityTable } from '../src/capacity/table.ts';

/** Round numbers, whose results one can compute by hand. */
const ROUND_HABITS: Habits = {
  visitS: 600,
  inCalls: 0.5,
  callS: 60,
  linesAMinute: 6,
  typingsAMinute: 12,
  peak: 2,
  relayed: 0.25,
  mbps: 1,
  callsAReport: 100,
  moderatorMinutesAReport: 3,
  coreUse: 0.5,
  connectionsMax: 20_000,
};
const ROUND_COSTS: Costs = {
  ticketUs: 2_000,
  visitUs: 4_000,
  nextUs: 600,
  lineUs: 100,
  typingUs: 50,
  idleUs: 2,
  halfCrossing: 1.25,
  messageUs: 100,
  nodeMib: 100,
  userKib: 16,
  pairBytes: 500,
};

function assertClose(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 1e-9 * Math.abs(expected), `${actual} ≠ ${expected}`);
}

describe('the capacity model', () => {
  it('gives the relay 10 Gb/s for 10,000 users who are all relayed at 1 Mb/s', () => {
    const habits = { ...ROUND_HABITS, inCalls: 1 };
    const { relayMbps, relayGbADay } = capacityOf(10_000, habits, ROUND_COSTS);
    assert.deepEqual(relayMbps, { some: 2_500, all: 10_000 });
    // 5 Gb/s on average × 86,400 s / 8 = 54,000 GB.
    assertClose(relayGbADay.all, 54_000);
    assertClose(relayGbADay.some, 13_500);
  });

  it('matches a day of 1,000 users, computed by hand', () => {
    const capacity = capacityOf(1_000, ROUND_HABITS, ROUND_COSTS);
    // 500 users on average, who each stay 600 s: 72,000 visits of 5 calls, and 2 users per call.
    assertClose(capacity.visitsADay, 72_000);
    assertClose(capacity.reportsADay, 1_800);
    assertClose(capacity.moderatorMinutesADay, 5_400);
    assertClose(capacity.storedMbADay, 90);
    assert.equal(capacity.nodes, 1);
    assertClose(capacity.memoryMib, 100 + 15.625);
    // µs per user and second: visit 6,000 / 600 = 10; further searches (0.5/60 - 1/600) × 600 = 4;
    // talk 0.5 × (6 × 100 + 12 × 50) / 60 = 10; idle 2.
    assertClose(capacity.cores, 0.026);
  });

  it('adds the messages between two nodes', () => {
    // Half of the calls cross: talk 10 × 1.25; a match 3 × 100 × 0.5 = 150 for each user, so that
    // a visit costs 6,150 / 600 = 10.25 and further searches 4 × 750 / 600 = 5; idle 2.
    assertClose(coresOf(1_000, 2, ROUND_HABITS, ROUND_COSTS), 0.02975);
  });

  it('counts nodes by cores and by connections', () => {
    const few = { ...ROUND_HABITS, connectionsMax: 250 };
    assert.equal(capacityOf(1_000, few, ROUND_COSTS).nodes, 4);
    assert.equal(capacityOf(1_001, few, ROUND_COSTS).nodes, 5);
    const slow = { ...ROUND_HABITS, coreUse: 0.026 };
    assert.equal(capacityOf(1_000, slow, ROUND_COSTS).nodes, 1);
    assert.equal(capacityOf(1_001, slow, ROUND_COSTS).nodes, 2);
  });

  it('converts visits a day into users at the busiest time, and back', () => {
    assertClose(peopleOf(72_000, ROUND_HABITS), 1_000);
    assertClose(capacityOf(peopleOf(10_000_000, ASSUMED), ASSUMED, COSTS).visitsADay, 10_000_000);
  });

  it('needs more of everything for more users, and of CPU for each higher cost', () => {
    const flat = ({ relayMbps, relayGbADay, ...rest }: Capacity): readonly number[] => [
      ...Object.values(rest),
      ...Object.values(relayMbps),
      ...Object.values(relayGbADay),
    ];
    let before = flat(capacityOf(50, ASSUMED, COSTS));
    for (let people = 100; people < 1e6; people *= 2) {
      const next = flat(capacityOf(people, ASSUMED, COSTS));
      for (const [at, value] of next.entries()) assert.ok(value >= (before[at] ?? 0), `${people}`);
      before = next;
    }
    const notCpu = ['nodeMib', 'userKib', 'pairBytes'];
    const base = coresOf(50_000, 4, ASSUMED, COSTS);
    for (const name of Object.keys(COSTS) as (keyof Costs)[]) {
      const higher = coresOf(50_000, 4, ASSUMED, { ...COSTS, [name]: 2 * COSTS[name] });
      if (notCpu.includes(name)) assert.equal(higher, base);
      else assert.ok(higher > base, name);
    }
  });
});

describe('the bill', () => {
  const options: BillOptions = {
    ...{ relayShare: 0.25, kbpsMax: 500, price: { amount: 4, per: 'TB' } },
    ...{ callsAReport: 100, minutesAReport: 3 },
  };
  const bill = (change: Partial<BillOptions> = {}) =>
    billOf(1_000, { ...options, ...change }, ROUND_HABITS, ROUND_COSTS);

  it('matches a month of 1,000 users, computed by hand', () => {
    const { cores, memoryGib, uncapped, capped, moderatorMinutesADay } = bill();
    assertClose(cores, 0.026);
    assertClose(memoryGib, 115.625 / 1_024);
    assertClose(moderatorMinutesADay, 5_400);
    // 500 users in calls, a quarter relayed at 1 Mb/s: 125 Mb/s, and half of it on average. In 30
    // days that is 62.5 Mb/s × 2,592,000 s / 8 = 20.25 TB.
    assertClose(uncapped.mbps, 125);
    assertClose(uncapped.tbAMonth, 20.25);
    assertClose(uncapped.costAMonth, 81);
    assertClose(capped.costAMonth, 40.5);
  });

  it('counts Mb/s at the busiest time if the price is for them', () => {
    assertClose(bill({ price: { amount: 0.4, per: 'Mbps' } }).uncapped.costAMonth, 50);
  });

  it('raises no call above its bit rate by a high cap', () => {
    assert.deepEqual(bill({ kbpsMax: 3_000 }).capped, bill().uncapped);
  });

  it('takes options from the command line, and says which is wrong', () => {
    assert.deepEqual(readBillOptions({}, BILL), BILL);
    const given = { 'relay-share': '1', 'relay-kbps-max': '800', 'relay-price': '0.4/Mbps' };
    const rest = { 'calls-a-report': '50', 'minutes-a-report': '1.5' };
    assert.deepEqual(readBillOptions({ ...given, ...rest }, BILL), {
      ...{ relayShare: 1, kbpsMax: 800, price: { amount: 0.4, per: 'Mbps' } },
      ...{ callsAReport: 50, minutesAReport: 1.5 },
    });
    const wrong = {
      'relay-share': ['1.1', '-1', '', 'all'],
      'relay-kbps-max': ['99', '3001', '1e3'],
      'relay-price': ['5', '5/GB', '/TB', '5/TB/x', 'x/TB'],
      'calls-a-report': ['0'],
      'minutes-a-report': ['1441'],
    };
    for (const [name, texts] of Object.entries(wrong)) {
      for (const text of texts) {
        assert.throws(
          () => readBillOptions({ [name]: text }, BILL),
          new RegExp(`^Error: --${name} `),
        );
      }
    }
  });

  it('takes as caps what the server takes', () => {
    const limits = readFileSync(join(ROOT, 'apps/server/src/limits.ts'), 'utf8');
    const [min, max] = RELAY_KBPS_RANGE;
    assert.ok(limits.includes(`RELAY_KBPS_MIN = ${min};`));
    assert.ok(
      limits.includes(`RELAY_KBPS_MAX = ${max.toLocaleString('en-US').replace(',', '_')};`),
    );
  });
});

describe('docs/capacity.md', () => {
  const text = readFileSync(join(ROOT, 'docs/capacity.md'), 'utf8');

  it('contains the table that `npm run capacity` prints', () => {
    assert.ok(text.includes(`\n${capacityTable()}\n`), capacityTable());
  });

  it('contains the bill that `npm run capacity` prints', () => {
    const bill = billTable(BILL, ASSUMED, COSTS);
    assert.ok(text.includes(`\n${bill}\n`), bill);
  });

  it('names the command and the day of each measured cost', () => {
    for (const { command, date, value } of Object.values(MEASURED)) {
      assert.match(command, /^npm run (?:bench|soak) -- \S/);
      assert.match(date, /^\d{4}-\d{2}-\d{2}$/);
      assert.ok(value > 0);
    }
  });
});
