import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HandOverStep } from '@farandole/moderation/hand-over';
import type { CaseId, MemberId } from '@farandole/moderation/ids';
import type { KeptPair, PairSide } from '@farandole/moderation/kept';
import { PAIR_KEPT_MS } from '@farandole/moderation/limits';
import type { ModerationStore } from '@farandole/moderation/ports';
import { atDeskOf } from './support/at-desk.ts';
import { type Desk, given, matchId, subject } from './support/desk.ts';

const PLACES = {
  ada: { tier: 'good', circle: 'good' },
  bob: null,
  mallory: { tier: 'new', circle: 'normal' },
} as const satisfies Readonly<Record<string, PairSide['place']>>;

/** What every store promises of cases that may be of a minor, and of the calls that reports are about. */
export function safeguardContract(adapter: string, open: () => Promise<ModerationStore>): void {
  const atDesk = atDeskOf(open);

  describe(`safeguard: ${adapter}`, () => {
    it(
      '[MO-97, ST-15] a report keeps how its two were brought together, also where that was told later, once the ledger forgot',
      atDesk(async (desk) => {
        const ana = await desk.hire('ana', 'moderator');
        await notePair(desk, 1, 'ada', 'mallory');
        const { case: of } = await desk.report(1);
        await desk.report(2, { by: 'bob' });
        await desk.report(3, { by: 'cleo' });
        await notePair(desk, 2, 'mallory', 'bob');
        const known = { atMs: desk.nowMs, mode: 'text', age: 'declared', policy: 3 };
        const expected = [
          null,
          { ...known, reporter: PLACES.bob, reported: PLACES.mallory },
          { ...known, reporter: PLACES.ada, reported: PLACES.mallory },
        ];
        const pairs = async () => (await shownTo(desk, of, ana)).reports.map(({ pair }) => pair);
        assert.deepEqual(await pairs(), expected);
        desk.nowMs += PAIR_KEPT_MS;
        const passed = await desk.store.run('time.pass', { nowMs: desk.nowMs });
        assert.equal(passed.pairsRemoved, 2);
        assert.deepEqual((await desk.export(subject('bob'))).met, []);
        assert.deepEqual(await pairs(), expected);
      }),
    );

    it(
      '[MO-120] each step of handing over is ticked by child safety, once, and taken back, each in the audit',
      atDesk(async (desk) => {
        const ana = await desk.hire('ana', 'child-safety');
        const ben = await desk.hire('ben', 'moderator', 'senior');
        const { case: of } = await desk.report(1);
        const tick = async (by: MemberId, step: HandOverStep, done = true) =>
          await desk.store.run('hand-over.tick', { case: of, by, step, done, nowMs: desk.nowMs });
        assert.deepEqual(await tick(ana, 'left-closed'), { ok: false, reason: 'not-now' });
        await desk.report(2, { by: 'bob', reason: 'may-be-under-18' });
        assert.deepEqual(await tick(ben, 'left-closed'), { ok: false, reason: 'not-allowed' });
        const unknown = 'unknown' as HandOverStep;
        assert.deepEqual(await tick(ana, unknown), { ok: false, reason: 'malformed' });

        const atMs = desk.nowMs;
        given(await tick(ana, 'hotline-told'));
        given(await tick(ana, 'left-closed'));
        desk.nowMs += 1_000;
        const rows = (await desk.audit()).length;
        given(await tick(ana, 'left-closed'));
        assert.equal((await desk.audit()).length, rows, 'it is ticked already');
        given(await tick(ana, 'hotline-told', false));
        given(await tick(ana, 'hotline-told', false));
        given(await tick(ana, 'handed-over'));
        const ticks = [
          { step: 'left-closed', by: ana, atMs },
          { step: 'handed-over', by: ana, atMs: desk.nowMs },
        ];
        // They stay with the case, whatever becomes of it.
        await desk.decideNow(of, ana, 'warn');
        const step = { event: 'reopen', why: 'new-facts' } as const;
        given(await desk.store.run('case.step', { case: of, by: ana, step, nowMs: desk.nowMs }));
        await desk.report(3, { by: 'cleo' });
        assert.deepEqual((await shownTo(desk, of, ana)).of.handOver, ticks);
        assert.deepEqual(
          (await desk.audit())
            .filter(({ action }) => action.startsWith('hand-over.'))
            .map(({ action, by, about, details }) => [action, by, about, details?.['step']]),
          [
            ['hand-over.tick', ana, of, 'hotline-told'],
            ['hand-over.tick', ana, of, 'left-closed'],
            ['hand-over.untick', ana, of, 'hotline-told'],
            ['hand-over.tick', ana, of, 'handed-over'],
          ],
        );
      }),
    );

    it(
      '[MO-120, MO-2] what was ticked comes with a case that joins another',
      atDesk(async (desk) => {
        const ana = await desk.hire('ana', 'child-safety');
        const { case: first } = await desk.report(1, { reason: 'may-be-under-18' });
        const input = { by: ana, step: 'authority-told', done: true, nowMs: desk.nowMs } as const;
        given(await desk.store.run('hand-over.tick', { ...input, case: first }));
        await desk.decideNow(first, ana, 'dismiss');
        const { case: second } = await desk.report(2, { by: 'bob' });
        given(await desk.store.run('case.undo', { case: first, by: ana, nowMs: desk.nowMs }));
        const { of } = await shownTo(desk, second, ana);
        assert.deepEqual(
          of.handOver?.map(({ step, by }) => [step, by]),
          [['authority-told', ana]],
        );
      }),
    );
  });
}

async function notePair(
  desk: Desk,
  n: number,
  a: keyof typeof PLACES,
  b: keyof typeof PLACES,
): Promise<void> {
  const pair: KeptPair = {
    id: matchId(n),
    atMs: desk.nowMs,
    sides: [
      { subject: subject(a), place: PLACES[a] },
      { subject: subject(b), place: PLACES[b] },
    ],
    mode: 'text',
    age: 'declared',
    policy: 3,
  };
  await desk.store.run('pairs.note', { pairs: [pair] });
}

async function shownTo(desk: Desk, of: CaseId, by: MemberId) {
  return given(await desk.store.run('case.show', { case: of, by, nowMs: desk.nowMs }));
}
