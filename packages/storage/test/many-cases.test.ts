import assert from 'node:assert/strict';
import type { MemberId } from '@farandole/accounts/ids';
import { brandId } from '@farandole/kernel/id';
import type { CaseStep } from '@farandole/moderation/cases/case-steps';
import type { ApprovalId, CaseId, DecisionId, ReportId } from '@farandole/moderation/ids';
import {
  HOUSE_RULES_UNITS_MAX,
  NUMBERS_APPEALS_MS,
  PUBLIC_NUMBERS_MIN,
  QUEUE_ORDERED_MAX,
  QUEUE_PAGE,
  QUEUE_SHOWN_MAX,
  SAMPLE_KEPT_MS,
  TEXT_DISMISSED_MS,
  UNDO_MS,
} from '@farandole/moderation/limits';
import type { ReportReason } from '@farandole/moderation/reports/reason';
import { atDeskOf } from './support/at-desk.ts';
import { type Desk, given } from './support/desk.ts';
import { memoryStore } from './support/memory-store.ts';

// These tests run on one kind of store only, because the contract suites test each query on every
// store.
const it = atDeskOf(async () => memoryStore());

/** Enough dismissed cases for the review to sample some of them. */
const MANY = 150;

it('[MO-20, MO-76] lists a pinned case before many others', async (desk) => {
  const sue = await desk.hire('sue', 'child-safety');
  const ana = await desk.hire('ana', 'moderator');
  const many = QUEUE_ORDERED_MAX + 10;
  for (let n = 0; n < many; n++) await desk.report(n, { by: `by-${n}`, of: `of-${n}` });
  await desk.report(many, { of: 'young', reason: 'may-be-under-18' });
  await desk.report(many + 1, { of: 'near', reason: 'self-harm' });
  const first = async (by: typeof sue) => {
    const queue = await desk.queue(by);
    assert.equal(queue.length, QUEUE_PAGE);
    return queue.slice(0, 3).map(({ of, priority }) => [of.subject, priority.pinned]);
  };
  const oldest = ['subject-of-0', false];
  const pinned = [
    ['subject-young', true],
    ['subject-near', true],
  ];
  assert.deepEqual(await first(sue), [...pinned, oldest]);
  const [, near] = pinned;
  assert.deepEqual(await first(ana), [near, oldest, ['subject-of-1', false]]);
});

it('[MO-92] counts all reports of a case and shows the newest', async (desk) => {
  const ana = await desk.hire('ana', 'moderator');
  const { case: of } = await desk.report(0, { by: 'by-0' });
  const counts = async () => {
    const { reports, reportsInAll } = await desk.do('case.show', { case: of, by: ana });
    return [reports.length, reportsInAll];
  };
  for (let n = 1; n < QUEUE_SHOWN_MAX; n++) await desk.report(n, { by: `by-${n}` });
  assert.deepEqual(await counts(), [QUEUE_SHOWN_MAX, QUEUE_SHOWN_MAX]);
  await desk.report(QUEUE_SHOWN_MAX, { by: 'one-more' });
  assert.deepEqual(await counts(), [QUEUE_SHOWN_MAX, QUEUE_SHOWN_MAX + 1]);
});

it('[MO-99] keeps texts of sampled dismissals until reviewed, or for two weeks', async (desk) => {
  const ana = await desk.hire('ana', 'senior', 'child-safety');
  const ben = await desk.hire('ben', 'senior');
  const list = async (by: MemberId) => await desk.do('sample.list', { by });
  const kept = async (of: CaseId) => await readable(desk, of, ana);
  const first = await reportMany(desk, 1_000, 'hate');
  await dismiss(desk, first, ana);
  assert.deepEqual(await list(ben), [], 'it may still be undone');
  const shown = await desk.do('case.show', { case: first, by: ana });
  assert.ok(shown.decisions.every(({ decision }) => !('sample' in decision)));
  desk.nowMs += UNDO_MS;
  const [sampled, ...others] = await list(ben);
  assert.deepEqual([sampled?.of.id, sampled?.mayAnswer, others], [first, true, []]);
  assert.equal((await list(ana))[0]?.mayAnswer, false);
  desk.nowMs += TEXT_DISMISSED_MS;
  const drawn = sampled?.decision.sample?.reports ?? [];
  assert.ok(drawn.length >= 2 && drawn.length <= 20, `${drawn.length} of 150`);
  assert.deepEqual((await kept(first)).toSorted(), [...drawn].toSorted());
  const second = await reportMany(desk, 2_000, 'hate');
  await dismiss(desk, second, ana);
  const answer = async (by: MemberId) => {
    const decision = sampled?.decision.id ?? brandId<DecisionId>('none');
    return await desk.run('sample.answer', { decision, by, agrees: false });
  };
  assert.deepEqual(await answer(ana), { ok: false, reason: 'same-person' });
  given(await answer(ben));
  assert.deepEqual(await answer(ben), { ok: false, reason: 'unknown' });
  assert.deepEqual(await kept(first), [], 'nobody needs them any more');
  const period = { by: null, fromMs: 0, toMs: desk.nowMs, page: 0 };
  assert.deepEqual(given(await desk.store.run('transparency.read', period)).sampled, [false]);
  desk.nowMs += SAMPLE_KEPT_MS - 1;
  assert.ok((await kept(second)).length > 0);
  desk.nowMs += 1;
  assert.deepEqual(await kept(second), []);
  assert.deepEqual(await list(ben), []);
});

it('[MO-99, MO-121] never samples a possible minor’s case; hides texts sampled earlier', async (desk) => {
  const ana = await desk.hire('ana', 'senior', 'child-safety');
  const ben = await desk.hire('ben', 'senior', 'child-safety');
  const young = await reportMany(desk, 0, 'may-be-under-18');
  await dismiss(desk, young, ana);
  const later = await reportMany(desk, 1_000, 'hate');
  const drawn = await dismiss(desk, later, ana);
  desk.nowMs += UNDO_MS;
  const list = async () => await desk.do('sample.list', { by: ben });
  assert.deepEqual(
    (await list()).map(({ decision }) => decision.id),
    [drawn],
  );
  const step = async (event: CaseStep) =>
    await desk.do('case.step', { case: later, by: ana, step: event });
  await step({ event: 'reopen', why: 'new-facts' });
  await desk.assign(later, ana);
  await step({ event: 'escalate', to: 'child-safety' });
  const isNothing = async () => {
    assert.deepEqual(await list(), []);
    const answered = await desk.run('sample.answer', { decision: drawn, by: ben, agrees: true });
    assert.deepEqual(answered, { ok: false, reason: 'unknown' });
  };
  await isNothing();
  await dismiss(desk, later, ben);
  desk.nowMs += UNDO_MS;
  await isNothing();
  for (const one of [young, later]) {
    const { decisions } = await desk.do('case.show', { case: one, by: ben });
    const [stands] = decisions.filter(({ decision }) => decision.reversedAtMs === null);
    assert.equal(stands?.decision.measure, 'dismiss');
    assert.equal('sample' in stands.decision, false);
  }
  desk.nowMs += SAMPLE_KEPT_MS;
  for (const one of [young, later]) assert.equal((await readable(desk, one, ben)).length, MANY);
});

async function reportMany(desk: Desk, first: number, reason: ReportReason): Promise<CaseId> {
  for (let n = first; n < first + MANY; n++) {
    const about = { by: `by-${n}`, of: reason, reason, said: ['one'], atMs: desk.nowMs };
    await desk.report(n, about);
  }
  return brandId<CaseId>(`case-from-${first}`);
}

async function dismiss(desk: Desk, of: CaseId, by: MemberId): Promise<DecisionId> {
  await desk.assign(of, by);
  const freshDecision = brandId<DecisionId>(desk.fresh('decision'));
  const input = {
    case: of,
    by,
    decision: { measure: 'dismiss', reason: 'hate', note: '' },
    networks: [],
    freshDecision,
    freshApproval: brandId<ApprovalId>(desk.fresh('approval')),
    sampleSeed: 'a seed',
    nowMs: desk.nowMs,
  } as const;
  given(await desk.store.run('case.decide', input));
  return freshDecision;
}

async function readable(desk: Desk, of: CaseId, by: MemberId): Promise<readonly ReportId[]> {
  await desk.run('time.pass', {});
  await desk.run('time.pass', {});
  const { reports } = await desk.do('case.show', { case: of, by });
  return reports.filter(({ words }) => words !== null).map(({ report }) => report.id);
}

it('[MO-95] publishes rounded figures, and none about only a few cases', async (desk) => {
  const [ana, ben] = await desk.hireModerators('ana', 'ben');
  const told = async () => await desk.run('numbers.public', {});
  const decideAfter = async (n: number, afterMs: number, outcome: 'uphold' | 'overturn') => {
    const { case: of } = await desk.report(n, { of: `of-${n}`, atMs: desk.nowMs - afterMs });
    const { decision } = await desk.decideNow(of, ana, 'warn');
    const { id: appeal } = given(await desk.appeal(decision.id));
    await desk.answerAppeal(appeal, ben, outcome);
  };
  const hourMs = 3_600_000;
  for (let n = 1; n < PUBLIC_NUMBERS_MIN; n++) await decideAfter(n, 5.1 * hourMs, 'uphold');
  assert.deepEqual(await told(), { halfWithinHours: null, overturnedPercent: null });
  await decideAfter(PUBLIC_NUMBERS_MIN, hourMs, 'uphold');
  assert.deepEqual(await told(), { halfWithinHours: 6, overturnedPercent: 0 });
  // The overturned decision is left out of the figure.
  for (let n = 21; n <= 23; n++) await decideAfter(n, 90 * hourMs, 'overturn');
  assert.deepEqual(await told(), { halfWithinHours: 6, overturnedPercent: 15 });
  for (let n = 31; n <= 60; n++) await decideAfter(n, 30 * hourMs, 'uphold');
  assert.deepEqual(await told(), { halfWithinHours: 48, overturnedPercent: 5 });
  desk.nowMs += NUMBERS_APPEALS_MS + 1;
  assert.deepEqual(await told(), { halfWithinHours: null, overturnedPercent: null });
});

it('[MO-96, ST-20] numbers and audits each version of the house rules', async (desk) => {
  const rae = await desk.hire('rae', 'rules');
  const base = { by: rae, nowMs: desk.nowMs };
  const put = async (en: string, fr: string, before: number) =>
    await desk.store.run('house-rules.put', { ...base, texts: { en, fr }, before });
  const version = async () => (await desk.store.run('house-rules.read', null)).version;
  assert.equal(await version(), 0);
  given(await put('One.', 'Un.', 0));
  assert.deepEqual(await put('Two.', 'Deux.', 0), { ok: false, reason: 'changed-meanwhile' });
  given(await put('One.', 'Un.', 1));
  assert.equal(await version(), 1, 'what is as it was is no other version');
  given(await put('Two.', 'Deux.', 1));
  const most = 'x'.repeat(HOUSE_RULES_UNITS_MAX);
  given(await put(most, '', 2));
  for (const [text, reason] of [
    [`${most}x`, 'rules-too-long'],
    ['a\u0000b', 'rules-have-control-characters'],
  ] as const) {
    assert.deepEqual(await put('', text, 3), { ok: false, reason });
  }
  const rows = (await desk.audit()).filter(({ action }) => action === 'rules.put');
  assert.deepEqual(
    rows.map(({ by, details }) => [by, details]),
    [1, 2, 3].map((n) => [rae, { version: n }]),
  );
  const setting = { name: 'rules.house', value: '{}', by: null, nowMs: desk.nowMs };
  assert.equal((await desk.store.run('setting.put', setting)).ok, false);
});
