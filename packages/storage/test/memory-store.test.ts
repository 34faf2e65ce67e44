import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  HOUSE_RULES_UNITS_MAX,
  NUMBERS_APPEALS_MS,
  PUBLIC_NUMBERS_MIN,
  QUEUE_ORDERED_MAX,
  QUEUE_SHOWN_MAX,
} from '@farandole/moderation/limits';
import { MemoryStore } from '../src/memory-store.ts';
import { contracts } from './contracts.ts';
import { atDeskOf } from './support/at-desk.ts';
import { given } from './support/desk.ts';

contracts('memory', async () => new MemoryStore());

// Over one store alone, since thousands of cases take long: what it asks for is in the contracts.
it(
  '[MO-20, MO-76] however many cases wait, one that is pinned is the first that is shown',
  atDeskOf(async () => new MemoryStore())(async (desk) => {
    const sue = await desk.hire('sue', 'child-safety');
    const ana = await desk.hire('ana', 'moderator');
    const many = QUEUE_ORDERED_MAX + 10;
    for (let n = 0; n < many; n++) await desk.report(n, { by: `by-${n}`, of: `of-${n}` });
    await desk.report(many, { of: 'young', reason: 'may-be-under-18' });
    await desk.report(many + 1, { of: 'near', reason: 'self-harm' });
    const first = async (by: typeof sue) => {
      const queue = given(await desk.store.run('queue.read', { by, nowMs: desk.nowMs }));
      assert.equal(queue.length, QUEUE_SHOWN_MAX);
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
  }),
);

it(
  '[MO-92] a case says how many reports it has, also where it shows the newest of them',
  atDeskOf(async () => new MemoryStore())(async (desk) => {
    const ana = await desk.hire('ana', 'moderator');
    const { case: of } = await desk.report(0, { by: 'by-0' });
    const counts = async () => {
      const input = { case: of, by: ana, nowMs: desk.nowMs };
      const { reports, reportsInAll } = given(await desk.store.run('case.show', input));
      return [reports.length, reportsInAll];
    };
    for (let n = 1; n < QUEUE_SHOWN_MAX; n++) await desk.report(n, { by: `by-${n}` });
    assert.deepEqual(await counts(), [QUEUE_SHOWN_MAX, QUEUE_SHOWN_MAX]);
    await desk.report(QUEUE_SHOWN_MAX, { by: 'one-more' });
    assert.deepEqual(await counts(), [QUEUE_SHOWN_MAX, QUEUE_SHOWN_MAX + 1]);
  }),
);

// Over one store alone, as above: what it counts is in the contracts.
it(
  '[MO-95] everybody is told rounded numbers of many cases, and nothing of few',
  atDeskOf(async () => new MemoryStore())(async (desk) => {
    const ana = await desk.hire('ana', 'moderator');
    const ben = await desk.hire('ben', 'moderator');
    const told = async () => await desk.store.run('numbers.public', { nowMs: desk.nowMs });
    const decideAfter = async (n: number, afterMs: number, outcome: 'uphold' | 'overturn') => {
      const { case: of } = await desk.report(n, { of: `of-${n}`, atMs: desk.nowMs - afterMs });
      const { decision } = await desk.decideNow(of, ana, 'warn');
      const { id: appeal } = given(await desk.appeal(decision.id));
      const answer = { appeal, by: ben, outcome, endsAtMs: null, nowMs: desk.nowMs };
      given(await desk.store.run('appeal.answer', answer));
    };
    const hourMs = 3_600_000;
    for (let n = 1; n < PUBLIC_NUMBERS_MIN; n++) await decideAfter(n, 5.1 * hourMs, 'uphold');
    assert.deepEqual(await told(), { halfWithinHours: null, overturnedPercent: null });
    await decideAfter(PUBLIC_NUMBERS_MIN, hourMs, 'uphold');
    assert.deepEqual(await told(), { halfWithinHours: 6, overturnedPercent: 0 });
    // What an appeal took back is of the appeals, and not of what stands.
    for (let n = 21; n <= 23; n++) await decideAfter(n, 90 * hourMs, 'overturn');
    assert.deepEqual(await told(), { halfWithinHours: 6, overturnedPercent: 15 });
    for (let n = 31; n <= 60; n++) await decideAfter(n, 30 * hourMs, 'uphold');
    assert.deepEqual(await told(), { halfWithinHours: 48, overturnedPercent: 5 });
    desk.nowMs += NUMBERS_APPEALS_MS + 1;
    assert.deepEqual(await told(), { halfWithinHours: null, overturnedPercent: null });
  }),
);

it(
  '[MO-96, ST-20] each change of the rules of the house is a version more and leaves a row; none changes an old one',
  atDeskOf(async () => new MemoryStore())(async (desk) => {
    const rae = await desk.hire('rae', 'rules');
    const base = { by: rae, nowMs: desk.nowMs };
    const put = async (en: string, fr: string, before: number) =>
      await desk.store.run('house-rules.put', { ...base, en, fr, before });
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
  }),
);
