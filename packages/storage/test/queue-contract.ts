import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import type { QueuePage } from '@farandole/moderation/cases/queue';
import type { CaseId, FoldId } from '@farandole/moderation/ids';
import { PIN_PEOPLE_MAX, QUEUE_PAGE } from '@farandole/moderation/limits';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { atDeskOf } from './support/at-desk.ts';
import { caseId, type Desk, type ReportChange, START_MS } from './support/desk.ts';

const subjects = (rows: QueuePage['rows']): readonly string[] =>
  rows.map(({ of }) => of.subject.replace('subject-', ''));

/** Reads all pages of the queue, or of a fold (cases that the queue shows as one row). */
async function allRows(
  desk: Desk,
  by: MemberId,
  asked: { readonly fold?: FoldId; readonly show?: 'free' | 'mine' } = {},
  between: (rows: QueuePage['rows']) => Promise<void> = async () => {},
): Promise<readonly QueuePage['rows'][]> {
  const pages: QueuePage['rows'][] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const page = await desk.page(by, { ...asked, ...(after !== undefined && { after }) });
    assert.ok(page.rows.length <= QUEUE_PAGE);
    pages.push(page.rows);
    await between(page.rows);
    after = page.next;
  }
  return pages;
}

async function reportAll(desk: Desk, reports: readonly (readonly [number, ReportChange])[]) {
  for (let from = 0; from < reports.length; from += 100) {
    const some = reports.slice(from, from + 100);
    await Promise.all(some.map(([n, change]) => desk.report(n, change)));
  }
}

export function queueContract(adapter: string, open: () => Promise<ModerationStore>): void {
  const it = atDeskOf(open);

  describe(`the queue treats reporters' networks fairly: ${adapter}`, () => {
    it('[MO-143] shows excess reports of a network as one row with the worst reason', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const over = { from: 'campus', overBudget: true } as const;
      await desk.report(1, { of: 'a', by: 'b1', from: 'campus', reason: 'hate' });
      await desk.report(2, { of: 'b', by: 'b2', ...over, byDevice: 'x', reason: 'hate' });
      await desk.report(3, { of: 'c', by: 'b3', ...over, byDevice: 'x', reason: 'self-harm' });
      await desk.report(4, { of: 'd', by: 'b4', ...over, byDevice: 'x', reason: 'self-harm' });
      await desk.report(5, { of: 'e', by: 'b5', ...over, byDevice: 'y', reason: 'self-harm' });
      await desk.report(6, { of: 'e', by: 'b6', ...over, byDevice: 'y', reason: 'self-harm' });
      const rows = await desk.queue(ana);
      assert.deepEqual(subjects(rows), ['c', 'a']);
      const [crowd] = rows;
      assert.deepEqual([crowd?.crowd?.reports, crowd?.priority.pinned], [5, true]);
      const fold = crowd?.crowd?.fold;
      assert.ok(fold !== undefined);
      const page = await desk.page(ana, { fold });
      // Severe reasons come first. Within one severity, the reporters' devices take turns.
      assert.deepEqual(subjects(page.rows), ['c', 'e', 'd', 'b']);
      assert.deepEqual([page.crowd, page.next], [{ fold, reports: 5 }, null]);
      const [counts] = await desk.run('desk.counts', { members: [ana] });
      assert.equal(counts?.waiting, 2, 'all folded cases count as one');
      const { case: young } = await desk.report(7, {
        ...{ ...over, of: 'f', by: 'b7', reason: 'may-be-under-18' },
      });
      await desk.prove('cleo');
      const { case: proven } = await desk.report(8, { ...over, of: 'g', by: 'cleo' });
      const sue = await desk.hire('sue', 'child-safety');
      const listed = (await desk.queue(sue)).filter(({ crowd: one }) => one === null);
      const ids = listed.map(({ of }) => of.id);
      assert.ok(ids.includes(young) && ids.includes(proven));
    });

    it('[MO-143b] a report within the budget takes a case out of its fold', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const over = { from: 'campus', overBudget: true, byDevice: 'x' } as const;
      for (let n = 1; n <= 3; n++) await desk.report(n, { of: `of-${n}`, by: `by-${n}`, ...over });
      const shown = async () => {
        const rows = await desk.queue(ana);
        return rows.map(({ of, crowd }) => [of.subject, crowd?.reports ?? null]);
      };
      assert.deepEqual(await shown(), [['subject-of-1', 3]]);
      await desk.report(4, { of: 'of-1', by: 'somebody', from: 'elsewhere', atMs: START_MS + 4 });
      assert.deepEqual(await shown(), [
        ['subject-of-1', null],
        ['subject-of-2', 2],
      ]);
      // Once a member has taken a case, the case leaves its fold for good.
      const second = (await desk.queue(ana))[1]?.of.id;
      assert.ok(second !== undefined);
      await desk.assign(second, ana);
      await desk.step(second, ana, { event: 'release' });
      const rows = await desk.queue(ana);
      assert.deepEqual(
        rows.flatMap(({ crowd }) => (crowd === null ? [] : [crowd.reports])),
        [1],
      );
      assert.ok(rows.some(({ of, crowd }) => of.id === second && crowd === null));
      // Imminent harm takes a case out of its fold at once.
      const { rows: folded } = await desk.page(ana, { fold: rows.at(-1)?.crowd?.fold as FoldId });
      const [third] = folded;
      assert.ok(third !== undefined);
      await desk.step(third.of.id, ana, { event: 'prioritise', imminent: true });
      assert.deepEqual((await shown())[0], ['subject-of-3', null]);
    });

    it('[MO-144] lists pinned cases of proven reporters first, then networks in turn', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const reason = 'self-harm';
      for (let n = 1; n <= 3; n++) {
        await desk.report(n, { of: `flood-${n}`, by: `by-${n}`, from: 'flood', reason });
      }
      await desk.report(4, { of: 'other', by: 'by-4', from: 'other', reason });
      await desk.prove('ada');
      await desk.report(5, { of: 'known', by: 'ada', from: 'flood', reason });
      assert.deepEqual(subjects(await desk.queue(ana)), [
        ...['known', 'flood-1', 'other', 'flood-2', 'flood-3'],
      ]);
      // The last case keeps its turn. Otherwise it could move to a page that the member has
      // already read.
      await desk.decideNow((await desk.queue(ana))[1]?.of.id ?? caseId('none'), ana, 'dismiss');
      await desk.report(6, { of: 'late', by: 'by-6', from: 'flood', reason });
      assert.deepEqual(subjects(await desk.queue(ana)), [
        ...['known', 'other', 'flood-2', 'flood-3', 'late'],
      ]);
    });

    it('[MO-145] reports between new users of one small network pin no case', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const pinned = async (of: string) => {
        const row = (await desk.queue(ana)).find(({ of: { subject: one } }) => one.endsWith(of));
        return row?.priority.pinned;
      };
      const reason = 'self-harm';
      const people = Array.from({ length: PIN_PEOPLE_MAX - 1 }, (_, n) => `neighbour-${n}`);
      await desk.see('home', 'mallory', ...people);
      await desk.report(1, { from: 'home', reason });
      assert.equal(await pinned('mallory'), false);
      await desk.report(2, { by: 'bob', from: 'elsewhere', reason });
      assert.equal(await pinned('mallory'), true);
      // A report from a larger network keeps its pin, and so does one by a proven user.
      await desk.see('home', 'oscar', 'one-more');
      await desk.report(3, { of: 'oscar', by: 'cleo', from: 'home', reason });
      assert.equal(await pinned('oscar'), true);
      await desk.see('cabin', 'peggy');
      await desk.prove('dave');
      await desk.report(4, { of: 'peggy', by: 'dave', from: 'cabin', reason });
      assert.equal(await pinned('peggy'), true);
      const sue = await desk.hire('sue', 'child-safety');
      await desk.see('den', 'young');
      await desk.report(5, { of: 'young', by: 'erin', from: 'den', reason: 'may-be-under-18' });
      const young = (await desk.queue(sue)).find(({ of }) => of.subject === 'subject-young');
      assert.equal(young?.priority.pinned, true);
    });

    it('[MO-146] shows each case on one page, although members take cases meanwhile', async (desk) => {
      const [ana, ben] = await desk.hireModerators('ana', 'ben');
      const count = 2 * QUEUE_PAGE + 20;
      await reportAll(
        desk,
        Array.from({ length: count }, (_, n) => [
          n,
          {
            ...{ of: `of-${n}`, by: `by-${n}`, from: `net-${n % 30}` },
            reason: (['self-harm', 'hate', 'other'] as const)[n % 3] ?? 'other',
          },
        ]),
      );
      const seen: CaseId[] = [];
      const pages = await allRows(desk, ana, {}, async (rows) => {
        seen.push(...rows.map(({ of }) => of.id));
        for (const { of } of rows.slice(0, 3)) await desk.decideNow(of.id, ben, 'dismiss');
        await desk.report(1_000 + seen.length, { of: `new-${seen.length}`, by: 'one-more' });
      });
      assert.deepEqual(
        pages.slice(0, 2).map(({ length }) => length),
        [QUEUE_PAGE, QUEUE_PAGE],
      );
      assert.equal(new Set(seen).size, seen.length, 'no case is shown twice');
      const first = new Set(Array.from({ length: count }, (_, n) => `case-from-${n}`));
      for (const id of seen) first.delete(id);
      assert.deepEqual([...first], [], 'no case is skipped');
      const [free] = await allRows(desk, ana, { show: 'free' });
      const [one] = free ?? [];
      assert.ok(one !== undefined);
      await desk.assign(one.of.id, ana);
      const rows = (await allRows(desk, ana, { show: 'mine' })).flat();
      assert.deepEqual(
        rows.map(({ of }) => of.id),
        [one.of.id],
      );
      const left = (await allRows(desk, ben, { show: 'free' })).flat();
      assert.ok(left.length > QUEUE_PAGE && left.every(({ of }) => of.id !== one.of.id));
      for (const after of ['', 'x', '[]', '{}', '{"atMs":1,"marks":{"folds":{"after":[1]}}}']) {
        const { nowMs } = desk;
        assert.deepEqual(await desk.store.run('queue.read', { by: ana, nowMs, after }), {
          ok: false,
          reason: 'malformed',
        });
      }
    });
  });
}

const FLOOD = 1_600;
const FLOOD_MS = 2 * 60_000;

/** These tests are separate, because writing a thousand reports takes long. */
export function floodContract(adapter: string, open: () => Promise<ModerationStore>): void {
  const it = atDeskOf(open);

  describe(`many reports from one network hide no other report: ${adapter}`, () => {
    it('[MO-143, MO-146] shows a pinned report on the first page behind 1,600 others', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const flood = Array.from({ length: FLOOD }, (_, n): [number, ReportChange] => [
        n,
        {
          ...{ of: `of-${n}`, by: `by-${n}`, from: 'flood', byDevice: `device-${n % 3}` },
          ...{ reason: 'self-harm', atMs: START_MS + Math.floor((n * FLOOD_MS) / FLOOD) },
          ...(n >= 10 && { overBudget: true as const }),
        },
      ]);
      await reportAll(desk, flood);
      desk.nowMs = START_MS + FLOOD_MS;
      const canary = { of: 'near', by: 'canary', reason: 'self-harm', atMs: desk.nowMs } as const;
      await desk.report(FLOOD, canary);
      const rows = await desk.queue(ana);
      const places = subjects(rows);
      assert.ok(places.indexOf('near') >= 0 && places.indexOf('near') <= 1, places.join());
      const [crowd, ...others] = rows.flatMap((row) => row.crowd ?? []);
      assert.deepEqual([crowd?.reports, others], [FLOOD - 10, []]);
      assert.equal(rows.length, 10 + 1 + 1);
      assert.ok(crowd !== undefined);
      const seen: string[] = [];
      await allRows(desk, ana, { fold: crowd.fold }, async (page) => {
        seen.push(...page.map(({ of }) => of.id));
        // When a member takes a case, it leaves the fold. No other case moves.
        await desk.assign(page[0]?.of.id ?? caseId('none'), ana);
      });
      assert.deepEqual([seen.length, new Set(seen).size], [FLOOD - 10, FLOOD - 10]);
      const whole = (await allRows(desk, ana)).flat();
      assert.equal(whole.filter((row) => row.crowd === null).length, 11 + Math.ceil(1_590 / 50));
    });
  });
}
