import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  GOOD_CLEAN_SESSIONS,
  HOLD_NETWORKS_MIN,
  HOLD_PROVEN_MIN,
  NEW_SESSIONS,
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
  weightForSoftware,
  weightOfReport,
} from '@farandole/moderation/trust/trust';
import fc from 'fast-check';

const NEW_REPORTER = { sessions: 0, rejected: 0 };
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
  // A report weighs nothing if a quarter of its reporter's reports were wrong, and never more than
  // 4.
  assert.equal(weightOfReport({ sessions: 100, rejected: 25 }, 'inconclusive'), 0);
  assert.equal(weightOfReport({ sessions: 1_000_000, rejected: 0 }, 'inconclusive'), 4);
});

test("[MO-10] never raises a report's weight when its reporter's error rate rises", () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.nat(1_000), fc.nat(1_000), (sessions, rejected, more) => {
      const before = weightOfReport({ sessions, rejected }, 'inconclusive');
      const after = weightOfReport({ sessions, rejected: rejected + more }, 'inconclusive');
      assert.ok(after <= before && after >= 0 && before <= 4);
    }),
    { seed: 10 },
  );
});

test("[MO-131] caps an unproven reporter's weight for restriction and suspension", () => {
  assert.equal(weightForSoftware(4, true), 4);
  assert.equal(weightForSoftware(4, false), 1.1);
  assert.equal(weightForSoftware(1, false), 1);
});

test('[MO-11] trust scores start at 3 % or 20 %, with a minimum', () => {
  close(harmProbability(firstTrust(false, 0)), 0.03);
  close(harmProbability(firstTrust(true, 0)), 0.2);
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

test('[MO-12] halves a trust score in thirty days and ignores a clock set back', () => {
  const trust = at(0.5);
  const later = trustAt(trust, TRUST_HALF_LIFE_MS);
  close(later.score, (trust.score + trust.prior) / 2);
  assert.deepEqual(trustAt(trust, -TRUST_HALF_LIFE_MS), trust);
  // Decay in two steps equals decay in one step.
  const inSteps = trustAt(trustAt(trust, TRUST_HALF_LIFE_MS / 3), TRUST_HALF_LIFE_MS);
  close(inSteps.score, later.score);
});

test('[MO-14] assigns the first tier that applies of restricted, new, normal, good', () => {
  assert.equal(tierOf(firstTrust(false, 0)), 'new');
  const grounds = { networks: 2, proven: 1, crowdUntilMs: 0 };
  assert.equal(tierOf(at(0.24, { grounds })), 'normal');
  assert.equal(tierOf(at(0.26, { grounds })), 'restricted');
  assert.equal(tierOf(at(0.02, { sessions: NEW_SESSIONS - 1 })), 'new');
  assert.equal(tierOf(at(0.02, { sessions: NEW_SESSIONS })), 'normal');
  assert.equal(tierOf(at(0.009, { cleanSessions: GOOD_CLEAN_SESSIONS })), 'good');
  assert.equal(tierOf(at(0.009, { cleanSessions: GOOD_CLEAN_SESSIONS - 1 })), 'normal');
  assert.equal(tierOf(at(0.011)), 'normal');
});

test('[MO-15] requests a review above a harm probability of 8 %', () => {
  assert.equal(wantsReview(at(0.079)), false);
  assert.equal(wantsReview(at(0.081)), true);
  assert.equal(wantsReview(at(0.03), 1.2), true);
});

test('[MO-133] restricts only after reports from two networks and a proven reporter', () => {
  const shown = (networks: number, proven: number) =>
    tierOf(at(0.9, { grounds: { networks, proven, crowdUntilMs: 0 } }));
  assert.equal(shown(2, 1), 'restricted');
  assert.equal(shown(1, 1), 'normal');
  assert.equal(shown(7, 0), 'normal');
  assert.equal(tierOf(at(0.9)), 'normal');
});

test("[MO-136] restricts a user linked to others only after a proven user's report", () => {
  const linked = firstTrust(true, 0);
  assert.equal(tierOf(linked), 'new');
  const reported = afterReportedSession(linked, Math.log(10), 0);
  const grounds = { networks: 1, proven: 1, crowdUntilMs: 0 };
  assert.equal(tierOf({ ...reported, grounds }), 'restricted');
  assert.equal(tierOf({ ...reported, grounds: { ...grounds, proven: 0 } }), 'new');
});

test('[MO-134] ends a restriction by many unproven reporters after a day', () => {
  const grounds = { networks: 8, proven: 0, crowdUntilMs: 1_000 };
  const trust = at(0.01, { grounds });
  assert.equal(tierOf(trustAt(trust, 999)), 'restricted');
  assert.equal(tierOf(trustAt(trust, 1_000)), 'normal');
  assert.equal(maySuspend(at(0.99, { grounds }), grounds), false);
});

test('[MO-16] suspends only above 90 % probability, with enough networks and proven reporters', () => {
  const enough = { networks: HOLD_NETWORKS_MIN, proven: HOLD_PROVEN_MIN, crowdUntilMs: 0 };
  assert.equal(maySuspend(at(0.91), enough), true);
  assert.equal(maySuspend(at(0.91), { ...enough, networks: HOLD_NETWORKS_MIN - 1 }), false);
  assert.equal(maySuspend(at(0.91), { ...enough, proven: HOLD_PROVEN_MIN - 1 }), false);
  assert.equal(maySuspend(at(0.89), { ...enough, networks: 100, proven: 100 }), false);
});

test('[MO-17] counts clean sessions since the last report that has weight', () => {
  const trust = { ...firstTrust(false, 0), sessions: 30, cleanSessions: 4 };
  assert.deepEqual(cleanSinceSession(trust, 0), { ...trust, cleanSessions: 30 });
  assert.equal(cleanSinceSession(trust, 12).cleanSessions, 18);
  assert.equal(cleanSinceSession(trust, 31).cleanSessions, 0);
});

test('[MO-17] removes all effects of a report once it is rejected', () => {
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

test('[MO-19] lets half of new users meet good ones, a tenth of good users normal ones', () => {
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
