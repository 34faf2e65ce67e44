import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import { type KnownOfSubject, takeIn } from '@farandole/moderation/cases/intake';
import type { CaseId } from '@farandole/moderation/ids';
import { REPORT_REASONS, ruleOfReason } from '@farandole/moderation/reports/reason';
import { CASES, makeReport, NOW_MS } from './support/cases.ts';

const NOTHING: KnownOfSubject = {
  ...{ openCase: null, reportedIn: null, reporterKnown: false },
  isApart: false,
  source: { turn: 1, fold: null, losesPin: false },
};
const freshId = (): CaseId => brandId<CaseId>('case-new1');

test("[MO-1] counts one user's repeated reports of the same call once", () => {
  const into = brandId<CaseId>('case-0001');
  const again = takeIn(makeReport(), { ...NOTHING, reportedIn: into }, () =>
    assert.fail('no new case'),
  );
  assert.deepEqual(again, { intake: 'merged', into });
});

test('[MO-2] opens a case with the first report and adds later ones', () => {
  const first = takeIn(makeReport(), NOTHING, freshId);
  assert.ok(first.intake === 'opened');
  assert.equal(first.case.state, 'open');
  assert.equal(first.case.id, 'case-new1');
  const second = takeIn(
    makeReport({ by: brandId<SubjectId>('reporter-2'), reason: 'scam-or-spam' }),
    { ...NOTHING, openCase: first.case },
    () => assert.fail('no second case'),
  );
  assert.ok(second.intake === 'joined');
  assert.equal(second.case.id, first.case.id);
  assert.equal(second.case.reports, 2);
  assert.equal(second.case.reporters, 2);
});

test('[MO-3] counts each reporter once; stores when each reason was first reported', () => {
  let known = takeIn(makeReport(), NOTHING, freshId);
  assert.ok(known.intake === 'opened');
  known = takeIn(
    makeReport({ atMs: NOW_MS + 5 }),
    { ...NOTHING, openCase: known.case, reporterKnown: true },
    freshId,
  );
  assert.ok(known.intake === 'joined');
  assert.deepEqual(known.case.reasons, [{ reason: 'hate', times: 2, firstAtMs: NOW_MS }]);
  assert.equal(known.case.reports, 2);
  assert.equal(known.case.reporters, 1);
});

test('[MO-3] ignores reason, reporter and queue of a report with forged evidence', () => {
  const report = makeReport({ reason: 'may-be-under-18', evidence: 'contradicted' });
  const { reasons, reports, reporters } = CASES.assigned;
  const joined = takeIn(report, { ...NOTHING, openCase: CASES.assigned }, freshId);
  assert.ok(joined.intake === 'joined');
  assert.deepEqual([joined.case.lane, joined.case.state], ['normal', 'assigned']);
  assert.deepEqual(joined.case.reasons, reasons);
  assert.deepEqual([joined.case.reports, joined.case.reporters], [reports + 1, reporters]);
  const alone = takeIn(report, NOTHING, freshId);
  assert.ok(alone.intake === 'opened');
  assert.deepEqual([alone.case.lane, alone.case.reasons], ['normal', []]);
  assert.deepEqual([alone.case.reports, alone.case.reporters], [1, 0]);
});

test("[MO-3] moves a possible minor's case to child safety permanently", () => {
  const minor = takeIn(
    makeReport({ reason: 'may-be-under-18' }),
    { ...NOTHING, openCase: CASES.queued },
    freshId,
  );
  assert.ok(minor.intake === 'joined');
  assert.equal(minor.case.lane, 'child-safety');
  assert.equal(minor.case.state, 'queued');
  const held = takeIn(
    makeReport({ reason: 'may-be-under-18' }),
    { ...NOTHING, openCase: CASES.assigned },
    freshId,
  );
  assert.ok(held.intake === 'joined');
  assert.equal(held.case.state, 'queued', 'whoever had it may not read it any more');
  const later = takeIn(makeReport(), { ...NOTHING, openCase: minor.case }, freshId);
  assert.ok(later.intake === 'joined');
  assert.equal(later.case.lane, 'child-safety');
});

test("[MO-3d] keeps a child-safety case separate until a report merges the subject's cases", () => {
  const minor = makeReport({ reason: 'may-be-under-18' });
  const opened = takeIn(minor, { ...NOTHING, isApart: true }, freshId);
  assert.ok(opened.intake === 'opened');
  assert.deepEqual([opened.case.lane, opened.case.apart], ['child-safety', true]);
  const known = { ...NOTHING, openCase: opened.case };
  const again = takeIn(minor, { ...known, isApart: true }, freshId);
  assert.ok(again.intake === 'joined');
  assert.equal(again.case.apart, true);
  const whole = takeIn(minor, known, freshId);
  assert.ok(whole.intake === 'joined');
  assert.equal(whole.case.apart, undefined);
});

test('[MO-4] accepts pictures for every reason except minors and exchanges', () => {
  const without = REPORT_REASONS.filter((reason) => !ruleOfReason(reason).pictures);
  assert.deepEqual(without, ['may-be-under-18', 'not-here-to-learn']);
});
