import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import { answersAgainst, type SharedAnswer } from '@farandole/moderation/appeals/shared-appeal';
import type { Measure } from '@farandole/moderation/cases/decision';
import type { AppealId, SanctionId } from '@farandole/moderation/ids';
import {
  APPEAL_TEXT_UNITS_MAX,
  NETWORK_SANCTION_MS_MAX,
  SHARED_APPEAL_KEPT_MS,
  SHARED_APPEALS_MAX,
} from '@farandole/moderation/limits';
import type { ReportReason } from '@farandole/moderation/reports/reason';
import type { Sanction } from '@farandole/moderation/sanctions/sanction';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { atDeskOf } from './support/at-desk.ts';
import { DAY_MS, type Desk, given, networkId, subject } from './support/desk.ts';

const NINA = subject('nina');
const WHY = 'We are forty here.';
const LEAVE: readonly SharedAnswer[] = ['still-needed', 'nothing-new'];

async function shutOut(desk: Desk, reason: 'hate' | 'may-be-under-18' = 'hate') {
  const { ana, of, decided } = await decideWithDorm(desk, reason, 'suspend-7d');
  assert.ok(decided.decided === 'now');
  return { ana, of, decision: decided.decision, ...idsOf(decided.sanctions) };
}

async function shutOutByTwo(desk: Desk) {
  const { of, decided } = await decideWithDorm(desk, 'hate', 'suspend-permanently');
  assert.ok(decided.decided === 'proposed');
  const second = await desk.hire('second', 'senior');
  given(await desk.answerProposal(decided.approval, second, 'approved'));
  return { of, ...idsOf((await desk.standing()).sanctions) };
}

async function decideWithDorm(desk: Desk, reason: ReportReason, measure: Measure) {
  const ana = await desk.hire('ana', 'senior', 'child-safety');
  await desk.see('dorm', 'mallory');
  const { case: of } = await desk.report(1, { reason });
  const prefix = networkId('dorm');
  const networks = [{ scope: 'prefix', prefix, family: 'v4', bits: 24 }] as const;
  return { ana, of, decided: await desk.decide(of, ana, measure, { networks }) };
}

function idsOf(sanctions: readonly Sanction[]) {
  const idOn = (scope: Sanction['on']['scope']): SanctionId => {
    const found = sanctions.find(({ on }) => on.scope === scope);
    assert.ok(found !== undefined);
    return found.id;
  };
  return { person: idOn('subject'), device: idOn('device'), network: idOn('prefix') };
}

async function file(desk: Desk, sanction: SanctionId, by: SubjectId = NINA, text = WHY) {
  const freshAppeal = brandId<AppealId>(desk.fresh('shared'));
  return await desk.run('appeal.file', { sanction, subject: by, text, freshAppeal });
}

async function answer(desk: Desk, appeal: AppealId, by: MemberId, said: SharedAnswer) {
  return await desk.run('appeal.answer', { appeal, by, outcome: said, endsAtMs: null });
}

async function own(desk: Desk, by: SubjectId = NINA, sanctions: readonly SanctionId[] = []) {
  return await desk.run('sanctions.shared', { subject: by, sanctions });
}

async function list(desk: Desk, by: MemberId) {
  const waiting = await desk.do('appeal.list', { by });
  return waiting.flatMap((one) => (one.decision === null ? [] : [one]));
}

const refusedAs = (reason: string) => ({ ok: false, reason });

export function sharedAppealsContract(adapter: string, open: () => Promise<ModerationStore>): void {
  const it = atDeskOf(open);

  describe(`users appeal against bans of shared networks and devices: ${adapter}`, () => {
    it('[MO-55] accepts one appeal per user of a banned network, naming no user', async (desk) => {
      const { person, device, network, decision } = await shutOut(desk);
      const shown = await own(desk, NINA, [network, device, person]);
      const atEnd = {
        endsAtMs: decision.endsAtMs,
        restriction: 'suspended',
        holds: true,
      } as const;
      assert.deepEqual(shown, [
        { sanction: network, scope: 'prefix', ...atEnd, appeal: null },
        { sanction: device, scope: 'device', ...atEnd, appeal: null },
      ]);
      assert.deepEqual(await own(desk, subject('mallory'), [network, device]), [], 'is theirs');
      for (const [text, reason] of [
        [' ', 'empty'],
        ['x'.repeat(APPEAL_TEXT_UNITS_MAX + 1), 'text-too-long'],
        ['a\u0007', 'text-has-control-characters'],
      ] as const) {
        assert.deepEqual(await file(desk, network, NINA, text), refusedAs(reason));
      }
      const nobody = brandId<SanctionId>('no-such-sanction');
      for (const none of [person, nobody]) {
        assert.deepEqual(await file(desk, none), refusedAs('unknown'));
      }
      assert.deepEqual(await file(desk, network, subject('mallory')), refusedAs('unknown'));
      given(await file(desk, network));
      assert.deepEqual(await file(desk, network), refusedAs('already-appealed'));
      given(await file(desk, device));
      const written = await own(desk);
      assert.deepEqual(
        written.map(({ appeal }) => appeal),
        [
          { state: 'waiting', atMs: desk.nowMs },
          { state: 'waiting', atMs: desk.nowMs },
        ],
      );
      const told = JSON.stringify([shown, written, await desk.export(NINA)]);
      assert.doesNotMatch(told, /mallory|hate|member-/u);
      const rows = (await desk.audit()).filter(({ action }) => action === 'shared-appeal.file');
      assert.deepEqual(
        rows.map(({ by }) => by),
        ['subject', 'subject'],
      );
    });

    it('[MO-55] limits pending appeals per network; accepts none after the ban', async (desk) => {
      const { network, device } = await shutOut(desk);
      for (let n = 0; n < SHARED_APPEALS_MAX; n++) {
        given(await file(desk, network, subject(`neighbour-${n}`)));
      }
      assert.deepEqual(await file(desk, network), refusedAs('crowded'));
      given(await file(desk, device));
      desk.nowMs += 7 * DAY_MS;
      assert.deepEqual(await file(desk, network), refusedAs('unknown'));
      assert.deepEqual(
        (await own(desk)).map(({ holds }) => holds),
        [false],
      );
    });

    it('[MO-55] an uninvolved senior ends or keeps the network ban for all users', async (desk) => {
      const { ana, person, device, network } = await shutOut(desk);
      const sue = await desk.hire('sue', 'senior');
      const mia = await desk.hire('mia', 'moderator');
      const ofDevice = given(await file(desk, device)).id;
      const first = given(await file(desk, network)).id;
      given(await file(desk, network, subject('oscar')));
      const counted = async (by: MemberId) =>
        (await desk.run('desk.counts', { members: [by] }))[0]?.appeals;
      assert.deepEqual([await counted(sue), await counted(mia), await counted(ana)], [3, 0, 0]);
      const waiting = await list(desk, sue);
      assert.deepEqual(
        waiting.map(({ text, shared, mayAnswer }) => [text, shared?.scope, mayAnswer]),
        [
          [WHY, 'device', true],
          [WHY, 'prefix', true],
          [WHY, 'prefix', true],
        ],
      );
      assert.doesNotMatch(JSON.stringify(waiting), /nina|oscar/u);
      assert.ok((await list(desk, mia)).every(({ mayAnswer }) => !mayAnswer));
      assert.deepEqual(await answer(desk, first, ana, 'others-share'), refusedAs('same-person'));
      assert.deepEqual(await answer(desk, first, mia, 'others-share'), refusedAs('not-allowed'));
      for (const wrong of ['because', 'overturn'] as const) {
        const made = await answer(desk, first, sue, wrong as never);
        assert.deepEqual(made, refusedAs('malformed'), wrong);
      }

      given(await answer(desk, ofDevice, sue, 'still-needed'));
      assert.deepEqual(await answer(desk, ofDevice, sue, 'not-needed'), refusedAs('answered'));
      const { version } = await desk.standing();
      given(await answer(desk, first, sue, 'others-share'));
      const standing = await desk.standing();
      assert.notEqual(standing.version, version, 'nodes read it again');
      assert.deepEqual(
        standing.sanctions.map(({ id }) => id).toSorted(),
        [person, device].toSorted(),
      );
      for (const who of [NINA, subject('oscar')]) {
        const ofNetwork = (await own(desk, who)).find(({ sanction }) => sanction === network);
        assert.deepEqual(ofNetwork?.appeal, {
          ...{ state: 'answered', answer: 'others-share' },
          ...{ atMs: desk.nowMs, answeredAtMs: desk.nowMs },
        });
        assert.equal(ofNetwork.holds, false);
      }
      assert.deepEqual(await list(desk, sue), []);
      assert.equal(await counted(sue), 0);
      const last = (await desk.audit()).at(-1);
      assert.deepEqual([last?.by, last?.action], [sue, 'shared-appeal.answer']);
    });

    it('[MO-41, MO-55] requires two people to end a two-person network ban', async (desk) => {
      const { person, device, network, of } = await shutOutByTwo(desk);
      const sue = await desk.hire('sue', 'senior');
      const ofDevice = given(await file(desk, device)).id;
      const ofNetwork = given(await file(desk, network)).id;
      assert.deepEqual(
        (await list(desk, sue)).map(({ decision }) => answersAgainst(decision)),
        [LEAVE, LEAVE],
      );
      for (const id of [ofDevice, ofNetwork]) {
        for (const lets of ['others-share', 'not-needed'] as const) {
          assert.deepEqual(await answer(desk, id, sue, lets), refusedAs('takes-two'));
        }
      }
      const holding = async () => (await desk.standing()).sanctions.map(({ id }) => id);
      assert.deepEqual((await holding()).toSorted(), [person, device, network].toSorted());
      assert.equal((await list(desk, sue)).length, 2, 'nothing is answered by what was refused');
      given(await answer(desk, ofDevice, sue, 'still-needed'));
      assert.equal((await list(desk, sue)).length, 1);
      await desk.reopen(of, sue);
      const approval = await desk.propose(of, sue);
      const ben = await desk.hire('ben', 'senior');
      given(await desk.answerProposal(approval, ben, 'approved'));
      assert.ok(!(await holding()).includes(network), 'two let it go');
    });

    it('[MO-55, MO-69] only child safety answers a network appeal about a possible minor', async (desk) => {
      const { network } = await shutOut(desk, 'may-be-under-18');
      const sue = await desk.hire('sue', 'senior');
      const kim = await desk.hire('kim', 'child-safety');
      const { id } = given(await file(desk, network));
      assert.deepEqual(await list(desk, sue), []);
      assert.deepEqual(await answer(desk, id, sue, 'not-needed'), refusedAs('not-allowed'));
      assert.equal((await list(desk, kim))[0]?.mayAnswer, true);
      given(await answer(desk, id, kim, 'not-needed'));
    });

    it('[MO-55] deletes the texts of moot and erased network appeals', async (desk) => {
      const { network, device } = await shutOut(desk);
      const sue = await desk.hire('sue', 'senior');
      const ofDevice = given(await file(desk, device)).id;
      given(await file(desk, network, subject('oscar')));
      const textOf = async (who: SubjectId) =>
        (await desk.export(who)).sharedAppeals.map(({ text }) => text);
      const erase = async (who: SubjectId) => await desk.run('subject.erase', { subject: who });
      const asked = await erase(NINA);
      assert.deepEqual([asked.appeals, asked.needed], [0, 1], 'somebody is to read it yet');
      assert.deepEqual(await textOf(NINA), [WHY]);
      given(await answer(desk, ofDevice, sue, 'nothing-new'));
      assert.deepEqual(await textOf(NINA), [null], 'once it is answered');
      assert.equal((await erase(NINA)).appeals, 1);
      const pass = async () => (await desk.run('time.pass', {})).sharedAppealsRemoved;
      desk.nowMs += SHARED_APPEAL_KEPT_MS - 1;
      assert.ok(SHARED_APPEAL_KEPT_MS > NETWORK_SANCTION_MS_MAX);
      assert.equal(await pass(), 0);
      desk.nowMs += 1;
      assert.equal(await pass(), 2);
      for (const who of [NINA, subject('oscar')]) {
        assert.deepEqual((await desk.export(who)).sharedAppeals, []);
      }
    });
  });
}
