import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { MEMBER_NAME_UNITS_MAX } from '@farandole/accounts/limits';
import { ACTIONS, may, ROLES, type Role } from '@farandole/accounts/roles';
import { brandId } from '@farandole/kernel/id';
import type { DecisionId, SanctionId } from '@farandole/moderation/ids';
import {
  ASSIGNMENT_MS,
  SETTING_VALUE_UNITS_MAX,
  SUSPENSION_MS_MAX,
  UNDO_MS,
} from '@farandole/moderation/limits';
import { admit } from '@farandole/moderation/sanctions/admission';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { atDeskOf } from './support/at-desk.ts';
import {
  DAY_MS,
  device,
  given,
  member,
  networkId,
  reportFrom,
  START_MS,
  subject,
} from './support/desk.ts';

const MALLORY = subject('mallory');
const ADA = subject('ada');

export function deskContract(adapter: string, open: () => Promise<ModerationStore>): void {
  const it = atDeskOf(open);

  describe(`commands change cases, sanctions and roles by the rules: ${adapter}`, () => {
    it('[MO-70] opens a case for the first report, adds later ones, ignores repeats', async (desk) => {
      const first = await desk.report(1, { said: ['one', 'two'], note: 'rude' });
      assert.deepEqual(first, {
        intake: 'opened',
        case: 'case-from-1',
        state: 'queued',
        hold: null,
        first: { id: 'report-1', code: 'CODE-1' },
      });
      const second = await desk.report(2, { by: 'bob', reason: 'hate' });
      assert.equal(second.intake, 'joined');
      assert.equal(second.case, first.case);
      const rows = (await desk.audit()).length;
      const again = await desk.report(1, { note: 'another note' });
      assert.deepEqual(again, { ...first, intake: 'merged' });
      assert.equal((await desk.audit()).length, rows);
      const { reports } = await desk.export(ADA);
      assert.deepEqual(
        reports.map(({ code, words }) => [code, words?.note]),
        [['CODE-1', 'rude']],
      );
      assert.deepEqual(
        reports[0]?.words?.lines.map(({ text }) => text),
        ['one', 'two'],
      );
    });

    it('[MO-70, ST-3] makes one case and no sanction of concurrent reports from one seat', async (desk) => {
      const taken = await Promise.all(
        Array.from({ length: 500 }, () => desk.store.run('report.take', reportFrom(7))),
      );
      assert.equal(taken.filter(({ intake }) => intake === 'opened').length, 1);
      assert.equal(taken.filter(({ intake }) => intake === 'merged').length, 499);
      assert.deepEqual((await desk.standing()).sanctions, []);
      assert.equal((await desk.audit()).length, 1);
    });

    it('[MO-74] suspends a user after enough reports, for at most a day', async (desk) => {
      let hold = null;
      await desk.open();
      for (let n = 0; hold === null && n < 20; n++) {
        const taken = await desk.report(n, { by: `reporter-${n}`, evidence: 'verified' });
        hold = taken.hold;
        desk.nowMs = START_MS + n;
      }
      assert.ok(hold !== null, 'the reports were enough');
      assert.equal(hold.endsAtMs, hold.startsAtMs + SUSPENSION_MS_MAX);
      const { holds } = await desk.standing();
      assert.deepEqual(holds, [{ subject: MALLORY, case: hold.case, endsAtMs: hold.endsAtMs }]);
      desk.nowMs = hold.endsAtMs;
      assert.deepEqual((await desk.standing()).holds, []);
    });

    it('[MO-74] returns all active sanctions, or only that no decision changed any', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const { case: of } = await desk.report(1);
      desk.nowMs += 10;
      const { sanctions } = await desk.decideNow(of, ana, 'suspend-1h');
      assert.deepEqual(
        sanctions.map(({ on }) => on),
        [
          { scope: 'subject', subject: MALLORY },
          { scope: 'device', device: device('mallory') },
        ],
      );
      const standing = await desk.standing();
      assert.deepEqual(standing.sanctions, sanctions);
      const unless = standing.version;
      const ask = () => desk.run('standing.read', { unless });
      assert.equal(await ask(), null);
      await desk.report(2, { by: 'bob', of: 'carol' });
      assert.equal(await ask(), null, 'a report changes nobody’s standing');
      const [first] = sanctions;
      assert.ok(first !== undefined);
      await desk.do('sanction.lift', { sanction: first.id, by: null });
      assert.deepEqual((await ask())?.sanctions, sanctions.slice(1));
      const mallory = {
        subject: MALLORY,
        device: device('mallory'),
        account: null,
        prefixes: [],
      };
      const admission = admit((await desk.standing()).sanctions, mallory, desk.nowMs);
      assert.equal(admission.may, 'nothing', 'the device is still kept out');
      desk.nowMs += 3_600_000;
      assert.deepEqual((await desk.standing()).sanctions, []);
    });

    it('[MO-71] applies a decision atomically, and undoes it atomically', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const { case: of } = await desk.report(1, { evidence: 'verified' });
      const before = await desk.export(MALLORY);
      desk.nowMs += 10;
      const { decision } = await desk.decideNow(of, ana, 'suspend-7d', 'seen before');
      const after = await desk.export(MALLORY);
      assert.equal(after.sanctions.length, 1);
      assert.equal(after.strikes.length, 1);
      assert.equal((await desk.export(ADA)).reports[0]?.verdict, 'upheld');
      desk.nowMs += UNDO_MS - 1;
      await desk.do('case.undo', { case: of, by: ana });
      assert.deepEqual((await desk.standing()).sanctions, []);
      const undone = await desk.export(MALLORY);
      assert.equal(undone.strikes[0]?.reversedAtMs, desk.nowMs);
      assert.equal(undone.decisions[0]?.reversedAtMs, desk.nowMs);
      assert.deepEqual(undone.person?.trust, before.person?.trust);
      assert.equal((await desk.export(ADA)).reports[0]?.verdict, 'waiting');
      const shown = await desk.do('case.show', { case: of, by: ana });
      assert.equal(shown.of.state, 'queued');
      const appeal = await desk.appeal(decision.id);
      assert.deepEqual(appeal, { ok: false, reason: 'unknown' });
    });

    it('[MO-10] chat lines don’t raise a report’s weight; one report restricts no user', async (desk) => {
      await desk.report(1, { of: 'with-lines', by: 'reporter-1', evidence: 'verified' });
      await desk.report(2, { of: 'without', by: 'reporter-2', evidence: 'inconclusive' });
      const { person } = await desk.export(subject('with-lines'));
      assert.ok(person !== null);
      const other = await desk.export(subject('without'));
      assert.equal(person.trust.score, other.person?.trust.score);
      assert.ok(person.trust.score < Math.log(0.25 / 0.75));
    });

    it('[MO-71] a dismissal lowers the reporter’s trust and ends the subject’s suspension', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const taken = await desk.reportUntilHeld();
      desk.nowMs += 100;
      await desk.decideNow(taken.case, ana, 'dismiss');
      const { person } = await desk.export(MALLORY);
      assert.ok(person !== null && person.trust.score < Math.log(0.03 / 0.97) + 0.01);
      assert.equal(person.hold?.endsAtMs, desk.nowMs);
      assert.equal((await desk.export(ADA)).person?.rejected, 0.25);
      assert.deepEqual((await desk.standing()).holds, []);
    });

    it('[MO-73] applies a two-person decision only after another member approves', async (desk) => {
      const ana = await desk.hire('ana', 'moderator', 'senior');
      const ben = await desk.hire('ben', 'senior');
      const { case: of } = await desk.report(1);
      desk.nowMs += 10;
      const approval = await desk.propose(of, ana, 'suspend-permanently', { note: 'again' });
      assert.deepEqual((await desk.standing()).sanctions, []);
      const own = await desk.answerProposal(approval, ana, 'approved');
      assert.deepEqual(own, { ok: false, reason: 'same-person' });
      const answer = given(await desk.answerProposal(approval, ben, 'approved'));
      assert.ok(answer.answer === 'approved' && answer.of === 'decision');
      assert.deepEqual(answer.decision.deciders, [ana, ben]);
      assert.equal((await desk.standing()).sanctions.length, 2);
      const twice = await desk.answerProposal(approval, ben, 'declined');
      assert.deepEqual(twice, { ok: false, reason: 'answered' });
    });

    it('[MO-73] keeps an earlier suspension when a proposal is declined or withdrawn', async (desk) => {
      const ana = await desk.hire('ana', 'senior');
      const ben = await desk.hire('ben', 'senior');
      const taken = await desk.reportUntilHeld();
      const { endsAtMs } = taken.hold;
      for (const end of ['decline', 'withdraw'] as const) {
        desk.nowMs += 100;
        const approval = await desk.propose(taken.case, ana);
        if (end === 'decline') given(await desk.answerProposal(approval, ben, 'declined'));
        else {
          await desk.do('approval.withdraw', { approval, by: ana });
        }
        assert.deepEqual(
          (await desk.standing()).holds,
          [{ subject: MALLORY, case: taken.case, endsAtMs }],
          end,
        );
      }
    });

    it('[MO-73] requires two members with network permission to ban a wide network', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const ben = await desk.hire('ben', 'senior');
      const cleo = await desk.hire('cleo', 'senior');
      const { case: of } = await desk.report(1);
      desk.nowMs += 10;
      const of4 = { scope: 'prefix', family: 'v4' } as const;
      const networks = [{ ...of4, prefix: networkId('campus/16'), bits: 16 }] as const;
      const dorm = { ...of4, prefix: networkId('dorm'), bits: 24 } as const;
      await desk.see('campus/16', 'mallory');
      await desk.see('dorm', 'mallory');
      await desk.see('elsewhere', 'oscar');
      await desk.assign(of, ana);
      const decision = { measure: 'suspend-1d', reason: 'hate', note: '' } as const;
      const ids = {
        freshDecision: brandId<DecisionId>('decision-x'),
        freshApproval: brandId<never>('approval-x'),
      };
      const input = { case: of, by: ana, decision, networks, ...ids, nowMs: desk.nowMs };
      const refusal = await desk.store.run('case.decide', input);
      assert.deepEqual(refusal, { ok: false, reason: 'not-allowed' });
      desk.nowMs += ASSIGNMENT_MS;
      const approval = await desk.propose(of, ben, 'suspend-1d', { networks });
      assert.deepEqual(given(await desk.answerProposal(approval, cleo, 'declined')), {
        answer: 'declined',
      });
      assert.deepEqual((await desk.standing()).sanctions, []);
      // A ban may name only a network that the subject used, with the recorded prefix length.
      await desk.assign(of, ben);
      for (const other of [
        { ...dorm, bits: 32 },
        { ...dorm, family: 'v6' } as const,
        { ...dorm, prefix: networkId('elsewhere') },
      ]) {
        const answer = await desk.run('case.decide', { ...input, by: ben, networks: [other] });
        assert.deepEqual(answer, { ok: false, reason: 'unknown' });
      }
      const narrow = await desk.decide(of, ben, 'suspend-1d', { networks: [dorm] });
      assert.ok(narrow.decided === 'now');
      assert.equal(narrow.sanctions.length, 3);
    });

    it('[MO-71] a successful appeal ends sanctions and reverses the effects of reports', async (desk) => {
      const [ana, ben] = await desk.hireModerators('ana', 'ben');
      const { case: of } = await desk.report(1, { evidence: 'verified' });
      desk.nowMs += 10;
      const { decision } = await desk.decideNow(of, ana, 'suspend-7d');
      const appeal = given(await desk.appeal(decision.id, 'It was my brother.'));
      assert.deepEqual(await desk.appeal(decision.id), { ok: false, reason: 'already-appealed' });
      const unknown = await desk.appeal(brandId<DecisionId>('decision-none'));
      assert.deepEqual(unknown, { ok: false, reason: 'unknown' });
      const answer = { appeal: appeal.id, outcome: 'overturn', endsAtMs: null } as const;
      const at = () => ({ nowMs: desk.nowMs });
      const own = await desk.store.run('appeal.answer', { ...answer, by: ana, ...at() });
      assert.deepEqual(own, { ok: false, reason: 'same-person' });
      desk.nowMs += DAY_MS;
      given(await desk.store.run('appeal.answer', { ...answer, by: ben, ...at() }));
      assert.deepEqual((await desk.standing()).sanctions, []);
      const { strikes, appeals } = await desk.export(MALLORY);
      assert.equal(strikes[0]?.reversedAtMs, desk.nowMs);
      assert.equal(appeals[0]?.text, 'It was my brother.');
      assert.equal(appeals[0]?.appeal.state, 'answered');
      const reporter = await desk.export(ADA);
      assert.equal(reporter.reports[0]?.verdict, 'rejected');
      assert.equal(reporter.person?.rejected, 0.25);
    });

    it('[MO-71] shortens sanctions on appeal, and changes nothing when upholding them', async (desk) => {
      const [ana, ben] = await desk.hireModerators('ana', 'ben');
      for (const [n, outcome] of [
        [1, 'shorten'],
        [2, 'uphold'],
      ] as const) {
        const { case: of } = await desk.report(n, { of: `person-${n}` });
        const { decision } = await desk.decideNow(of, ana, 'suspend-7d');
        const { id } = given(await desk.appeal(decision.id));
        const endsAtMs = desk.nowMs + DAY_MS;
        await desk.answerAppeal(id, ben, outcome, endsAtMs);
        const { sanctions } = await desk.export(subject(`person-${n}`));
        assert.equal(sanctions[0]?.endsAtMs, desk.nowMs + (outcome === 'shorten' ? 1 : 7) * DAY_MS);
      }
    });

    it('[MO-60] lets only child safety overturn a child-safety decision', async (desk) => {
      const sue = await desk.hire('sue', 'child-safety');
      const eve = await desk.hire('eve', 'senior');
      const zoe = await desk.hire('zoe', 'senior', 'child-safety');
      const { case: of } = await desk.report(1);
      const { case: sealed } = await desk.report(2, { of: 'oscar', reason: 'may-be-under-18' });
      desk.nowMs += 10;
      const { nowMs } = desk;
      const [plain] = (await desk.decideNow(of, sue, 'suspend-1h')).sanctions;
      const [safe] = (await desk.decideNow(sealed, sue, 'suspend-1h')).sanctions;
      assert.ok(plain !== undefined && safe !== undefined);
      const lift = (sanction: SanctionId, by: MemberId) =>
        desk.store.run('sanction.lift', { sanction, by, nowMs });
      for (const by of [sue, eve]) {
        assert.deepEqual(await lift(safe.id, by), { ok: false, reason: 'not-allowed' });
      }
      assert.equal(given(await lift(plain.id, eve)).liftedAtMs, nowMs);
      assert.equal(given(await lift(safe.id, zoe)).liftedAtMs, nowMs);
    });

    it('[MO-76] shows child safety’s notes in other cases only to child safety', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const sue = await desk.hire('sue', 'child-safety');
      const { case: sealed } = await desk.report(1, { reason: 'may-be-under-18' });
      await desk.decideNow(sealed, sue, 'warn', 'Handed on.');
      const { case: of } = await desk.report(2);
      const notes = async (by: MemberId) =>
        (await desk.do('case.show', { case: of, by })).decisions.map(({ note }) => note !== null);
      assert.deepEqual(await notes(ana), [false]);
      assert.deepEqual(await notes(sue), [true]);
    });

    it('[MO-72] allows each role its listed commands, and former members none', async (desk) => {
      const { case: of } = await desk.report(1);
      const sealed = await desk.report(2, { of: 'oscar', reason: 'may-be-under-18' });
      const refusedOf = async (id: ReturnType<typeof member>, which = of) => {
        const shown = await desk.run('case.show', { case: which, by: id });
        return shown.ok ? null : shown.reason;
      };
      for (const role of ROLES) {
        const id = await desk.hire(role, role);
        const expected = may([role], 'case.read') ? null : 'not-allowed';
        assert.equal(await refusedOf(id), expected, role);
        const isSealed = may([role], 'case.read-child-safety') ? null : 'not-allowed';
        assert.equal(await refusedOf(id, sealed.case), isSealed, role);
        const setting = { name: 'rules.text', value: 'Be kind.', by: id, nowMs: desk.nowMs };
        const put = await desk.store.run('setting.put', setting);
        assert.equal(put.ok, may([role], 'settings.edit'), role);
        const read = await desk.store.run('audit.read', { by: id, after: 0 });
        assert.equal(read.ok, may([role], 'audit.read'), role);
        const queue = await desk.run('queue.read', { by: id });
        assert.equal(queue.ok, may([role], 'queue.read'), role);
        const decided = await desk.run('case.step', {
          case: of,
          by: id,
          step: { event: 'assign' },
        });
        assert.equal(decided.ok, may([role], 'case.assign'), role);
        desk.nowMs += ASSIGNMENT_MS;
      }
      assert.equal(await refusedOf(member('nobody')), 'not-allowed');
      const all: readonly Role[] = ROLES;
      const everything = await desk.hire('everything', ...all);
      assert.ok(ACTIONS.every((action) => may(all, action)));
      await desk.do('member.remove', { id: everything, by: null });
      assert.equal(await refusedOf(everything), 'not-allowed');
    });

    it('[MO-75] grants roles on the command line or with two people’s approval', async (desk) => {
      const ada = await desk.hire('ada', 'admin');
      const bob = await desk.hire('bob', 'admin');
      const fields = { id: member('cleo'), name: 'Cleo', by: ada, nowMs: desk.nowMs };
      const add = (roles: readonly Role[]) => desk.store.run('member.add', { ...fields, roles });
      assert.deepEqual(await add(['moderator']), { ok: false, reason: 'takes-two' });
      given(await add([]));
      assert.deepEqual(await add([]), { ok: false, reason: 'already-there' });
      const asked = { member: member('cleo'), roles: ['moderator'], by: ada } as const;
      const freshApproval = brandId<never>('approval-of-roles');
      const nowMs = desk.nowMs;
      given(await desk.store.run('roles.propose', { ...asked, freshApproval, nowMs }));
      const own = await desk.answerProposal(freshApproval, ada, 'approved');
      assert.deepEqual(own, { ok: false, reason: 'same-person' });
      const rolesOfCleo = async () =>
        (await desk.store.run('member.list', null)).find(({ id }) => id === 'member-cleo')?.roles;
      assert.deepEqual(await rolesOfCleo(), []);
      given(await desk.answerProposal(freshApproval, bob, 'approved'));
      assert.deepEqual(await rolesOfCleo(), ['moderator']);
    });

    it('[MO-76] lists visible cases by priority and logs each read', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const sue = await desk.hire('sue', 'child-safety');
      await desk.report(1, { of: 'quiet', reason: 'other', evidence: 'verified' });
      await desk.report(2, { of: 'near', reason: 'self-harm' });
      await desk.report(3, { of: 'young', reason: 'may-be-under-18' });
      await desk.report(4, { of: 'little', reason: 'other', evidence: 'contradicted' });
      const subjects = async (by: typeof ana) => (await desk.queue(by)).map(({ of }) => of.subject);
      assert.deepEqual(await subjects(ana), ['subject-near', 'subject-quiet']);
      assert.deepEqual(await subjects(sue), ['subject-young', 'subject-near', 'subject-quiet']);
      const [first] = await desk.queue(ana);
      assert.ok(first !== undefined);
      await desk.do('case.show', { case: first.of.id, by: ana });
      const last = (await desk.audit()).at(-1);
      assert.deepEqual([last?.action, last?.by, last?.about], ['case.read', ana, first.of.id]);
    });

    it('[MO-77] rejects overlong names and values, and control characters', async (desk) => {
      const add = async (name: string) => {
        const id = member(desk.fresh('long'));
        return (await desk.run('member.add', { id, name, roles: [], by: null })).ok;
      };
      assert.equal(await add('n'.repeat(MEMBER_NAME_UNITS_MAX)), true);
      assert.equal(await add('n'.repeat(MEMBER_NAME_UNITS_MAX + 1)), false);
      assert.equal(await add('  '), false);
      assert.equal(await add('a\u0000b'), false);
      const put = async (name: string, value: string) =>
        (await desk.run('setting.put', { name, value, by: null })).ok;
      assert.equal(await put('rules.text', 'v'.repeat(SETTING_VALUE_UNITS_MAX)), true);
      assert.equal(await put('rules.text', 'v'.repeat(SETTING_VALUE_UNITS_MAX + 1)), false);
      assert.equal(await put('rules.text', '\ud800'), false);
      assert.equal(await put('Rules', 'x'), false);
      assert.equal(await put('rules.text', 'Be kind.\n"Always" – 👋'), true);
      const settings = await desk.store.run('setting.list', null);
      assert.deepEqual(settings, [
        { id: 'rules.text', value: 'Be kind.\n"Always" – 👋', atMs: desk.nowMs },
      ]);
    });

    it('[MO-78] returns an undecided case to the queue when its assignment expires', async (desk) => {
      const [ana, ben] = await desk.hireModerators('ana', 'ben');
      const { case: of } = await desk.report(1);
      await desk.assign(of, ana);
      const taken = await desk.run('case.step', { case: of, by: ben, step: { event: 'assign' } });
      assert.deepEqual(taken, { ok: false, reason: 'taken' });
      desk.nowMs += ASSIGNMENT_MS - 1;
      const tick = () => desk.run('time.pass', {});
      assert.equal((await tick()).lapsed, 0);
      desk.nowMs += 1;
      assert.equal((await tick()).lapsed, 1);
      const shown = await desk.do('case.show', { case: of, by: ben });
      assert.equal(shown.of.state, 'queued');
    });
  });
}
