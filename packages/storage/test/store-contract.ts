import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brandId } from '@farandole/kernel/id';
import {
  APPEAL_WINDOW_MS,
  CASE_KEPT_MS,
  PERSON_KEPT_MS,
  TEXT_DECIDED_MS_MAX,
  TEXT_DECIDED_MS_MIN,
  TEXT_DISMISSED_MS,
  TEXT_UNDECIDED_MS,
} from '@farandole/moderation/limits';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { atDeskOf } from './support/at-desk.ts';
import {
  caseId,
  DAY_MS,
  given,
  member,
  pictureId,
  reportFrom,
  START_MS,
  subject,
} from './support/desk.ts';

const MALLORY = subject('mallory');
const ADA = subject('ada');

export function storeContract(
  adapter: string,
  open: () => Promise<ModerationStore>,
  reopen: () => Promise<ModerationStore>,
): void {
  const it = atDeskOf(open);

  describe(`the store keeps its contract: ${adapter}`, () => {
    it('[ST-3] concurrent commands give the same counts as sequential ones', async (desk) => {
      await Promise.all(
        Array.from({ length: 60 }, (_, n) => desk.report(n, { by: `reporter-${n % 20}` })),
      );
      const ana = await desk.hire('ana', 'moderator');
      const [queued] = await desk.queue(ana);
      assert.equal(queued?.of.reports, 60);
      assert.equal(queued.of.reporters, 20);
      const shown = await desk.do('case.show', { case: queued.of.id, by: ana });
      assert.equal(shown.reports.length, 60);
    });

    it('[ST-2, ST-20] a refused command changes nothing and adds no audit row', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const { case: of } = await desk.report(1);
      const before = [await desk.audit(), await desk.export(MALLORY)];
      const step = { event: 'release' } as const;
      const nowMs = desk.nowMs;
      const release = await desk.store.run('case.step', { case: of, by: ana, step, nowMs });
      assert.deepEqual(release, { ok: false, reason: 'not-now' });
      const undo = await desk.store.run('case.undo', { case: of, by: ana, nowMs });
      assert.deepEqual(undo, { ok: false, reason: 'not-now' });
      const gone = await desk.store.run('case.undo', { case: caseId('none'), by: ana, nowMs });
      assert.deepEqual(gone, { ok: false, reason: 'unknown' });
      assert.deepEqual([await desk.audit(), await desk.export(MALLORY)], before);
    });

    it('[ST-2] rolls back a command refused midway, but not others of its batch', async (desk) => {
      const ada = await desk.hire('ada', 'admin');
      const bob = await desk.hire('bob', 'admin');
      await desk.do('member.add', { id: member('cleo'), name: 'Cleo', roles: [], by: null });
      const freshApproval = brandId<never>('approval-of-roles');
      const nowMs = desk.nowMs;
      const asked = { member: member('cleo'), roles: ['senior'], by: ada } as const;
      given(await desk.store.run('roles.propose', { ...asked, freshApproval, nowMs }));
      given(await desk.store.run('member.remove', { id: member('cleo'), by: null, nowMs }));
      const rows = (await desk.audit()).length;
      // The command is refused because the member is unknown, after the transaction has written
      // the answer.
      const [taken, answer, other] = await Promise.all([
        desk.report(1),
        desk.answerProposal(freshApproval, bob, 'approved'),
        desk.report(2, { by: 'bob' }),
      ]);
      assert.deepEqual(answer, { ok: false, reason: 'unknown' });
      assert.equal(taken.intake, 'opened');
      assert.equal(other.intake, 'joined');
      assert.equal((await desk.audit()).length, rows + 2);
      assert.equal((await desk.store.run('audit.verify', null)).ok, true);
      const later = await desk.answerProposal(freshApproval, bob, 'declined');
      assert.equal(later.ok, true, 'it still waits');
    });

    it('[ST-20] adds an audit row with actor, action and target for each change', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const { case: of } = await desk.report(1);
      const { decision, sanctions } = await desk.decideNow(of, ana, 'suspend-1h');
      await desk.appeal(decision.id);
      const [sanction] = sanctions;
      assert.ok(sanction !== undefined);
      await desk.do('sanction.lift', { sanction: sanction.id, by: null });
      const rows = (await desk.audit()).map(({ seq, by, action, about }) => [
        seq,
        by,
        action,
        about,
      ]);
      assert.deepEqual(rows, [
        [1, 'operator', 'member.add', ana],
        [2, 'subject', 'report.take', 'report-1'],
        [3, ana, 'case.assign', of],
        [4, ana, 'case.decide', of],
        [5, 'subject', 'appeal.file', 'appeal-0003'],
        [6, 'operator', 'sanction.lift', sanction.id],
      ]);
      assert.deepEqual(await desk.store.run('audit.verify', null), {
        ok: true,
        rows: 6,
        head: 6,
      });
    });

    it('[ST-13] deletes a report’s expired texts but keeps the report', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const reported = async (n: number, of: string) =>
        (await desk.report(n, { by: `by-${of}`, of, note: `note ${n}` })).case;
      const dismissed = await reported(1, 'dismissed');
      const warned = await reported(2, 'warned');
      await reported(3, 'waiting');
      const held = await reported(4, 'held');
      desk.nowMs = START_MS + DAY_MS;
      await desk.decideNow(dismissed, ana, 'dismiss');
      await desk.decideNow(warned, ana, 'warn', 'a note of Ana’s');
      await desk.hire('ben', 'senior');
      const approval = await desk.propose(held, ana);
      given(await desk.answerProposal(approval, member('ben'), 'approved'));
      const kept = async (of: string) =>
        (await desk.export(subject(`by-${of}`))).reports.map(({ words }) => words !== null);
      const decidedAtMs = desk.nowMs;
      for (const [of, untilMs] of [
        ['dismissed', decidedAtMs + TEXT_DISMISSED_MS],
        ['waiting', START_MS + 3 + TEXT_UNDECIDED_MS],
        ['warned', decidedAtMs + TEXT_DECIDED_MS_MIN],
        ['held', decidedAtMs + TEXT_DECIDED_MS_MAX],
      ] as const) {
        await desk.store.run('time.pass', { nowMs: untilMs - 1 });
        assert.deepEqual(await kept(of), [true], `${of} before its time`);
        await desk.store.run('time.pass', { nowMs: untilMs });
        assert.deepEqual(await kept(of), [false], `${of} at its time`);
      }
      assert.equal((await desk.store.run('audit.verify', null)).ok, true);
    });

    it('[ST-13, MO-50] keeps a decision’s evidence until its appeal ends', async (desk) => {
      const [ana, ben] = [await desk.hire('ana', 'moderator'), await desk.hire('ben', 'senior')];
      const { case: of } = await desk.report(1, { note: 'what was said' });
      given(await desk.addPictures(1, 1));
      const { decision } = await desk.decideNow(of, ana, 'suspend-1h', 'a note of Ana’s');
      const kept = async () => {
        const shown = await desk.do('case.show', { case: of, by: ben });
        const [first] = shown.reports;
        const [noted] = shown.decisions;
        const isOpen = (await desk.reveal(pictureId(1), ben)).ok;
        return [first?.words !== null, isOpen, noted?.note !== null];
      };
      const passTo = async (nowMs: number) => {
        desk.nowMs = nowMs;
        await desk.store.run('time.pass', { nowMs });
        return await kept();
      };
      const windowOverMs = decision.atMs + APPEAL_WINDOW_MS;
      assert.deepEqual(await passTo(windowOverMs - 1), [true, true, true]);
      const appeal = given(await desk.appeal(decision.id));
      assert.deepEqual(await passTo(windowOverMs + 10 * DAY_MS), [true, true, true]);
      // An erasure keeps the appeal's note until the appeal is answered.
      const { needed } = await desk.run('subject.erase', { subject: ADA });
      assert.equal(needed, 1);
      assert.deepEqual(await kept(), [true, true, true]);
      await desk.do('appeal.answer', {
        appeal: appeal.id,
        by: ben,
        outcome: 'uphold',
        endsAtMs: null,
      });
      assert.deepEqual(await passTo(desk.nowMs), [false, false, false]);
      // The note of a pending appeal is kept only as long as the appeal's own text.
      const { case: other } = await desk.report(2, { of: 'oscar', note: 'another' });
      const { decision: second } = await desk.decideNow(other, ana, 'warn');
      given(await desk.appeal(second.id));
      const words = async () => (await desk.export(ADA)).reports[1]?.words !== null;
      const dueMs = desk.nowMs + TEXT_DECIDED_MS_MAX;
      await passTo(dueMs - 1);
      assert.equal(await words(), true);
      await passTo(dueMs);
      assert.equal(await words(), false);
    });

    it('[ST-13, ST-22] deletes an old case unless its sanction is active', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      await desk.hire('ben', 'senior');
      const short = (await desk.report(1, { of: 'short', note: 'one' })).case;
      const endless = (await desk.report(2, { of: 'endless', note: 'two' })).case;
      await desk.decideNow(short, ana, 'suspend-1h');
      const approval = await desk.propose(endless, ana);
      given(await desk.answerProposal(approval, member('ben'), 'approved'));
      desk.nowMs = START_MS + PERSON_KEPT_MS + 10;
      assert.ok((await desk.run('time.pass', {})).peopleRemoved > 0);
      assert.equal((await desk.export(ADA)).person, null);
      desk.nowMs = START_MS + CASE_KEPT_MS + 10;
      const done = await desk.run('time.pass', {});
      assert.equal(done.casesRemoved, 1);
      assert.ok(done.auditPruned > 5);
      const gone = await desk.export(subject('short'));
      assert.deepEqual([gone.decisions, gone.sanctions, gone.strikes], [[], [], []]);
      assert.equal((await desk.export(ADA)).reports.length, 1);
      const stays = await desk.export(subject('endless'));
      assert.equal(stays.sanctions.length, 1);
      assert.equal((await desk.standing()).sanctions.length, 2);
      const verdict = await desk.store.run('audit.verify', null);
      assert.ok(verdict.ok);
      assert.ok(verdict.head > verdict.rows, 'the oldest rows are gone');
    });

    it('[ST-14] exports a user’s own data without naming reporters or deciders', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const { case: of } = await desk.report(1, { note: 'a note of Ada’s' });
      const { decision } = await desk.decideNow(of, ana, 'suspend-1d', 'a note of Ana’s');
      const ben = await desk.hire('ben', 'moderator');
      const { id: appeal } = given(await desk.appeal(decision.id, 'my own words'));
      await desk.answerAppeal(appeal, ben, 'uphold');
      const own = await desk.export(MALLORY);
      assert.equal(own.decisions.length, 1);
      assert.equal(own.appeals[0]?.text, 'my own words');
      for (const secret of [ADA, ana, ben, 'a note of']) {
        assert.ok(!JSON.stringify(own).includes(secret), secret);
      }
      assert.ok(!JSON.stringify(await desk.export(ADA)).includes(MALLORY));
    });

    it('[ST-14, ST-11, ST-22] erases texts and trust; keeps decisions and pending cases', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const { case: of } = await desk.report(1, { note: 'decided' });
      const { decision } = await desk.decideNow(of, ana, 'warn');
      await desk.report(2, { of: 'oscar', note: 'waiting' });
      await desk.report(3, { by: 'mallory', of: 'ada', note: 'hers' });
      const erase = (who: typeof ADA) => desk.run('subject.erase', { subject: who });
      // The decision can still be appealed, so its evidence is kept. The subject has one other
      // open case.
      const first = {
        reports: 0,
        appeals: 0,
        person: false,
        later: true,
        undecided: 1,
        needed: 1,
      };
      assert.deepEqual(await erase(ADA), first);
      const notes = async () =>
        (await desk.export(ADA)).reports.map(({ words }) => words?.note ?? null);
      assert.deepEqual(await notes(), ['decided', 'waiting']);
      const { id: appeal } = given(await desk.appeal(decision.id));
      assert.equal((await erase(ADA)).needed, 1);
      const ben = await desk.hire('ben', 'moderator');
      await desk.answerAppeal(appeal, ben, 'overturn');
      assert.deepEqual(await notes(), [null, 'waiting'], 'it goes as soon as nobody needs it');
      const { reports } = await desk.export(ADA);
      assert.deepEqual(
        reports.map(({ words }) => words?.note ?? null),
        [null, 'waiting'],
      );
      assert.equal((await erase(MALLORY)).person, true);
      const mallory = await desk.export(MALLORY);
      assert.equal(mallory.person, null);
      assert.equal(mallory.strikes.length, 1);
      assert.deepEqual(await desk.store.run('audit.verify', null), {
        ok: true,
        rows: 12,
        head: 12,
      });
    });

    test('[ST-5] a closed store completes accepted commands and refuses new ones', async () => {
      const store = await reopen();
      const taken = Promise.all([1, 2, 3].map((n) => store.run('report.take', reportFrom(n))));
      await store.close();
      assert.equal((await taken).length, 3);
      await assert.rejects(store.run('audit.verify', null), { code: 'closed' });
      await store.close();
    });
  });
}
