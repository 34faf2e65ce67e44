import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import {
  CROWD_MS,
  CROWD_NETWORKS_MIN,
  NETWORK_REPORTS_MS,
  WEIGHED_CALL_MS_MIN,
} from '@farandole/moderation/limits';
import {
  atLeast,
  groundsOf,
  NO_GROUNDS,
  type WeighedReport,
  weightAdded,
  weightOfReports,
} from '@farandole/moderation/trust/grounds';

let reporters = 0;

/** Returns a report by a new reporter whose network `network` lies within the prefix `parent`. */
function report(network: string | null, change: Partial<WeighedReport> = {}): WeighedReport {
  reporters += 1;
  return {
    by: brandId<SubjectId>(`reporter-${reporters}`),
    weight: 1,
    isProven: false,
    from: network === null ? null : { network, parent: `parent of ${network}` },
    lastedMs: WEIGHED_CALL_MS_MIN,
    atMs: 0,
    ...change,
  };
}

const inParent = (network: string, parent: string) => ({ from: { network, parent } });

test('[MO-13] counts only the strongest report per network and day', () => {
  assert.equal(weightOfReports([]), 0);
  assert.equal(weightOfReports([report('a')]), 1);
  assert.equal(weightOfReports([report('a'), report('a', { weight: 4 }), report('a')]), 4);
  assert.equal(weightOfReports([report('a'), report('b')]), 2);
  const later = (atMs: number) => report('a', { atMs, isProven: true });
  assert.equal(weightOfReports([later(0), later(NETWORK_REPORTS_MS - 1)]), 1);
  assert.equal(weightOfReports([later(0), later(NETWORK_REPORTS_MS)]), 2);
  assert.equal(weightOfReports([report(null), report(null), report('a')]), 2);
});

test('[MO-13] counts a reporter once a day, even from several networks', () => {
  const by = brandId<SubjectId>('reporter-who-moves');
  assert.equal(weightOfReports([report('a', { by }), report('b', { by })]), 1);
  const proven = { by, isProven: true };
  const { networks } = groundsOf([report('a', proven), report('b', proven)]);
  assert.equal(networks, 1);
});

test('[MO-13a] counts unproven reporters of one /20 or /48 as one network', () => {
  const one = report('a', inParent('a', 'carrier'));
  const other = report('b', inParent('b', 'carrier'));
  assert.equal(weightOfReports([one, other]), 1);
  const proven = (of: WeighedReport) => ({ ...of, isProven: true });
  assert.equal(weightOfReports([proven(one), other]), 2);
  assert.equal(weightOfReports([proven(one), proven(other)]), 2);
  assert.deepEqual(groundsOf([one, other]).networks, 1);
  assert.deepEqual(groundsOf([proven(one), proven(other)]).networks, 2);
});

test('[MO-13a] counts unproven reporters of one network once, even on several days', () => {
  const daily = Array.from({ length: 30 }, (_, day) =>
    report(`a-${day % 3}`, { atMs: day * NETWORK_REPORTS_MS, ...inParent(`a-${day % 3}`, 'a') }),
  );
  assert.equal(weightOfReports(daily), 1);
  const proven = { isProven: true, weight: 4, ...inParent('a-0', 'a') };
  const days = [10, 20].map((day) => report('a-0', { ...proven, atMs: day * NETWORK_REPORTS_MS }));
  assert.equal(weightOfReports([...daily, ...days]), 9, 'proven reporters count each day');
});

test('[MO-13a] adds no network for an unproven reporter in the /20 of a proven one', () => {
  const proven = report('a', { isProven: true, ...inParent('a', 'carrier') });
  const near = report('b', inParent('b', 'carrier'));
  assert.equal(groundsOf([proven, near]).networks, 1);
  assert.equal(groundsOf([proven, near, report('c')]).networks, 2);
});

test("[MO-13] adds only the part of a report's weight above earlier reports' weight", () => {
  const earlier = [report('a')];
  assert.equal(weightAdded(earlier, report('a', { weight: 3 })), 2);
  assert.equal(weightAdded([report('a', { weight: 3 })], report('a')), 0);
});

test('[MO-133] ignores reports of calls shorter than 15 seconds', () => {
  const proven = { isProven: true };
  const reports = [report('a', proven), report('a', proven), report('b'), report('a')];
  assert.deepEqual(groundsOf(reports), { networks: 2, proven: 2, crowdUntilMs: 0 });
  const short = { lastedMs: WEIGHED_CALL_MS_MIN - 1 };
  for (const change of [short, { lastedMs: null }, { weight: 0 }]) {
    const unfit = reports.map((one) => ({ ...one, ...change }));
    assert.deepEqual(groundsOf(unfit), NO_GROUNDS);
  }
  // A loopback or private address doesn't count as a network.
  assert.deepEqual(groundsOf([report(null, proven)]), { ...NO_GROUNDS, proven: 1 });
});

test('[MO-134] restricts after reports from eight distant networks without a proven reporter', () => {
  const crowd = (count: number, everyMs = 0) =>
    Array.from({ length: count }, (_, n) => report(`crowd-${n}`, { atMs: n * everyMs }));
  assert.equal(groundsOf(crowd(CROWD_NETWORKS_MIN)).crowdUntilMs, CROWD_MS);
  assert.equal(groundsOf(crowd(CROWD_NETWORKS_MIN - 1)).crowdUntilMs, 0);
  const slow = CROWD_MS / (CROWD_NETWORKS_MIN - 1);
  assert.equal(groundsOf(crowd(CROWD_NETWORKS_MIN, slow)).crowdUntilMs, 0);
  assert.equal(groundsOf(crowd(CROWD_NETWORKS_MIN, slow - 1)).crowdUntilMs > CROWD_MS, true);
  const near = crowd(CROWD_NETWORKS_MIN).map((one, n) => ({
    ...one,
    ...inParent(`crowd-${n}`, n < 2 ? 'carrier' : `parent-${n}`),
  }));
  assert.equal(groundsOf(near).crowdUntilMs, 0);
  assert.equal(groundsOf([...crowd(20), report('a', { isProven: true })]).crowdUntilMs, 0);
});

test('[MO-133] keeps the reports behind a restriction when newer reports displace others', () => {
  const before = { networks: 3, proven: 2, crowdUntilMs: 0 };
  const flood = { networks: 1, proven: 0, crowdUntilMs: 7 };
  assert.deepEqual(atLeast(flood, before), before);
  assert.deepEqual(atLeast(flood, NO_GROUNDS), flood);
  const crowd = { networks: 8, proven: 0, crowdUntilMs: 9 };
  assert.deepEqual(atLeast(flood, crowd), crowd);
});

test('[MO-134] ends a restriction by unproven reporters on time despite further reports', () => {
  const reports = Array.from({ length: 2 * CROWD_NETWORKS_MIN }, (_, n) =>
    report(`crowd-${n}`, { atMs: n }),
  );
  assert.equal(groundsOf(reports).crowdUntilMs, CROWD_NETWORKS_MIN - 1 + CROWD_MS);
});
