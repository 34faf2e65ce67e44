import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from '@farandole/e2e/process';
import { ASSUMED, COSTS, MEASURED } from '../src/capacity/costs.ts';
import {
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

describe('docs/capacity.md', () => {
  const text = readFileSync(join(ROOT, 'docs/capacity.md'), 'utf8');

  it('contains the table that `npm run capacity` prints', () => {
    assert.ok(text.includes(`\n${capacityTable()}\n`), capacityTable());
  });

  it('names the command and the day of each measured cost', () => {
    for (const { command, date, value } of Object.values(MEASURED)) {
      assert.match(command, /^npm run bench -- \w/);
      assert.match(date, /^\d{4}-\d{2}-\d{2}$/);
      assert.ok(value > 0);
    }
  });
});
