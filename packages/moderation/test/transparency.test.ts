import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId } from '@farandole/kernel/id';
import type { FactKind } from '@farandole/moderation/appeals/statement';
import type { Measure } from '@farandole/moderation/cases/decision';
import {
  type PublishedDecision,
  rateOf,
  transparency,
} from '@farandole/moderation/stats/transparency';

const HOUR_MS = 3_600_000;

const decided = (
  measure: Measure,
  tookMs: number | null,
  facts: readonly FactKind[] = ['reports'],
): PublishedDecision => ({
  id: brandId(`decision-${measure}`),
  atMs: 0,
  endsAtMs: null,
  measure,
  ground: 'hate',
  facts,
  tookMs,
  appeal: null,
});

test('[MO-97] computes Wilson intervals, even for shares of 0 and 1', () => {
  // The expected values were computed to three digits from the published formula (Wilson 1927).
  const cases = [
    [8, 10, 0.49, 0.943],
    [0, 10, 0, 0.278],
    [10, 10, 0.722, 1],
    [1, 1, 0.207, 1],
    [500, 1_000, 0.469, 0.531],
  ] as const;
  for (const [count, of, low, high] of cases) {
    const { share } = rateOf(count, of);
    assert.ok(share !== null);
    assert.equal(share.value, count / of);
    assert.deepEqual(
      [share.low, share.high].map((bound) => Number(bound.toFixed(3))),
      [low, high],
    );
  }
  assert.deepEqual(rateOf(0, 0), { count: 0, of: 0, share: null });
});

test('[MO-97] counts each decision, report and appeal once', () => {
  const told = transparency({
    decisions: [
      decided('warn', HOUR_MS),
      decided('suspend-1d', 2 * HOUR_MS),
      decided('suspend-7d', 4 * HOUR_MS),
      { ...decided('suspend-1h', 9 * HOUR_MS), ground: 'other' },
      decided('text-only-7d', null, ['own-initiative']),
      decided('suspend-permanently', null, ['own-initiative', 'earlier-decisions']),
    ],
    reports: [
      { reason: 'hate', verdict: 'upheld' },
      { reason: 'hate', verdict: 'rejected' },
      { reason: 'sexual-content', verdict: 'inconclusive' },
      { reason: 'other', verdict: 'upheld' },
      { reason: 'hate', verdict: 'waiting' },
    ],
    appeals: [
      { outcome: 'overturn', tookMs: HOUR_MS, restricts: true },
      { outcome: 'shorten', tookMs: 3 * HOUR_MS, restricts: true },
      { outcome: 'uphold', tookMs: 5 * HOUR_MS, restricts: false },
      { outcome: null, tookMs: null, restricts: true },
    ],
    sampled: [true, true, false],
    holds: 2,
  });
  const { byCategory, all } = told;
  const of = new Map(byCategory);
  assert.deepEqual(of.get('STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH'), {
    reports: 3,
    afterReports: 3,
    medianTookMs: 2 * HOUR_MS,
    own: 2,
    ownSuspended: 1,
    ownForGood: 1,
  });
  assert.equal(of.get('STATEMENT_CATEGORY_OTHER_VIOLATION_TC')?.reports, 2);
  assert.equal(all.medianTookMs, 3 * HOUR_MS);
  for (const field of ['reports', 'afterReports', 'own', 'ownSuspended', 'ownForGood'] as const) {
    const sum = byCategory.reduce((total, [, counts]) => total + counts[field], 0);
    assert.equal(sum, all[field], field);
  }
  assert.deepEqual([told.restrictions, told.warnings, told.holds], [5, 1, 2]);
  assert.deepEqual([told.precision.count, told.precision.of], [2, 4], 'what waits is not reviewed');
  assert.deepEqual([told.overturn.count, told.overturn.of], [1, 3]);
  assert.deepEqual([told.agreement.count, told.agreement.of], [2, 3]);
  assert.deepEqual(told.appeals, {
    filed: 4,
    answered: 3,
    byOutcome: { uphold: 1, shorten: 1, overturn: 1 },
    medianTookMs: 3 * HOUR_MS,
  });
  assert.equal(told.appealsOfRestrictions.answered, 2);
});
