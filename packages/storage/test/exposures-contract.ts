import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { brandId } from '@farandole/kernel/id';
import type { ApprovalId, CaseId } from '@farandole/moderation/ids';
import { READ_AGAIN_MS, SHIFT_MS, SHIFT_READS_MAX } from '@farandole/moderation/limits';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { atDeskOf } from './support/at-desk.ts';
import { type Desk, given } from './support/desk.ts';

const HOUR_MS = 3_600_000;

const approvals = async (desk: Desk, by: MemberId) => await desk.do('approval.list', { by });
const appeals = async (desk: Desk, by: MemberId) => await desk.do('appeal.list', { by });
const exposures = async (desk: Desk, by: MemberId) =>
  (await desk.do('numbers.read', { by })).exposures;

export function exposuresContract(adapter: string, open: () => Promise<ModerationStore>): void {
  const it = atDeskOf(open);

  describe(`members read a limited number of cases per shift: ${adapter}`, () => {
    it('[MO-117] limits case reads per shift, except urgent and own cases', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const ben = await desk.hire('ben', 'senior');
      const cases: CaseId[] = [];
      for (let n = 0; n <= SHIFT_READS_MAX; n++) {
        cases.push((await desk.report(n, { of: `person-${n}`, note: `note-${n}` })).case);
      }
      const read = async (of: CaseId | undefined) => {
        assert.ok(of !== undefined);
        const shown = await desk.run('case.show', { case: of, by: ana });
        return shown.ok ? 'ok' : shown.reason;
      };
      const [first, second, ...others] = cases;
      const last = others.pop();
      assert.ok(first !== undefined && second !== undefined && last !== undefined);
      // Reading an appeal or a proposal counts as reading its case, except for the member's own
      // proposals.
      const { decision } = await desk.decideNow(first, ben, 'suspend-1d', 'note-of-ben');
      given(await desk.appeal(decision.id));
      await desk.decide(second, ana, 'suspend-permanently', { note: 'her-own' });
      assert.equal((await approvals(desk, ana))[0]?.note, 'her-own');
      assert.equal((await appeals(desk, ana))[0]?.text, 'That was not me.');
      assert.equal(await exposures(desk, ana), 1);
      assert.equal((await approvals(desk, ben))[0]?.note, 'her-own');
      assert.equal(await exposures(desk, ben), 1);
      for (const of of [...others, second]) assert.equal(await read(of), 'ok');
      assert.equal(await exposures(desk, ana), SHIFT_READS_MAX);
      const rows = (await desk.audit()).length;
      assert.equal(await read(last), 'reads-full');
      assert.equal((await desk.audit()).length, rows, 'what nobody read does not count');
      // Reading the same text again within one shift isn't counted.
      desk.nowMs += READ_AGAIN_MS;
      assert.equal(await read(others[0]), 'ok');
      assert.equal((await appeals(desk, ana))[0]?.isShown, true);
      const { case: urgent } = await desk.report(1_001, { of: 'urgent', reason: 'self-harm' });
      assert.equal(await read(urgent), 'ok');
      // The figure of pending work includes the appeal of the other case, but reveals none of its
      // text.
      const { case: other } = await desk.report(1_002, { of: 'other' });
      const later = await desk.decideNow(other, ben, 'warn', 'another-note');
      given(await desk.appeal(later.decision.id, 'another-text'));
      const [, closed] = await appeals(desk, ana);
      assert.deepEqual([closed?.text, closed?.note, closed?.isShown], [null, null, false]);
      await desk.assign(last, ana);
      assert.equal(await read(last), 'ok');
      const freshApproval = brandId<ApprovalId>(desk.fresh('approval'));
      const approval = await desk.do('reveals.ask', { by: ana, freshApproval });
      given(await desk.answerProposal(approval, ben, 'approved'));
      assert.equal((await appeals(desk, ana))[1]?.text, 'another-text');
      desk.nowMs += SHIFT_MS + HOUR_MS;
      assert.equal(await exposures(desk, ana), 0);
    });

    it('[MO-94] counts pending work without reading texts or writing audit rows', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const ben = await desk.hire('ben', 'senior');
      const { case: of } = await desk.report(1);
      const { decision } = await desk.decideNow(of, ana, 'suspend-1d', 'why');
      given(await desk.appeal(decision.id));
      const waiting = { members: [ben], nowMs: desk.nowMs };
      const before = await desk.store.run('desk.version', null);
      assert.equal((await desk.store.run('desk.counts', waiting))[0]?.appeals, 1);
      assert.equal(await desk.store.run('desk.version', null), before);
      await appeals(desk, ben);
      await appeals(desk, ben);
      const reads = (await desk.audit()).filter(({ action }) => action === 'appeal.read');
      assert.deepEqual(
        reads.map(({ by, about }) => [by, about.startsWith('appeal-')]),
        [[ben, true]],
      );
    });
  });
}
