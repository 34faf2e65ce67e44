import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId } from '@farandole/kernel/id';
import type { AnchorHash, ReportId } from '@farandole/moderation/ids';
import {
  PROVEN_CALL_MS_MIN,
  PROVEN_CALLS_MIN,
  PROVEN_KEPT_MS,
  PROVEN_SAME_NETWORK_MS,
  PROVEN_TOGETHER_MS,
  STANDING_CALLS_MAX,
  STANDING_LOSSES_MAX,
} from '@farandole/moderation/limits';
import {
  afterCall,
  type EndedCall,
  isProven,
  LOSS,
  NO_STANDING,
  needsProvenPeer,
  provenUntilMs,
  type Standing,
  withLoss,
} from '@farandole/moderation/trust/standing';
import fc from 'fast-check';

const anchor = (name: string): AnchorHash => brandId<AnchorHash>(name);
const reportId = (n: number): ReportId => brandId<ReportId>(`report-${n}`);
const HOME = anchor('home');
const NOW_MS = 1_000 * PROVEN_KEPT_MS;

function call(other: string, change: Partial<EndedCall> = {}): EndedCall {
  return {
    counts: true,
    isMutual: true,
    lastedMs: PROVEN_TOGETHER_MS / PROVEN_CALLS_MIN,
    endedAtMs: NOW_MS,
    network: HOME,
    otherNetwork: anchor(other),
    withProven: true,
    ...change,
  };
}

const after = (calls: readonly EndedCall[], needsProven = false): Standing =>
  calls.reduce((standing, one) => afterCall(standing, one, needsProven), NO_STANDING);
const isNowProven = (calls: readonly EndedCall[], needsProven = false): boolean =>
  isProven(after(calls, needsProven), NOW_MS);

const THREE = [call('a'), call('b'), call('c')];

/** Returns three calls that make a user proven. Tests change only the last one. */
const lastly = (change: Partial<EndedCall>): EndedCall[] => [
  ...THREE.slice(0, 2),
  call('c', change),
];

test('[MO-130] makes a user proven by three calls with three other networks', () => {
  assert.equal(isNowProven(THREE), true);
  assert.equal(isNowProven(THREE.slice(0, 2)), false);
  assert.equal(isNowProven([...THREE.slice(0, 2), call('a'), call('b')]), false);
  assert.equal(isProven(undefined, NOW_MS), false);
});

test('[MO-130] requires 30 minutes in total, in calls of at least 15 seconds', () => {
  const { lastedMs } = call('c');
  assert.equal(isNowProven(lastly({ lastedMs: lastedMs - 1 })), false);
  const long = call('d', { lastedMs: PROVEN_TOGETHER_MS });
  const short = (lasted: number) => [
    long,
    call('a', { lastedMs: lasted }),
    call('b', { lastedMs: lasted }),
  ];
  assert.equal(isNowProven(short(PROVEN_CALL_MS_MIN)), true);
  assert.equal(isNowProven(short(PROVEN_CALL_MS_MIN - 1)), false);
});

test('[MO-130a] ignores calls within one network, one-sided ones and calls without a search', () => {
  for (const change of [
    { counts: false },
    { isMutual: false },
    { network: null },
    { otherNetwork: null },
    { otherNetwork: HOME },
  ]) {
    const standing = afterCall(NO_STANDING, call('c', change), false);
    assert.equal(standing, NO_STANDING);
    assert.equal(isNowProven(lastly(change)), false);
  }
});

test('[MO-130a] counts only the longest call per other network and day', () => {
  const lastedMs = PROVEN_TOGETHER_MS;
  const at = (endedAtMs: number, longer = 0) => call('a', { endedAtMs, lastedMs: 20_000 + longer });
  const once = after([at(NOW_MS), at(NOW_MS + PROVEN_SAME_NETWORK_MS - 1, 5_000)]);
  assert.deepEqual(once.calls, [
    { network: anchor('a'), withProven: true, lastedMs: 25_000, endedAtMs: NOW_MS },
  ]);
  assert.equal(after([at(NOW_MS), at(NOW_MS + PROVEN_SAME_NETWORK_MS)]).calls.length, 2);
  // Hours of calls with one network don't make a user proven.
  const evening = Array.from({ length: 50 }, () => call('a', { lastedMs }));
  assert.equal(isNowProven(evening), false);
});

test('[MO-130b] requires a call with a proven user if enough users are proven', () => {
  const unproven = ['a', 'b', 'c', 'd'].map((name) => call(name, { withProven: false }));
  assert.equal(isNowProven(unproven, false), true);
  assert.equal(isNowProven(unproven, true), false);
  assert.equal(isNowProven([...unproven.slice(1), call('a')], true), true);
  const people = Array.from({ length: 20 }, (_, n) => ({ network: anchor(`of-${n % 5}`) }));
  const enough = { people: 20, networks: 5 };
  assert.equal(needsProvenPeer(people, enough), true);
  assert.equal(needsProvenPeer(people.slice(1), enough), false);
  const fewer = people.map(({ network }) => ({ network: network === 'of-4' ? HOME : network }));
  assert.equal(
    needsProvenPeer(
      fewer.map(({ network }) => ({ network })),
      enough,
    ),
    true,
  );
  assert.equal(
    needsProvenPeer(
      people.map(() => ({ network: HOME })),
      enough,
    ),
    false,
  );
});

test('[MO-130c] keeps a user proven for 90 days after the last call', () => {
  const standing = after(THREE);
  assert.equal(provenUntilMs(standing), NOW_MS + PROVEN_KEPT_MS);
  assert.equal(isProven(standing, NOW_MS + PROVEN_KEPT_MS - 1), true);
  assert.equal(isProven(standing, NOW_MS + PROVEN_KEPT_MS), false);
  assert.equal(provenUntilMs(NO_STANDING), 0);
  // Calls older than `PROVEN_KEPT_MS` no longer count.
  const late = call('d', { endedAtMs: NOW_MS + PROVEN_KEPT_MS });
  assert.equal(isProven(afterCall(standing, late, false), late.endedAtMs), false);
  const soon = call('d', { endedAtMs: NOW_MS + PROVEN_KEPT_MS - 1 });
  const renewed = afterCall(standing, soon, false);
  assert.equal(provenUntilMs(renewed), soon.endedAtMs + PROVEN_KEPT_MS);
});

test('[MO-130d] a user loses proven status by one upheld or two rejected reports', () => {
  const standing = after(THREE);
  const lose = (n: number, weight: number) => (of: Standing) =>
    withLoss(of, { report: reportId(n), weight, atMs: NOW_MS + n });
  const isStill = (of: Standing) => isProven(of, NOW_MS + 100);
  assert.equal(isStill(lose(1, LOSS)(standing)), false);
  assert.equal(isStill(lose(1, 1)(standing)), true);
  assert.equal(isStill(lose(2, 1)(lose(1, 1)(standing))), false);
  assert.equal(isStill(lose(2, 0.25)(lose(1, 1)(standing))), true);
  // Reversing the verdict makes the user proven again.
  assert.equal(isStill(lose(1, 0)(lose(1, LOSS)(standing))), true);
});

test('[MO-130d] lets a user become proven again by new calls', () => {
  const lost = withLoss(after(THREE), { report: reportId(1), weight: LOSS, atMs: NOW_MS + 1 });
  const later = ['a', 'b', 'c'].map((name) =>
    call(name, { endedAtMs: NOW_MS + PROVEN_SAME_NETWORK_MS }),
  );
  const two = later.slice(1).reduce((of, one) => afterCall(of, one, false), lost);
  assert.equal(isProven(two, NOW_MS + PROVEN_SAME_NETWORK_MS), false);
  const three = later.reduce((of, one) => afterCall(of, one, false), lost);
  assert.equal(isProven(three, NOW_MS + PROVEN_SAME_NETWORK_MS), true);
});

test('[MO-130] limits stored calls and proven-status losses; keeps calls with every network', () => {
  const names = fc.constantFrom('a', 'b', 'c', 'd');
  const some = fc.array(
    fc.record({ other: names, lastedMs: fc.integer({ min: 15_000, max: 600_000 }) }),
    { minLength: 1, maxLength: 80 },
  );
  fc.assert(
    fc.property(some, (calls) => {
      const standing = after(
        calls.map(({ other, lastedMs }, n) =>
          call(other, { lastedMs, endedAtMs: NOW_MS + n * PROVEN_SAME_NETWORK_MS }),
        ),
      );
      assert.ok(standing.calls.length <= STANDING_CALLS_MAX);
      const lately = calls.slice(-90).map(({ other }) => other);
      const kept = new Set(standing.calls.map(({ network }) => network));
      assert.equal(kept.size, new Set(lately).size);
    }),
    { seed: 130 },
  );
  let standing = NO_STANDING;
  for (let n = 0; n <= STANDING_LOSSES_MAX; n += 1) {
    standing = withLoss(standing, { report: reportId(n), weight: 0.25, atMs: n });
  }
  assert.equal(standing.losses.length, STANDING_LOSSES_MAX);
  assert.equal(standing.losses[0]?.report, reportId(1));
});
