import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BURST_MS,
  GOOD_CLEAN_SESSIONS,
  NEW_SESSIONS,
  SUSPENSION_REPORTERS_MIN,
  TRUST_HALF_LIFE_MS,
} from '@farandole/moderation/limits';
import {
  afterCleanSession,
  afterRejectedReport,
  afterReportedSession,
  CLEAN_SESSION,
  cleanSinceSession,
  falseReportRate,
  firstTrust,
  harmProbability,
  logit,
  maySuspend,
  segmentOf,
  sigmoid,
  type Tier,
  type Trust,
  tierOf,
  trustAt,
  wantsReview,
  weightOfReport,
  weightOfReports,
} from '@farandole/moderation/trust/trust';
import fc from 'fast-check';

const NEW_REPORTER = { sessions: 0, rejected: 0 };
const NETWORK = 'network-1';

const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

const at = (p: number, change: Partial<Trust> = {}): Trust => ({
  ...firstTrust(false, 0),
  score: logit(p),
  sessions: 100,
  cleanSessions: 100,
  ...change,
});

test("[MO-10] weighs a report by its reporter's error rate", () => {
  close(falseReportRate(NEW_REPORTER), 0.01);
  close(weightOfReport(NEW_REPORTER, 'inconclusive'), Math.log(10));
  close(weightOfReport(NEW_REPORTER, 'verified'), Math.log(10) + 1.5);
  assert.equal(weightOfReport(NEW_REPORTER, 'contradicted'), 0);
  // An error rate of a quarter weighs nothing; no reporter weighs more than 4.
  assert.equal(weightOfReport({ sessions: 100, rejected: 25 }, 'inconclusive'), 0);
  assert.equal(weightOfReport({ sessions: 1_000_000, rejected: 0 }, 'inconclusive'), 4);
});

test('[MO-10] never raises the weight with the error rate', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.nat(1_000), fc.nat(1_000), (sessions, rejected, more) => {
      const before = weightOfReport({ sessions, rejected }, 'inconclusive');
      const after = weightOfReport({ sessions, rejected: rejected + more }, 'inconclusive');
      assert.ok(after <= before && after >= 0 && before <= 4);
    }),
    { seed: 10 },
  );
});

test('[MO-11] starts at 3 % or 30 % and bounds scores from below', () => {
  close(harmProbability(firstTrust(false, 0)), 0.03);
  close(harmProbability(firstTrust(true, 0)), 0.3);
  close(sigmoid(logit(0.42)), 0.42);
  close(CLEAN_SESSION, Math.log(0.9 / 0.996));
  let trust = firstTrust(false, 0);
  for (let i = 0; i < 1_000; i += 1) trust = afterCleanSession(trust, 0);
  close(trust.score, logit(0.03) - 3);
  const reported = afterReportedSession(trust, 2, 0);
  close(reported.score, logit(0.03) - 1);
  assert.equal(reported.cleanSessions, 0);
  assert.equal(reported.sessions, 1_001);
  assert.equal(afterReportedSession(trust, 0, 0).cleanSessions, 1_001);
});

test('[MO-12] decays by half in thirty days and ignores clock setbacks', () => {
  const trust = at(0.5);
  const later = trustAt(trust, TRUST_HALF_LIFE_MS);
  close(later.score, (trust.score + trust.prior) / 2);
  assert.deepEqual(trustAt(trust, -TRUST_HALF_LIFE_MS), trust);
  // Two steps equal one.
  const inSteps = trustAt(trustAt(trust, TRUST_HALF_LIFE_MS / 3), TRUST_HALF_LIFE_MS);
  close(inSteps.score, later.score);
});

test('[MO-13] counts a crowd in one network within an hour little more than one', () => {
  const one = { weight: 2, network: NETWORK, atMs: 0 };
  assert.equal(weightOfReports([]), 0);
  assert.equal(weightOfReports([one]), 2);
  assert.equal(weightOfReports([one, { ...one, weight: 4 }]), 4.5);
  assert.equal(weightOfReports([one, { ...one, network: 'network-2' }]), 4);
  assert.equal(weightOfReports([one, { ...one, network: null }, { ...one, network: null }]), 6);
  assert.equal(weightOfReports([one, { ...one, atMs: BURST_MS - 1 }]), 2.5);
  assert.equal(weightOfReports([{ ...one, atMs: BURST_MS }, one]), 4);
});

test('[MO-14] assigns tiers: restricted first, new, normal, then good', () => {
  assert.equal(tierOf(firstTrust(false, 0)), 'new');
  assert.equal(tierOf(firstTrust(true, 0)), 'restricted');
  assert.equal(tierOf(at(0.24)), 'normal');
  assert.equal(tierOf(at(0.26)), 'restricted');
  assert.equal(tierOf(at(0.02, { sessions: NEW_SESSIONS - 1 })), 'new');
  assert.equal(tierOf(at(0.02, { sessions: NEW_SESSIONS })), 'normal');
  assert.equal(tierOf(at(0.009, { cleanSessions: GOOD_CLEAN_SESSIONS })), 'good');
  assert.equal(tierOf(at(0.009, { cleanSessions: GOOD_CLEAN_SESSIONS - 1 })), 'normal');
  assert.equal(tierOf(at(0.011)), 'normal');
});

test('[MO-15] requests a review above eight per cent', () => {
  assert.equal(wantsReview(at(0.079)), false);
  assert.equal(wantsReview(at(0.081)), true);
});

test('[MO-16] requires over ninety per cent and two reporters for a hold', () => {
  assert.equal(maySuspend(at(0.91), SUSPENSION_REPORTERS_MIN), true);
  assert.equal(maySuspend(at(0.91), SUSPENSION_REPORTERS_MIN - 1), false);
  assert.equal(maySuspend(at(0.89), 100), false);
});

test('[MO-17] counts clean sessions since the last report with weight', () => {
  const trust = { ...firstTrust(false, 0), sessions: 30, cleanSessions: 4 };
  assert.deepEqual(cleanSinceSession(trust, 0), { ...trust, cleanSessions: 30 });
  assert.equal(cleanSinceSession(trust, 12).cleanSessions, 18);
  assert.equal(cleanSinceSession(trust, 31).cleanSessions, 0);
});

test('[MO-17] removes all effects of a rejected report', () => {
  const before = at(0.03);
  const reported = afterReportedSession(before, 3, 0);
  close(afterRejectedReport(reported, { weight: 3, atMs: 0 }, 0).score, before.score);
  fc.assert(
    fc.property(
      fc.nat(200),
      fc.nat(200),
      fc.double({ min: 0, max: 4, noNaN: true }),
      (a, b, weight) => {
        const [atMs, nowMs] = [a * 86_400_000, (a + b) * 86_400_000];
        const without = trustAt(at(0.2), nowMs);
        const since = afterReportedSession(at(0.2), weight, atMs);
        close(afterRejectedReport(since, { weight, atMs }, nowMs).score, without.score);
      },
    ),
    { seed: 17 },
  );
});

test('[MO-19] sends half the new to good, a tenth of good to normal', () => {
  const asked: number[] = [];
  const drawn = (tier: Tier) =>
    [true, false].map((lucky) =>
      segmentOf(tier, (probability) => {
        asked.push(probability);
        return lucky;
      }),
    );
  assert.deepEqual(drawn('restricted'), ['restricted', 'restricted']);
  assert.deepEqual(drawn('normal'), ['normal', 'normal']);
  assert.deepEqual(asked, []);
  assert.deepEqual(drawn('new'), ['good', 'normal']);
  assert.deepEqual(drawn('good'), ['normal', 'good']);
  assert.deepEqual(asked, [0.5, 0.5, 0.1, 0.1]);
});
