import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { brandId } from '@farandole/kernel/id';
import type { CaseId, DecisionId } from '@farandole/moderation/ids';
import { APPEAL_WINDOW_MS, STRIKE_MS } from '@farandole/moderation/limits';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { atDeskOf } from './support/at-desk.ts';
import { DAY_MS, given, pictureId, subject } from './support/desk.ts';

const MALLORY = subject('mallory');
const ADA = subject('ada');

export function personContract(adapter: string, open: () => Promise<ModerationStore>): void {
  const it = atDeskOf(open);

  describe(`decisions and reports change users’ trust: ${adapter}`, () => {
    it('[MO-53] returns a decision by code and subject, with the appeal’s result', async (desk) => {
      const [ana, ben] = await desk.hireModerators('ana', 'ben');
      const { case: of } = await desk.report(1, { said: ['one'] });
      const { decision } = await desk.decideNow(of, ana, 'suspend-1d', 'for us alone');
      const read = async (by: { decision: DecisionId } | { subject: typeof ADA }) =>
        await desk.run('decisions.own', { by });
      const [own, ...others] = await read({ decision: decision.id });
      assert.deepEqual(others, []);
      assert.deepEqual(own, {
        statement: {
          decision: decision.id,
          measure: 'suspend-1d',
          restriction: 'suspended',
          startsAtMs: desk.nowMs,
          endsAtMs: desk.nowMs + DAY_MS,
          ground: 'threat-or-violence',
          facts: ['reports', 'lines'],
          earlierAtMs: [],
          automatedDecision: false,
          appealUntilMs: desk.nowMs + APPEAL_WINDOW_MS,
        },
        state: 'holds',
        appeal: null,
        mayAppeal: true,
      });
      assert.deepEqual(await read({ subject: MALLORY }), [own]);
      assert.deepEqual(await read({ subject: ADA }), [], 'a reporter reads nothing');
      assert.deepEqual(await read({ decision: brandId<DecisionId>('no-such-decision') }), []);

      const appeal = given(await desk.appeal(decision.id));
      const [waiting] = await read({ decision: decision.id });
      assert.deepEqual(waiting?.appeal, { state: 'waiting', atMs: desk.nowMs });
      assert.equal(waiting.mayAppeal, false);
      await desk.answerAppeal(appeal.id, ben, 'overturn');
      const [overturned] = await read({ subject: MALLORY });
      assert.equal(overturned?.state, 'overturned');
      assert.equal(overturned.appeal?.state, 'answered');
      desk.nowMs += APPEAL_WINDOW_MS;
      assert.deepEqual(await read({ decision: decision.id }), []);
    });

    it('[MO-45] a statement of reasons cites only what the deciders saw', async (desk) => {
      const ana = await desk.hire('ana', 'moderator', 'child-safety');
      const ben = await desk.hire('ben', 'moderator');
      const told = async (decision: DecisionId) => {
        const [own] = await desk.run('decisions.own', { by: { decision } });
        return [own?.statement.facts, own?.statement.earlierAtMs];
      };
      const first = await desk.report(1, { said: ['one'] });
      const warned = (await desk.decideNow(first.case, ana, 'warn')).decision;
      assert.deepEqual(await told(warned.id), [['reports', 'lines'], []]);

      desk.nowMs += DAY_MS;
      const second = await desk.report(2, { by: 'bob', atMs: desk.nowMs });
      given(await desk.addPictures(2, 2));
      for (const at of [0, 0, 1]) given(await desk.reveal(pictureId(2, at), ben));
      const before = async (by: MemberId) => {
        return (await desk.do('case.show', { case: second.case, by })).facts;
      };
      const earlier = [{ decision: warned.id, atMs: warned.atMs }];
      const covered = { reports: 1, lines: false, pictures: 0, earlier };
      assert.deepEqual(await before(ana), covered);
      assert.deepEqual(await before(ben), { ...covered, pictures: 2 });
      const { decision } = await desk.decideNow(second.case, ana, 'suspend-1d');
      const facts = [['reports', 'earlier-decisions'], [warned.atMs]];
      assert.deepEqual(await told(decision.id), facts, 'what another uncovered was not theirs');

      await desk.reopen(second.case, ana);
      await desk.report(3, { by: 'cleo', said: ['later'], atMs: desk.nowMs });
      assert.deepEqual(await told(decision.id), facts, 'nor what came later');
      desk.nowMs += 1;
      const again = (await desk.decideNow(second.case, ben, 'suspend-1h')).decision;
      const all = ['reports', 'lines', 'pictures', 'earlier-decisions'];
      assert.deepEqual(
        await told(again.id),
        [all, [warned.atMs]],
        'nor what it takes the place of',
      );

      const opened = await desk.run('case.open', {
        subject: ADA,
        reason: 'may-be-under-18',
        by: ana,
        freshCase: brandId<CaseId>('case-of-nobody'),
      });
      const { decision: own } = await desk.decideNow(given(opened).id, ana, 'suspend-7d');
      assert.deepEqual(await told(own.id), [['own-initiative'], []]);
    });

    it('[MO-19] returns each user’s trust, which grows with unreported calls', async (desk) => {
      const read = async () =>
        await desk.store.run('trust.read', { subjects: [MALLORY, ADA, subject('nobody')] });
      assert.deepEqual(await read(), []);
      await desk.report(1, { evidence: 'verified' });
      await desk.run('sessions.clean', { subjects: [ADA, ADA] });
      const known = await read();
      assert.deepEqual(
        known.map(({ subject: of, trust }) => [of, trust.sessions, trust.cleanSessions]),
        [
          [MALLORY, 1, 0],
          [ADA, 2, 2],
        ],
      );
    });

    it('[MO-17] restores the unreported calls that a rejected report had reset', async (desk) => {
      const [ana, ben] = await desk.hireModerators('ana', 'ben');
      const meet = async (times: number) => {
        const subjects = Array.from({ length: times }, () => MALLORY);
        await desk.run('sessions.clean', { subjects });
      };
      const clean = async () => {
        const [known] = await desk.store.run('trust.read', { subjects: [MALLORY] });
        return [known?.trust.sessions, known?.trust.cleanSessions];
      };
      await meet(30);
      const { case: first } = await desk.report(1, { evidence: 'verified' });
      await meet(2);
      assert.deepEqual(await clean(), [33, 2]);
      await desk.decideNow(first, ana, 'dismiss');
      assert.deepEqual(await clean(), [33, 33]);
      await desk.do('case.undo', { case: first, by: ana });
      assert.deepEqual(await clean(), [33, 2]);
      const { decision } = await desk.decideNow(first, ana, 'warn');
      assert.deepEqual(await clean(), [33, 2]);
      // A second report resets the user's count of unreported calls again.
      const { case: second } = await desk.report(2, { by: 'bob', evidence: 'verified' });
      await meet(1);
      const { id: appeal } = given(await desk.appeal(decision.id));
      await desk.answerAppeal(appeal, ben, 'overturn');
      assert.deepEqual(await clean(), [35, 1]);
      await desk.decideNow(second, ana, 'dismiss');
      assert.deepEqual(await clean(), [35, 35]);
    });

    it('[MO-10] lowers trust in a reporter of forged chat lines whatever the decision', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const { case: of } = await desk.report(1, { by: 'bob', evidence: 'contradicted' });
      await desk.report(2, { evidence: 'verified' });
      const bobs = async () => {
        const { reports, person } = await desk.export(subject('bob'));
        const outcome = await desk.store.run('report.outcome', { code: 'CODE-1' });
        return [reports[0]?.verdict, person?.rejected, outcome];
      };
      assert.deepEqual(await bobs(), ['rejected', 1, 'received'], 'nobody has looked at it');
      await desk.report(1, { by: 'bob', evidence: 'contradicted' });
      assert.deepEqual(await bobs(), ['rejected', 1, 'received'], 'told again, it is the same');
      await desk.decideNow(of, ana, 'warn');
      assert.deepEqual(await bobs(), ['rejected', 1, 'no-breach']);
      assert.equal((await desk.export(ADA)).reports[0]?.verdict, 'upheld');
      await desk.do('case.undo', { case: of, by: ana });
      assert.equal((await bobs())[1], 1);
      await desk.decideNow(of, ana, 'dismiss');
      assert.deepEqual(await bobs(), ['rejected', 1, 'no-breach']);
    });

    it('[MO-5] strips control characters from notes and drops empty notes', async (desk) => {
      await desk.report(1, { note: 'Look:\r\n\u001b[31mthere.\u0000' });
      await desk.report(2, { note: '\u0007' });
      const { reports } = await desk.export(ADA);
      assert.deepEqual(
        new Map(reports.map(({ code, words }) => [code, words?.note])),
        new Map([
          ['CODE-1', 'Look:\n[31mthere.'],
          ['CODE-2', null],
        ]),
      );
    });

    it('[MO-3, MO-15] forged chat lines neither pin nor queue a case', async (desk) => {
      const ana = await desk.hire('ana', 'moderator', 'child-safety');
      const queued = async () => await desk.queue(ana);
      const forged = { by: 'bob', evidence: 'contradicted' } as const;
      await desk.report(1, { ...forged, reason: 'self-harm' });
      const alone = await desk.report(2, { ...forged, reason: 'may-be-under-18' });
      assert.deepEqual([alone.state, await queued()], ['open', []]);
      await desk.report(3);
      await desk.report(4);
      const [{ of, priority } = assert.fail('it is queued')] = await queued();
      assert.equal(of.id, alone.case);
      assert.deepEqual([priority.pinned, of.lane, of.reporters], [false, 'normal', 1]);
      assert.deepEqual(
        of.reasons.map(({ reason, times }) => [reason, times]),
        [['threat-or-violence', 2]],
      );
    });

    it('[MO-3, MO-16] a forger’s reports suspend no user until one report is verified', async (desk) => {
      await desk.open();
      await desk.prove('cy', 'bob');
      const regulars = [ADA, subject('cy')].flatMap((one) => Array.from({ length: 99 }, () => one));
      await desk.run('sessions.clean', { subjects: regulars });
      for (const [n, by] of ['ada', 'cy'].entries()) await desk.report(n, { by });
      assert.equal((await desk.report(5, { by: 'bob', evidence: 'contradicted' })).hold, null);
      assert.deepEqual((await desk.standing()).holds, []);
      assert.notEqual((await desk.report(6, { by: 'bob' })).hold, null);
    });

    it('[MO-17, MO-135] a dismissal removes a case’s weight and counts .25 against reporters', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      await desk.report(1, { by: 'bob' });
      await desk.report(2, { by: 'cleo', reason: 'self-harm', evidence: 'verified' });
      const { case: of } = await desk.report(3, { evidence: 'verified' });
      const before = (await desk.export(MALLORY)).person?.trust;
      await desk.decideNow(of, ana, 'dismiss');
      const after = (await desk.export(MALLORY)).person?.trust;
      assert.ok(before !== undefined && after !== undefined && after.score < before.score);
      assert.ok(Math.abs(after.score - after.prior) < 1e-6, 'as if never reported');
      const made = [];
      for (const by of [subject('bob'), subject('cleo'), ADA]) {
        const { reports, person } = await desk.export(by);
        made.push([reports[0]?.verdict, person?.rejected ?? 0]);
      }
      assert.deepEqual(made, [
        ['inconclusive', 0.25],
        ['inconclusive', 0],
        ['rejected', 0.25],
      ]);
      const asked = await desk.store.run('report.outcome', { code: 'CODE-1' });
      assert.equal(asked, 'no-breach', 'whoever asks is told the same');
    });

    it('[MO-80] notifies reporters of the outcome, even after undo and appeal', async (desk) => {
      const [ana, ben] = await desk.hireModerators('ana', 'ben');
      const outcome = async (code = 'CODE-1') => await desk.store.run('report.outcome', { code });
      assert.equal(await outcome(), 'gone');
      const { case: of } = await desk.report(1);
      assert.equal(await outcome(), 'received');
      assert.equal(await outcome('CODE-2'), 'gone');
      await desk.assign(of, ana);
      assert.equal(await outcome(), 'in-review');
      const release = { event: 'release' } as const;
      await desk.do('case.step', { case: of, by: ana, step: release });
      await desk.decideNow(of, ana, 'suspend-1d');
      assert.equal(await outcome(), 'action-taken');
      await desk.do('case.undo', { case: of, by: ana });
      assert.equal(await outcome(), 'received');
      const { decision } = await desk.decideNow(of, ana, 'warn');
      const { id: appeal } = given(await desk.appeal(decision.id));
      await desk.answerAppeal(appeal, ben, 'overturn');
      assert.equal(await outcome(), 'no-breach');
    });

    it('[MO-54] returns the user’s newest active warning', async (desk) => {
      const [ana, ben] = await desk.hireModerators('ana', 'ben');
      const told = async (name = 'mallory') =>
        await desk.run('warning.own', { subject: subject(name) });
      assert.equal(await told(), null);
      await desk.decideNow((await desk.report(1)).case, ana, 'suspend-1h');
      assert.equal(await told(), null, 'what keeps somebody out is told in another way');
      const { decision } = await desk.decideNow((await desk.report(2)).case, ana, 'warn');
      const first = { atMs: desk.nowMs, reason: 'threat-or-violence' };
      assert.deepEqual(await told(), first);
      assert.equal(await told('ada'), null);
      desk.nowMs += DAY_MS;
      const { case: of } = await desk.report(3);
      await desk.decideNow(of, ana, 'warn');
      assert.deepEqual(await told(), { ...first, atMs: desk.nowMs });
      await desk.do('case.undo', { case: of, by: ana });
      assert.deepEqual(await told(), first);
      const { id: appeal } = given(await desk.appeal(decision.id));
      await desk.answerAppeal(appeal, ben, 'overturn');
      assert.equal(await told(), null);
      await desk.decideNow(of, ana, 'warn');
      desk.nowMs += STRIKE_MS - 1;
      assert.notEqual(await told(), null);
      desk.nowMs += 1;
      assert.equal(await told(), null);
    });

    it('[MO-53] hides dismissals and undone decisions from users; marks lifted and expired ones', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const read = async () => await desk.run('decisions.own', { by: { subject: MALLORY } });
      const dismissed = await desk.decideNow((await desk.report(1)).case, ana, 'dismiss');
      assert.deepEqual(await read(), []);
      const by = { decision: dismissed.decision.id };
      assert.deepEqual(await desk.run('decisions.own', { by }), []);
      const { case: of } = await desk.report(2);
      await desk.decideNow(of, ana, 'suspend-1h');
      await desk.do('case.undo', { case: of, by: ana });
      assert.deepEqual(await read(), []);
      const { sanctions } = await desk.decideNow(of, ana, 'suspend-1h');
      for (const { id } of sanctions) {
        await desk.do('sanction.lift', { sanction: id, by: null });
      }
      assert.deepEqual(
        (await read()).map(({ state }) => state),
        ['lifted'],
      );
      await desk.decideNow((await desk.report(3)).case, ana, 'suspend-1h');
      assert.deepEqual((await read()).map(({ state }) => state).sort(), ['holds', 'lifted']);
      desk.nowMs += DAY_MS;
      assert.deepEqual((await read()).map(({ state }) => state).sort(), ['lifted', 'over']);
    });
  });
}
