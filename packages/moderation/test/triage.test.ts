import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId } from '@farandole/kernel/id';
import type { CaseFacts, ReasonGiven } from '@farandole/moderation/cases/case-machine';
import { isSuspended, suspensionOf } from '@farandole/moderation/cases/suspension';
import type { CaseId } from '@farandole/moderation/ids';
import {
  HOLD_NETWORKS_MIN,
  HOLD_PROVEN_MIN,
  SUSPENSION_MS_MAX,
  UNPROVEN_EVERY,
} from '@farandole/moderation/limits';
import { REPORT_REASONS, ruleOfReason } from '@farandole/moderation/reports/reason';
import {
  belongsInQueue,
  compareKeys,
  type Priority,
  priorityOf,
  queueKey,
  turnOf,
  withUnproven,
} from '@farandole/moderation/reports/triage';
import { NO_GROUNDS } from '@farandole/moderation/trust/grounds';
import { firstTrust, logit, type Trust } from '@farandole/moderation/trust/trust';
import fc from 'fast-check';
import { FACTS, NOW_MS, SUBJECT } from './support/cases.ts';

const trustOf = (p: number): Trust => ({ ...firstTrust(false, NOW_MS), score: logit(p) });
const given = (reason: ReasonGiven['reason'], firstAtMs = NOW_MS): ReasonGiven => ({
  reason,
  times: 1,
  firstAtMs,
});
const caseOf = (...reasons: readonly ReasonGiven[]): CaseFacts => ({ ...FACTS, reasons });
const score = (facts: CaseFacts, p: number, metLastHour: number, nowMs = NOW_MS): number =>
  priorityOf(facts, { trust: trustOf(p), metLastHour }, nowMs).score;

const keyOf = ({ facts, priority }: { facts: CaseFacts; priority: Priority }) =>
  queueKey(facts, priority, turnOf(facts));

test('[MO-20] scores a case by severity, probability, exposure and lateness', () => {
  const spam = caseOf(given('scam-or-spam'));
  assert.ok(score(caseOf(given('hate')), 0.2, 3) > score(spam, 0.2, 3));
  assert.ok(score(spam, 0.3, 3) > score(spam, 0.2, 3));
  assert.ok(score(spam, 0.2, 9) > score(spam, 0.2, 3));
  assert.ok(score(spam, 0.2, 3, NOW_MS + 1_000) > score(spam, 0.2, 3));
});

test('[MO-20] orders pinned cases first and never leaves two cases equal', () => {
  const entry = fc.record({
    reason: fc.constantFrom(...REPORT_REASONS),
    p: fc.double({ min: 0.001, max: 0.999, noNaN: true }),
    met: fc.nat(500),
    ageMs: fc.nat(1_000_000_000),
    imminent: fc.boolean(),
    n: fc.nat(1_000_000),
  });
  fc.assert(
    fc.property(fc.array(entry, { minLength: 2, maxLength: 12 }), (entries) => {
      const queue = entries.map(({ reason, p, met, ageMs, imminent, n }, i) => {
        const id = brandId<CaseId>(`case-${n}-${i}`);
        const openedAtMs = NOW_MS - ageMs;
        const facts = { ...caseOf(given(reason, openedAtMs)), id, openedAtMs, imminent };
        return {
          facts,
          priority: priorityOf(facts, { trust: trustOf(p), metLastHour: met }, NOW_MS),
        };
      });
      const sorted = queue.toSorted((a, b) => compareKeys(keyOf(a), keyOf(b)));
      const firstFree = sorted.findIndex(({ priority }) => !priority.pinned);
      const after = firstFree === -1 ? [] : sorted.slice(firstFree);
      assert.ok(after.every(({ priority }) => !priority.pinned));
      for (const a of queue) {
        for (const b of queue) {
          if (a === b) continue;
          assert.equal(compareKeys(keyOf(a), keyOf(b)), -compareKeys(keyOf(b), keyOf(a)));
          assert.notEqual(compareKeys(keyOf(a), keyOf(b)), 0);
        }
      }
    }),
    { seed: 20, numRuns: 200 },
  );
});

test('[MO-21] sets the deadline by the first report with the most urgent reason', () => {
  const facts = caseOf(given('other', NOW_MS - 10), given('threat-or-violence', NOW_MS - 5));
  const { dueAtMs, lateness, severity } = priorityOf(
    facts,
    { trust: trustOf(0.1), metLastHour: 0 },
    NOW_MS,
  );
  const { deadlineMs } = ruleOfReason('threat-or-violence');
  assert.equal(dueAtMs, NOW_MS - 5 + deadlineMs);
  assert.equal(severity, 4);
  assert.ok(lateness < 0.001);
  const atDeadline = priorityOf(facts, { trust: trustOf(0.1), metLastHour: 0 }, dueAtMs);
  assert.equal(atDeadline.lateness, 1);
});

test('[MO-21] treats a case without a counted reason as "other"', () => {
  const { dueAtMs, severity, pinned } = priorityOf(
    caseOf(),
    { trust: trustOf(0.1), metLastHour: 0 },
    NOW_MS,
  );
  assert.equal(dueAtMs, FACTS.openedAtMs + ruleOfReason('other').deadlineMs);
  assert.deepEqual([severity, pinned], [1, false]);
});

test('[MO-15] queues cases with pinned reasons or imminent harm at any score', () => {
  assert.equal(belongsInQueue(caseOf(given('hate')), trustOf(0.01)), false);
  assert.equal(belongsInQueue(caseOf(given('hate')), trustOf(0.09)), true);
  assert.equal(belongsInQueue(caseOf(given('self-harm')), trustOf(0.01)), true);
  assert.equal(belongsInQueue(caseOf(given('may-be-under-18')), trustOf(0.01)), true);
  assert.equal(belongsInQueue({ ...FACTS, imminent: true }, trustOf(0.01)), true);
  assert.equal(belongsInQueue({ ...FACTS, crowded: true }, trustOf(0.01)), true);
});

test('[MO-132] shows a case with only unproven reporters as every third case', () => {
  const queued = (n: number, provenReporters: number, pinned = false) => ({
    of: { n, provenReporters },
    priority: { pinned },
  });
  const names = (count: number, of: (n: number) => ReturnType<typeof queued>) =>
    withUnproven(Array.from({ length: count }, (_, n) => of(n))).map(({ of: { n } }) => n);
  // Only unproven users reported the last three of these ten cases.
  assert.deepEqual(
    names(10, (n) => queued(n, n < 7 ? 1 : 0)),
    [0, 1, 7, 2, 3, 8, 4, 5, 9, 6],
  );
  assert.deepEqual(
    names(5, (n) => queued(n, 0)),
    [0, 1, 2, 3, 4],
  );
  assert.deepEqual(
    names(5, (n) => queued(n, 1)),
    [0, 1, 2, 3, 4],
  );
  // Pinned cases stay before unpinned ones.
  assert.deepEqual(
    names(6, (n) => queued(n, n < 5 ? 1 : 0, n < 3)),
    [0, 1, 2, 3, 4, 5],
  );
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (proven) => {
      const cases = proven.map((is, n) => queued(n, is ? 1 : 0));
      const shown = withUnproven(cases);
      assert.equal(new Set(shown).size, cases.length);
      const waits = (from: number) => shown.slice(from).some(({ of }) => of.provenReporters === 0);
      for (let at = 0; at + UNPROVEN_EVERY <= shown.length; at += 1) {
        const some = shown.slice(at, at + UNPROVEN_EVERY);
        const isMixed = some.some(({ of }) => of.provenReporters === 0);
        assert.ok(isMixed || !waits(at + UNPROVEN_EVERY), `three proven from ${at}`);
      }
    }),
    { seed: 132 },
  );
});

test('[MO-16] suspends a subject once per case, for at most a day', () => {
  const input = {
    subject: SUBJECT,
    case: FACTS.id,
    trust: trustOf(0.95),
    grounds: { networks: HOLD_NETWORKS_MIN, proven: HOLD_PROVEN_MIN, crowdUntilMs: 0 },
    wasHeld: false,
  };
  const hold = suspensionOf(input, NOW_MS);
  assert.ok(hold !== null);
  assert.equal(isSuspended(hold, NOW_MS + SUSPENSION_MS_MAX - 1), true);
  assert.equal(isSuspended(hold, NOW_MS + SUSPENSION_MS_MAX), false);
  assert.equal(suspensionOf({ ...input, wasHeld: true }, NOW_MS + 2 * SUSPENSION_MS_MAX), null);
  assert.equal(suspensionOf({ ...input, grounds: NO_GROUNDS }, NOW_MS), null);
  assert.equal(isSuspended(null, NOW_MS), false);
});
