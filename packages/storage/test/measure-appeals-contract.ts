import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { brandId } from '@farandole/kernel/id';
import type { AppealId, CaseId } from '@farandole/moderation/ids';
import { APPEAL_TEXT_UNITS_MAX, NOTICE_DELAY_MS_MIN } from '@farandole/moderation/limits';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { toldNotice } from '@farandole/moderation/trust/notice';
import { tierOf } from '@farandole/moderation/trust/trust';
import { atDeskOf } from './support/at-desk.ts';
import { type Desk, given, START_MS, subject } from './support/desk.ts';

const MALLORY = subject('mallory');
const TEXT = 'I was eating my dinner.';

async function trustOf(desk: Desk) {
  const [known] = await desk.store.run('trust.read', { subjects: [MALLORY] });
  assert.ok(known !== undefined);
  return known;
}

/** Returns the notice about a restriction that Mallory can see by now. */
async function told(desk: Desk) {
  const { notice, trust } = await trustOf(desk);
  return toldNotice(notice, trust, desk.nowMs);
}

async function own(desk: Desk, by: { case: CaseId } | null = null) {
  return await desk.run('measures.own', { by: by ?? { subject: MALLORY } });
}

async function file(desk: Desk, of: CaseId, text = TEXT) {
  const freshAppeal = brandId<AppealId>(desk.fresh('appeal'));
  return await desk.run('appeal.file', { case: of, text, freshAppeal });
}

async function answer(desk: Desk, appeal: AppealId, by: MemberId, outcome: 'uphold' | 'overturn') {
  return await desk.run('appeal.answer', { appeal, by, outcome, endsAtMs: null });
}

/**
 * Restricts Mallory by two reports and waits until she is notified. Only one reporter is proven,
 * so further reports restrict her but never suspend her.
 */
async function restricted(desk: Desk): Promise<CaseId> {
  await desk.open();
  await desk.report(1, { by: 'reporter-1' });
  const { case: of } = await desk.report(2, { by: 'newcomer-2' });
  desk.nowMs = START_MS + 2 + NOTICE_DELAY_MS_MIN;
  return of;
}

export function measureAppealsContract(
  adapter: string,
  open: () => Promise<ModerationStore>,
): void {
  const it = atDeskOf(open);

  describe(`users appeal against restrictions by software: ${adapter}`, () => {
    it('[MO-140] notifies a restricted user after a random delay that reports don’t change', async (desk) => {
      const of = await restricted(desk);
      desk.nowMs -= 1;
      assert.equal(await told(desk), null);
      assert.deepEqual(await own(desk), []);
      assert.deepEqual(await file(desk, of), { ok: false, reason: 'unknown' });
      desk.nowMs += 1;
      const first = await told(desk);
      assert.equal(first?.case, of);
      for (const n of [4, 5]) {
        await desk.report(n, { by: `newcomer-${n}`, atMs: desk.nowMs + n });
        assert.deepEqual(await told(desk), first);
      }
      const [shown] = await own(desk);
      const { endsAtMs } = first;
      assert.deepEqual(shown, { case: of, measure: 'restriction', endsAtMs, appeal: null });
      desk.nowMs = endsAtMs;
      const next = await told(desk);
      assert.ok(next !== null && next.endsAtMs > endsAtMs, 'the later reports prolong it now');
    });

    it('[MO-180, MO-181, MO-183, MO-184] closes language exchange alone; an appeal reopens it', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      await desk.open();
      const reason = 'not-here-to-learn';
      await desk.report(1, { by: 'reporter-1', reason });
      assert.equal((await trustOf(desk)).exchangeClosure, undefined);
      const { case: of, hold } = await desk.report(2, { by: 'reporter-2', reason });
      const { exchangeClosure: closure, notice, trust } = await trustOf(desk);
      assert.ok(closure !== undefined);
      assert.deepEqual([hold, notice, tierOf(trust)], [null, undefined, 'new']);
      assert.deepEqual(await own(desk), []);
      assert.ok((await desk.queue(ana)).some((row) => row.of.id === of));
      desk.nowMs = closure.startsAtMs;
      const { endsAtMs } = closure;
      const shown = { case: of, measure: 'exchange', endsAtMs, appeal: null };
      assert.deepEqual(await own(desk), [shown]);
      const filed = given(await file(desk, of));
      assert.deepEqual(await file(desk, of), { ok: false, reason: 'already-appealed' });
      given(await answer(desk, filed.id, ana, 'overturn'));
      assert.equal((await own(desk))[0]?.endsAtMs, null);
      const { strikes, sanctions } = await desk.export(MALLORY);
      assert.deepEqual([strikes, sanctions], [[], []]);
    });

    it('[MO-181] keeps language exchange open on a server with few networks', async (desk) => {
      await desk.prove('ada', 'bob');
      await desk.report(1, { by: 'ada', reason: 'not-here-to-learn' });
      await desk.report(2, { by: 'bob', reason: 'not-here-to-learn' });
      assert.equal((await trustOf(desk)).exchangeClosure, undefined);
    });

    it('[MO-141] accepts one appeal per restriction; a member lifts the restriction', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const of = await restricted(desk);
      for (const [text, reason] of [
        [' ', 'empty'],
        ['x'.repeat(APPEAL_TEXT_UNITS_MAX + 1), 'text-too-long'],
        ['a\u0007', 'text-has-control-characters'],
      ] as const) {
        assert.deepEqual(await file(desk, of, text), { ok: false, reason });
      }
      const { id } = given(await file(desk, of));
      assert.deepEqual(await file(desk, of), { ok: false, reason: 'already-appealed' });
      const [waiting] = await desk.do('appeal.list', { by: ana });
      assert.equal(waiting?.text, TEXT);
      assert.equal(JSON.stringify(waiting.appeal).includes(MALLORY), false, 'without its author');
      const bad = { appeal: id, by: ana, outcome: 'shorten', endsAtMs: desk.nowMs + 1 } as const;
      assert.deepEqual(await desk.run('appeal.answer', bad), { ok: false, reason: 'malformed' });
      given(await answer(desk, id, ana, 'overturn'));
      assert.equal(tierOf((await trustOf(desk)).trust), 'new');
      assert.equal(await told(desk), null);
      const [shown] = await own(desk, { case: of });
      assert.equal(shown?.endsAtMs, null);
      assert.ok(shown.appeal?.state === 'answered' && shown.appeal.outcome === 'overturn');
      assert.deepEqual(await answer(desk, id, ana, 'uphold'), { ok: false, reason: 'answered' });
      // The reports stay undecided, and have weight again once they are upheld.
      await desk.decideNow(of, ana, 'warn');
      assert.equal(tierOf((await trustOf(desk)).trust), 'restricted');
    });

    it('[MO-141a] a decision closes a pending appeal, and its undo reopens it', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const of = await restricted(desk);
      given(await file(desk, of));
      const before = await told(desk);
      await desk.decideNow(of, ana, 'dismiss');
      assert.equal(await told(desk), null);
      assert.deepEqual(await desk.do('appeal.list', { by: ana }), []);
      const [closed] = await own(desk);
      assert.equal(closed?.appeal?.state, 'moot');
      desk.nowMs += 5_000;
      await desk.do('case.undo', { case: of, by: ana });
      assert.equal((await desk.do('appeal.list', { by: ana })).length, 1);
      const after = await told(desk);
      assert.equal(after?.tellAtMs, before?.tellAtMs, 'with the delay that was drawn');
      await desk.decideNow(of, ana, 'warn');
      assert.equal((await told(desk))?.case, null, 'the warning has its own appeal');
    });

    it('[MO-141] notifies a suspended user at once; an appeal lifts the suspension', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const { case: of, hold } = await desk.reportUntilHeld();
      desk.nowMs = hold.startsAtMs + 1;
      const [shown] = await own(desk);
      const { endsAtMs } = hold;
      assert.deepEqual(shown, { case: of, measure: 'hold', endsAtMs, appeal: null });
      const { id } = given(await file(desk, of));
      given(await answer(desk, id, ana, 'overturn'));
      assert.deepEqual((await desk.standing()).holds, []);
    });

    it('[MO-141b] lets no member lift a suspension that awaits a second member', async (desk) => {
      const [ana, ben] = [await desk.hire('ana', 'senior'), await desk.hire('ben', 'senior')];
      const { case: of } = await desk.report(1);
      desk.nowMs += 10;
      await desk.propose(of, ana);
      const { id } = given(await file(desk, of));
      assert.deepEqual(await answer(desk, id, ben, 'overturn'), { ok: false, reason: 'takes-two' });
      given(await answer(desk, id, ben, 'uphold'));
    });
  });
}
