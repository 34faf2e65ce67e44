import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { ICE_SERVERS_PATH, SESSION_TICKET_PATH } from '@farandole/protocol/http-api';
import { type BudgetName, requestUs } from '../src/budgets.ts';
import { ROWS, testBudgets } from './support/budgets.ts';

const PEOPLE = 2_000;
/** Addresses of the carrier's /24. Each has 125 people behind it. */
const ADDRESSES = 16;
const ARRIVALS_MS = 10 * 60_000;
const LASTS_MS = 30 * 60_000;
const STEP_MS = 200;
const STAY_MS = [2 * 60_000, 30 * 60_000] as const;
const RENEWAL_MS = 8 * 60_000;
const CALL_MS = 3 * 60_000;
/** Share of a user's sockets that break in a call, for instance when a phone changes its cell. */
const BREAKS = 0.1;
/** Share of calls that a user reports. */
const REPORTS = 0.02;
/** Number of times per step that each attacker takes units from each flooded budget. */
const FLOOD = 5;
/** Budgets that an attacker floods. Each take is a thousandth of a network's maximum. */
const FLOODED = ['sockets', 'tickets', 'upgrades', 'turn-credentials', 'requests'] as const;

interface Outcome {
  readonly refusals: ReadonlyMap<BudgetName, number>;
  readonly slowestMs: number;
  readonly served: number;
  readonly mostSockets: number;
  readonly reports: { filed: number; folded: number };
  readonly taken: number;
}

/** Lets 2,000 people behind one /24 come, call, renew credentials, report and leave. */
function simulate(attackers: readonly string[]): Outcome {
  const prng = createPrng(23);
  const clock = new SimClock();
  const budgets = testBudgets(clock);
  const startMs = clock.monotonicMs();
  const due = new Map<number, (() => void)[]>();
  const after = (ms: number, act: () => void): void => {
    const step = Math.ceil((clock.monotonicMs() - startMs + Math.max(1, ms)) / STEP_MS);
    const acts = due.get(step);
    if (acts === undefined) due.set(step, [act]);
    else acts.push(act);
  };
  const refusals = new Map<BudgetName, number>();
  const reports = { filed: 0, folded: 0 };
  let slowestMs = 0;
  let served = 0;
  let sockets = 0;
  let mostSockets = 0;
  let taken = 0;

  /** Takes all of these in turn, and retries after the wait that a refusal names. */
  const takeAll = (
    address: string,
    wanted: readonly (readonly [BudgetName, number])[],
    then: () => void,
  ): void => {
    const [first, ...rest] = wanted;
    if (first === undefined) {
      then();
      return;
    }
    const [name, cost] = first;
    const waitMs = budgets[name].take(address, cost);
    if (waitMs === 0) takeAll(address, rest, then);
    else {
      refusals.set(name, (refusals.get(name) ?? 0) + 1);
      after(waitMs, () => takeAll(address, wanted, then));
    }
  };

  const live = (address: string, untilMs: number): void => {
    if (clock.monotonicMs() >= untilMs) {
      budgets.sockets.release(address);
      sockets -= 1;
      return;
    }
    if (prng.chance(REPORTS)) {
      reports.filed += 1;
      const isQueued = budgets.reports.take(address) === 0;
      if (!isQueued || budgets['reports-of-day'].take(address) > 0) reports.folded += 1;
    }
    const isBroken = prng.chance(BREAKS);
    if (isBroken) {
      // A resumed session presents its secret, so it needs no ticket.
      budgets.sockets.release(address);
      sockets -= 1;
      after(2_000, () => enter(address, [], () => live(address, untilMs)));
    } else after(CALL_MS * (0.5 + prng.unit()), () => live(address, untilMs));
  };

  const enter = (
    address: string,
    before: readonly (readonly [BudgetName, number])[],
    then: () => void,
  ): void => {
    const cameMs = clock.monotonicMs();
    takeAll(address, [...before, ['upgrades', 1], ['sockets', 1]], () => {
      slowestMs = Math.max(slowestMs, clock.monotonicMs() - cameMs);
      sockets += 1;
      mostSockets = Math.max(mostSockets, sockets);
      then();
    });
  };

  const renew = (address: string, untilMs: number): void => {
    if (clock.monotonicMs() >= untilMs) return;
    const renewal = requestUs(ICE_SERVERS_PATH);
    takeAll(
      address,
      [
        ['requests', renewal],
        ['turn-credentials', 1],
      ],
      () => {},
    );
    after(RENEWAL_MS, () => renew(address, untilMs));
  };

  const ticket = [
    ['requests', requestUs(SESSION_TICKET_PATH)],
    ['tickets', 1],
  ] as const;
  for (let person = 0; person < PEOPLE; person += 1) {
    const address = `198.51.100.${1 + (person % ADDRESSES)}`;
    after(prng.below(ARRIVALS_MS), () => {
      const stayMs = STAY_MS[0] + prng.below(STAY_MS[1] - STAY_MS[0]);
      const untilMs = clock.monotonicMs() + stayMs;
      enter(address, ticket, () => {
        served += 1;
        takeAll(address, [['turn-credentials', 1]], () => {});
        after(RENEWAL_MS, () => renew(address, untilMs));
        live(address, untilMs);
      });
    });
  }
  for (let step = 0; step * STEP_MS <= LASTS_MS; step += 1) {
    for (const prefix of attackers) {
      for (const name of FLOODED) {
        const cost = Math.ceil(ROWS[name].networkMax / 1_000);
        for (let n = 0; n < FLOOD; n += 1) {
          const address = `${prefix}${prng.below(16)}.${prng.below(256)}`;
          if (budgets[name].take(address, cost) === 0) taken += cost;
        }
      }
    }
    for (const act of due.get(step) ?? []) act();
    due.delete(step);
    clock.advance(STEP_MS);
  }
  return { refusals, slowestMs, served, mostSockets, reports, taken };
}

function assertServed({ refusals, slowestMs, served, mostSockets, reports }: Outcome): void {
  assert.equal(served, PEOPLE);
  assert.deepEqual([...refusals], [], 'no refusal');
  assert.ok(slowestMs <= 15_000, `the slowest waited ${slowestMs} ms`);
  assert.ok(mostSockets > 1_000, `${mostSockets} at once`);
  // Reports above the budget are stored, and shown as one row for the network.
  assert.ok(reports.filed - reports.folded >= 10, `${reports.folded} of ${reports.filed} folded`);
}

test('serves 2,000 people behind one carrier /24 who come within ten minutes', () => {
  assertServed(simulate([]));
});

test('serves 2,000 people of a carrier while another /20 floods every budget', () => {
  const outcome = simulate(['203.0.']);
  assertServed(outcome);
  assert.ok(outcome.taken > 100_000, `the flood took ${outcome.taken} units`);
});
