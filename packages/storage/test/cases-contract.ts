import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import type { AppealId, CaseId, DecisionId } from '@farandole/moderation/ids';
import {
  ASSIGNMENT_MS,
  PROPOSAL_PINNED_MS,
  SUSPENSION_MS_MAX,
  TEXT_DISMISSED_MS,
} from '@farandole/moderation/limits';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { atDeskOf } from './support/at-desk.ts';
import { DAY_MS, type Desk, given, START_MS, subject } from './support/desk.ts';

const MALLORY = subject('mallory');
const ADA = subject('ada');

export function casesContract(adapter: string, open: () => Promise<ModerationStore>): void {
  const it = atDeskOf(open);

  describe(`reopened, replaced and appealed cases stay consistent: ${adapter}`, () => {
    it('[MO-20] lists a case with an overdue approval first until it is answered', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const ben = await desk.hire('ben', 'senior');
      await desk.report(1, { of: 'oscar' });
      const { case: of } = await desk.report(2);
      const approval = await desk.propose(of, ana);
      const pinned = async () =>
        (await desk.queue(ben)).map((one) => [one.of.subject, one.priority.pinned] as const);
      desk.nowMs += PROPOSAL_PINNED_MS - 1;
      assert.deepEqual(
        (await pinned()).map(([, is]) => is),
        [false, false],
      );
      desk.nowMs += 1;
      assert.deepEqual(await pinned(), [
        [MALLORY, true],
        [subject('oscar'), false],
      ]);
      const { holds } = await desk.standing();
      assert.equal(holds.length, 1, 'its subject is among people no sooner');
      given(await desk.answerProposal(approval, ben, 'declined'));
      assert.ok((await pinned()).every(([, is]) => !is));
    });

    it('[MO-37] keeps a reopened case’s decision until a new one replaces it', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const { of, decision } = await suspended(desk, ana);
      desk.nowMs += DAY_MS;
      await desk.reopen(of, ana);
      assert.equal((await desk.standing()).sanctions.length, 2, 'it holds meanwhile');
      await desk.report(2, { by: 'bob', note: 'of Bob', atMs: desk.nowMs });
      desk.nowMs += 10;
      const second = await desk.decideNow(of, ana, 'dismiss');
      assert.deepEqual((await desk.standing()).sanctions, []);
      const { decisions, strikes } = await desk.export(MALLORY);
      assert.deepEqual(
        decisions.map(({ id, reversedAtMs, replacedBy }) => [id, reversedAtMs, replacedBy]),
        [
          [decision.id, desk.nowMs, second.decision.id],
          [second.decision.id, null, null],
        ],
      );
      assert.equal(strikes[0]?.reversedAtMs, desk.nowMs);
      assert.deepEqual(await verdicts(desk), ['rejected', 'inconclusive']);
      const told = await own(desk, decision.id);
      assert.equal(told?.state, 'overturned', 'whoever has its code is told');
    });

    it('[MO-37] counts a harsher decision that replaces the first as one strike', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const { of, decision } = await suspended(desk, ana);
      await desk.reopen(of, ana);
      desk.nowMs += DAY_MS;
      const second = await desk.decideNow(of, ana, 'suspend-7d');
      const { sanctions } = await desk.standing();
      assert.deepEqual(
        new Set(sanctions.map((one) => one.decision)),
        new Set([second.decision.id]),
      );
      const strikes = (await desk.export(MALLORY)).strikes.map(({ reversedAtMs }) => reversedAtMs);
      assert.deepEqual(strikes, [desk.nowMs, null]);
      const told = await own(desk, decision.id);
      assert.equal(
        told?.statement.decision,
        second.decision.id,
        'its code leads to what holds now',
      );
      assert.deepEqual(await desk.appeal(decision.id), { ok: false, reason: 'unknown' });
      given(await desk.appeal(second.decision.id));
    });

    it('[MO-35] restores the previous decision when its replacement is undone', async (desk) => {
      const [ana, ben] = await desk.hireModerators('ana', 'ben');
      const { of, decision, sanctions } = await suspended(desk, ana);
      const [device] = sanctions.filter(({ on }) => on.scope === 'device');
      assert.ok(device !== undefined);
      await desk.do('sanction.lift', { sanction: device.id, by: null });
      desk.nowMs += DAY_MS;
      await desk.reopen(of, ana);
      const appeal = given(await desk.appeal(decision.id));
      await desk.report(2, { by: 'bob', note: 'of Bob', atMs: desk.nowMs });
      const before = await snapshot(desk);
      const { decision: second } = await desk.decideNow(of, ben, 'dismiss');
      assert.notDeepEqual(await snapshot(desk), before);
      await desk.do('case.undo', { case: of, by: ben });
      const after = await snapshot(desk);
      assert.deepEqual(
        { ...after, decisions: after.decisions.filter(({ id }) => id !== second.id) },
        before,
      );
      await desk.store.run('time.pass', { nowMs: desk.nowMs + TEXT_DISMISSED_MS });
      assert.deepEqual((await snapshot(desk)).notes, before.notes, 'nothing was shredded');
      await desk.answerAppeal(appeal.id, ben, 'uphold');
    });

    it('[MO-38] refuses to reopen a case with a pending appeal', async (desk) => {
      const [ana, ben] = await desk.hireModerators('ana', 'ben');
      const { of, decision } = await suspended(desk, ana);
      const appeal = given(await desk.appeal(decision.id));
      const step = { event: 'reopen', why: 'new-facts' } as const;
      const reopened = { case: of, by: ana, step, nowMs: desk.nowMs };
      const refusal = { ok: false, reason: 'appeal-waits' } as const;
      assert.deepEqual(await desk.store.run('case.step', reopened), refusal);
      await overturn(desk, appeal.id, ben);
      given(await desk.store.run('case.step', reopened));
    });

    it('[MO-38] bars the first decider from deciding again after an appeal', async (desk) => {
      const [ana, ben] = await desk.hireModerators('ana', 'ben');
      const { of, decision } = await suspended(desk, ana);
      await desk.reopen(of, ana);
      const appeal = given(await desk.appeal(decision.id));
      await assert.rejects(desk.decideNow(of, ana, 'suspend-7d'), /same-person/);
      await assert.rejects(desk.decide(of, ana, 'suspend-permanently'), /same-person/);
      await desk.step(of, ana, { event: 'release' });
      await desk.decideNow(of, ben, 'warn');
      const answer = await overturn(desk, appeal.id, ben);
      assert.deepEqual(answer, { ok: false, reason: 'answered' });
      const { appeals } = await desk.export(MALLORY);
      assert.equal(appeals[0]?.appeal.state, 'moot');
      assert.deepEqual(await desk.do('appeal.list', { by: ben }), []);
    });

    it('[MO-52] a successful appeal overturns its decision and no later one', async (desk) => {
      const [ana, ben] = await desk.hireModerators('ana', 'ben');
      const { of, decision } = await suspended(desk, ana);
      await desk.reopen(of, ana);
      const appeal = given(await desk.appeal(decision.id));
      await desk.report(2, { by: 'bob' });
      given(await overturn(desk, appeal.id, ben));
      assert.deepEqual(await verdicts(desk), ['rejected', 'waiting']);
    });

    it('[MO-41] requires two people to replace a two-person decision', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const ben = await desk.hire('ben', 'senior');
      const { case: of } = await desk.report(1);
      const approval = await desk.propose(of, ana);
      given(await desk.answerProposal(approval, ben, 'approved'));
      for (const { id: sanction } of (await desk.standing()).sanctions) {
        for (const by of [ben, null]) {
          const alone = await desk.run('sanction.lift', { sanction, by });
          assert.deepEqual(alone, { ok: false, reason: 'takes-two' });
        }
      }
      await desk.reopen(of, ana);
      const again = await desk.propose(of, ana, 'dismiss', { note: 'It was another.' });
      assert.equal((await desk.standing()).sanctions.length, 2);
      given(await desk.answerProposal(again, ben, 'approved'));
      assert.deepEqual((await desk.standing()).sanctions, []);
    });

    it('[MO-71] restores the exact end of the earlier suspension when undoing a decision', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const { of, endsAtMs } = await held(desk);
      const { holds } = await desk.standing();
      assert.deepEqual(holds, [{ subject: MALLORY, case: of, endsAtMs }]);
      await desk.decideNow(of, ana, 'warn');
      assert.deepEqual((await desk.standing()).holds, []);
      desk.nowMs += 5_000;
      await desk.do('case.undo', { case: of, by: ana });
      assert.deepEqual((await desk.standing()).holds, holds);
      desk.nowMs = endsAtMs;
      assert.deepEqual((await desk.standing()).holds, []);
    });

    it('[MO-35] drops a pending appeal when its decision is undone', async (desk) => {
      const [ana, ben] = await desk.hireModerators('ana', 'ben');
      const { of, decision } = await suspended(desk, ana);
      const appeal = given(await desk.appeal(decision.id));
      await desk.do('case.undo', { case: of, by: ana });
      assert.deepEqual(await desk.do('appeal.list', { by: ben }), []);
      const answer = await overturn(desk, appeal.id, ben);
      assert.deepEqual(answer, { ok: false, reason: 'answered' });
      assert.deepEqual(await verdicts(desk), ['waiting']);
    });
  });

  describe(`a subject has one open case per queue: ${adapter}`, () => {
    it('[MO-2] merges a case whose decision is undone into a newer open case', async (desk) => {
      const [ana, ben] = await desk.hireModerators('ana', 'ben');
      const { of: first, decision } = await suspended(desk, ana);
      desk.nowMs += 5_000;
      const { case: second } = await desk.report(2, { by: 'bob', note: 'of Bob' });
      await desk.report(3, { reason: 'hate', note: 'of Ada, too' });
      await desk.assign(second, ben);
      const undone = await desk.do('case.undo', { case: first, by: ana });
      assert.deepEqual([undone.id, undone.state], [second, 'assigned'], 'Ben has it yet');
      assert.deepEqual([undone.reports, undone.reporters], [3, 2]);
      assert.deepEqual(
        undone.reasons.map(({ reason, times }) => [reason, times]),
        [
          ['threat-or-violence', 2],
          ['hate', 1],
        ],
      );
      assert.equal(undone.openedAtMs, START_MS + 1, 'whoever waited longest');
      assert.deepEqual(await show(desk, first, ana), { ok: false, reason: 'unknown' });
      const shown = given(await show(desk, second, ben));
      assert.deepEqual(
        shown.reports.map(({ words, pictures }) => [words?.note, pictures.length]),
        [
          ['of Ada, too', 0],
          ['of Bob', 0],
          ['of Ada', 1],
        ],
      );
      assert.deepEqual(
        shown.decisions.map(({ decision: one }) => [one.id, one.case, one.reversedAtMs]),
        [[decision.id, second, desk.nowMs]],
      );
      const joined = shown.steps.find(({ action }) => action === 'case.join');
      assert.deepEqual([joined?.by, joined?.details], [ana, { case: first }]);
      assert.equal((await desk.report(4, { by: 'cleo' })).case, second);
    });

    it('[MO-2, MO-3] a child-safety case stays with child safety after a merge', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const sue = await desk.hire('sue', 'child-safety');
      const { of: first } = await suspended(desk, ana);
      const { case: second } = await desk.reportMinor(2, { by: 'bob' });
      const undone = await desk.do('case.undo', { case: first, by: ana });
      assert.equal(undone.id, first, 'of the other nothing is told to whoever may not read it');
      assert.deepEqual(await show(desk, second, ana), { ok: false, reason: 'not-allowed' });
      const shown = given(await show(desk, second, sue));
      assert.equal(shown.reports.length, 2);
      const states = shown.reports.flatMap(({ pictures }) => pictures.map(({ state }) => state));
      assert.deepEqual(states, ['sealed']);
    });

    it('[MO-2, MO-37] refuses to reopen a case while its subject has another', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const { of: first } = await suspended(desk, ana);
      const { case: second } = await desk.report(2, { by: 'bob' });
      const shown = given(await show(desk, first, ana));
      assert.equal(shown.openCase, second);
      assert.equal(given(await show(desk, second, ana)).openCase, null);
      const step = { event: 'reopen', why: 'new-facts' } as const;
      const asked = { case: first, by: ana, step, nowMs: desk.nowMs };
      const refusal = await desk.store.run('case.step', asked);
      assert.deepEqual(refusal, { ok: false, reason: 'another-open' });
      await desk.decideNow(second, ana, 'warn');
      given(await desk.store.run('case.step', asked));
      assert.equal((await desk.report(3, { by: 'cleo' })).case, first);
    });

    it('[MO-3, MO-31] moves a case to child safety even while it is assigned', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const sue = await desk.hire('sue', 'child-safety');
      const { case: of } = await desk.report(1);
      await desk.assign(of, ana);
      const { state } = await desk.reportMinor(2, { by: 'bob' });
      assert.equal(state, 'queued');
      await desk.assign(of, sue);
      const { steps } = given(await show(desk, of, sue));
      assert.deepEqual(
        steps.map(({ by, action }) => [by, action]),
        [
          [ana, 'case.assign'],
          ['software', 'case.safeguard'],
          [sue, 'case.assign'],
        ],
      );
    });
  });

  describe(`a handed-over case goes to the chosen role: ${adapter}`, () => {
    it('[MO-33] offers a handed-over case only to the chosen role, even after release', async (desk) => {
      const ana = await desk.hire('ana', 'moderator', 'senior');
      const ben = await desk.hire('ben', 'moderator');
      const { case: of } = await desk.report(1);
      const step = async (by: MemberId, event: 'assign' | 'release') => {
        const stepped = await desk.run('case.step', { case: of, by, step: { event } });
        return stepped.ok ? stepped.value.state : stepped.reason;
      };
      const handOn = async () => {
        const to = { event: 'escalate', to: 'senior' } as const;
        return await desk.run('case.step', { case: of, by: ana, step: to });
      };
      await desk.assign(of, ana);
      assert.deepEqual(await handOn(), { ok: false, reason: 'nobody-there' });
      const eve = await desk.hire('eve', 'senior');
      given(await handOn());
      for (const giveBack of [
        async () => await step(eve, 'release'),
        async () => {
          desk.nowMs += ASSIGNMENT_MS;
          return (await desk.run('time.pass', {})).lapsed;
        },
      ]) {
        assert.equal(await step(ana, 'assign'), 'same-person');
        assert.equal(await step(ben, 'assign'), 'for-another-role');
        assert.equal(given(await show(desk, of, ben)).mayTake, false);
        assert.equal(given(await show(desk, of, eve)).mayTake, true);
        assert.equal(await step(eve, 'assign'), 'assigned');
        await giveBack();
      }
      await desk.do('member.remove', { id: eve, by: null });
      assert.equal(given(await show(desk, of, ben)).mayTake, true);
      assert.equal(await step(ben, 'assign'), 'assigned', 'nobody else of that role is there');
    });
  });

  async function show(desk: Desk, of: CaseId, by: MemberId) {
    return await desk.run('case.show', { case: of, by });
  }

  async function suspended(desk: Desk, by: MemberId) {
    const { case: of } = await desk.report(1, { note: 'of Ada' });
    given(await desk.addPictures(1, 1));
    return { of, ...(await desk.decideNow(of, by, 'suspend-7d')) };
  }

  async function overturn(desk: Desk, appeal: AppealId, by: MemberId) {
    return await desk.run('appeal.answer', { appeal, by, outcome: 'overturn', endsAtMs: null });
  }

  async function verdicts(desk: Desk) {
    const reports = [];
    for (const by of [ADA, subject('bob')]) reports.push(...(await desk.export(by)).reports);
    return reports.map(({ verdict }) => verdict);
  }

  async function own(desk: Desk, decision: DecisionId) {
    return (await desk.store.run('decisions.own', { by: { decision }, nowMs: desk.nowMs }))[0];
  }

  async function snapshot(desk: Desk) {
    const { decisions, sanctions, strikes, appeals, person } = await desk.export(MALLORY);
    const reports = [];
    for (const by of [ADA, subject('bob')]) reports.push(await desk.export(by));
    return {
      decisions,
      sanctions,
      strikes: strikes.filter(({ reversedAtMs }) => reversedAtMs === null),
      appeals,
      // The score is rounded, because subtracting a weight and adding it again leaves a rounding
      // error.
      trust: person === null ? null : { ...person.trust, score: person.trust.score.toFixed(9) },
      verdicts: await verdicts(desk),
      rejected: reports.map((one) => one.person?.rejected ?? 0),
      notes: reports.flatMap((one) => one.reports.map(({ words }) => words?.note ?? null)),
      holds: (await desk.standing()).sanctions,
    };
  }

  async function held(desk: Desk): Promise<{ readonly of: CaseId; readonly endsAtMs: number }> {
    await desk.open();
    for (let n = 1; n < 20; n++) {
      const { hold, case: of } = await desk.report(n, { by: `reporter-${n}` });
      if (hold !== null) {
        desk.nowMs = START_MS + 100;
        assert.equal(hold.endsAtMs, hold.startsAtMs + SUSPENSION_MS_MAX);
        return { of, endsAtMs: hold.endsAtMs };
      }
    }
    return assert.fail('the reports were not enough');
  }
}
