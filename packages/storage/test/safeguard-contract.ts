import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { brandId } from '@farandole/kernel/id';
import type { HandOverStep } from '@farandole/moderation/cases/handover-steps';
import type { ApprovalId, CaseId } from '@farandole/moderation/ids';
import {
  CASE_KEPT_MS,
  PAIR_KEPT_MS,
  SEALED_KEPT_MS,
  TEXT_DISMISSED_MS,
  TEXT_UNDECIDED_MS,
  UNSEALED_MS,
} from '@farandole/moderation/limits';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { PairSide, StoredPair } from '@farandole/moderation/store/stored';
import { atDeskOf } from './support/at-desk.ts';
import { DAY_MS, type Desk, given, matchId, pictureId, subject } from './support/desk.ts';

const PLACES = {
  ada: { tier: 'good', circle: 'good' },
  bob: null,
  mallory: { tier: 'new', circle: 'normal' },
} as const satisfies Readonly<Record<string, PairSide['place']>>;

/** Contract suite of stores: cases of possible minors, and how reported users were matched. */
export function safeguardContract(adapter: string, open: () => Promise<ModerationStore>): void {
  const it = atDeskOf(open);

  describe(`the store protects cases of possible minors: ${adapter}`, () => {
    it('[MO-98, ST-15] after a pair’s record expires, keeps how reported users were matched', async (desk) => {
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
      const passed = await desk.run('time.pass', {});
      assert.equal(passed.pairsRemoved, 2);
      assert.deepEqual((await desk.export(subject('bob'))).met, []);
      assert.deepEqual(await pairs(), expected);
    });

    it('[MO-69] a proposer may withdraw but not read a possible minor’s case', async (desk) => {
      const ana = await desk.hire('ana', 'senior');
      const { case: of } = await desk.report(1);
      await desk.decide(of, ana, 'suspend-permanently', { note: 'a note' });
      const asked = async () => {
        const waiting = await desk.do('approval.list', { by: ana });
        return waiting.map((one) => [one.of?.id ?? null, one.note, one.may]);
      };
      assert.deepEqual(await asked(), [[of, 'a note', 'withdraw']]);
      await desk.reportMinor(2, { by: 'bob' });
      assert.deepEqual(await asked(), [[null, null, 'withdraw']]);
    });

    it('[MO-120] child-safety members tick and untick handover steps, with audit rows', async (desk) => {
      const ana = await desk.hire('ana', 'child-safety');
      const ben = await desk.hire('ben', 'moderator', 'senior');
      const { case: of } = await desk.report(1);
      const tick = async (by: MemberId, step: HandOverStep, done = true) =>
        await desk.run('hand-over.tick', { case: of, by, step, done });
      assert.deepEqual(await tick(ana, 'left-closed'), { ok: false, reason: 'not-now' });
      await desk.reportMinor(2, { by: 'bob' });
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
      // A decision keeps the ticked handover steps.
      await desk.decideNow(of, ana, 'warn');
      await desk.reopen(of, ana);
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
    });

    it('[MO-120, MO-2] keeps ticked handover steps when cases merge', async (desk) => {
      const ana = await desk.hire('ana', 'child-safety');
      const { case: first } = await desk.report(1, { reason: 'may-be-under-18' });
      const input = { by: ana, step: 'authority-told', done: true, nowMs: desk.nowMs } as const;
      given(await desk.store.run('hand-over.tick', { ...input, case: first }));
      await desk.decideNow(first, ana, 'dismiss');
      const minor = { by: 'bob', reason: 'may-be-under-18' } as const;
      const { case: second } = await desk.report(2, minor);
      await desk.do('case.undo', { case: first, by: ana });
      const { of } = await shownTo(desk, second, ana);
      assert.deepEqual(
        of.handOver?.map(({ step, by }) => [step, by]),
        [['authority-told', ana]],
      );
    });

    it('[MO-121, ST-14] keeps a possible minor’s evidence despite age and erasure requests', async (desk) => {
      const ana = await desk.hire('ana', 'child-safety');
      const { case: of } = await desk.report(1, { note: 'before' });
      given(await desk.addPictures(1, 2));
      await desk.reportMinor(2, { by: 'bob', note: 'since' });
      await desk.report(3, { by: 'cleo', note: 'other' });
      given(await desk.addPictures(3, 1));
      const { case: handed } = await desk.report(4, { of: 'oscar', note: 'handed' });
      given(await desk.addPictures(4, 1));
      await desk.assign(handed, ana);
      const step = { event: 'escalate', to: 'child-safety' } as const;
      const nowMs = desk.nowMs;
      given(await desk.store.run('case.step', { case: handed, by: ana, step, nowMs }));
      const kept = async () => {
        const all: unknown[] = [];
        for (const id of [of, handed]) {
          const { reports } = await shownTo(desk, id, ana);
          for (const { words, pictures } of reports) {
            all.push([words?.note, ...pictures.map(({ state }) => state)]);
          }
        }
        return all;
      };
      const everything = [
        ['other', 'sealed'],
        ['since'],
        ['before', 'sealed', 'sealed'],
        ['handed', 'sealed'],
      ];
      await desk.decideNow(of, ana, 'dismiss');
      await desk.do('case.undo', { case: of, by: ana });
      await desk.decideNow(of, ana, 'dismiss');
      for (const name of ['ada', 'bob']) {
        const erased = await desk.run('subject.erase', { subject: subject(name) });
        assert.deepEqual([erased.reports, erased.undecided + erased.needed > 0], [0, true]);
      }
      for (const afterMs of [TEXT_DISMISSED_MS, TEXT_UNDECIDED_MS, CASE_KEPT_MS + DAY_MS]) {
        desk.nowMs += afterMs;
        const passed = await desk.run('time.pass', {});
        const { shredded, picturesShredded, casesRemoved } = passed;
        assert.deepEqual([shredded, picturesShredded, casesRemoved], [0, 0, 0]);
        assert.deepEqual(await kept(), everything);
      }
    });

    it('[MO-122, MO-111] one approval permits one audited view of one picture', async (desk) => {
      const [ana, ben] = [
        await desk.hire('ana', 'child-safety', 'senior'),
        await desk.hire('ben', 'child-safety'),
      ];
      const [cleo, dan] = [await desk.hire('cleo', 'senior'), await desk.hire('dan', 'moderator')];
      const { case: of } = await desk.report(1);
      given(await desk.addPictures(1, 2));
      const ask = async (by: MemberId, picture = pictureId(1)) => {
        const freshApproval = brandId<ApprovalId>(desk.fresh('approval'));
        return await desk.run('unsealing.ask', { picture, by, freshApproval });
      };
      assert.deepEqual(await ask(ana), { ok: false, reason: 'not-now' });
      await desk.reportMinor(2, { by: 'bob' });
      for (const [by, picture, reason] of [
        [dan, pictureId(9), 'not-allowed'],
        [cleo, pictureId(1), 'not-allowed'],
        [ana, pictureId(9), 'unknown'],
      ] as const) {
        assert.deepEqual(await ask(by, picture), { ok: false, reason });
      }
      const approval = given(await ask(ana));
      assert.equal(given(await ask(ana)), approval, 'asked twice it is asked once');
      const seen = async (by: MemberId) =>
        (await desk.do('approval.list', { by })).map((one) => one.may);
      assert.deepEqual(
        [await seen(ana), await seen(ben), await seen(cleo)],
        [['withdraw'], ['answer'], []],
      );
      assert.deepEqual((await shownTo(desk, of, ana)).sealed?.picturesAsked, [pictureId(1)]);
      assert.deepEqual((await shownTo(desk, of, ben)).sealed?.picturesAsked, []);
      for (const [by, reason] of [
        [ana, 'same-person'],
        [cleo, 'not-allowed'],
      ] as const) {
        const refusal = await desk.answerProposal(approval, by, 'approved');
        assert.deepEqual(refusal, { ok: false, reason });
      }
      given(await desk.answerProposal(approval, ben, 'declined'));
      const sealed = { ok: false, reason: 'sealed' };
      assert.deepEqual(await desk.reveal(pictureId(1), ana), sealed);

      const agreeOn = async (picture = pictureId(1)) => {
        const asked = given(await ask(ana, picture));
        given(await desk.answerProposal(asked, ben, 'approved'));
        return asked;
      };
      const rows = (await desk.audit()).length;
      const agreed = await agreeOn();
      const states = async (by: MemberId) =>
        (await shownTo(desk, of, by)).reports.flatMap(({ pictures }) =>
          pictures.map(({ id, state }) => [id, state]),
        );
      const all = [pictureId(1, 1), pictureId(1)];
      assert.deepEqual(await states(ana), [
        [all[0], 'sealed'],
        [all[1], 'unsealed'],
      ]);
      assert.deepEqual(
        await states(ben),
        all.map((id) => [id, 'sealed']),
      );
      assert.deepEqual(await desk.reveal(pictureId(1), ben), sealed, 'who agreed looks at nothing');
      assert.deepEqual(await desk.reveal(pictureId(1, 1), ana), sealed, 'it was of another');
      assert.deepEqual(
        given(await desk.reveal(pictureId(1), ana)).keys.map(({ role }) => role),
        ['child-safety'],
      );
      assert.deepEqual(await desk.reveal(pictureId(1), ana), sealed, 'it was one look');
      assert.deepEqual(
        (await desk.audit())
          .slice(rows)
          .filter(({ action }) => action !== 'case.read')
          .map(({ by, action, about }) => [by, action, about]),
        [
          [ana, 'unsealing.ask', of],
          [ben, 'approval.approved', agreed],
          [ben, 'unsealing.allow', of],
          [ana, 'picture.reveal', pictureId(1)],
        ],
      );
      await agreeOn(pictureId(1, 1));
      desk.nowMs += UNSEALED_MS;
      assert.deepEqual(await desk.reveal(pictureId(1, 1), ana), sealed, 'it was for a shift');
    });

    it('[MO-123] two child-safety members destroy encrypted evidence, then the case expires', async (desk) => {
      const [ana, ben] = [
        await desk.hire('ana', 'child-safety', 'senior'),
        await desk.hire('ben', 'child-safety'),
      ];
      const cleo = await desk.hire('cleo', 'senior');
      const { case: of } = await desk.report(1, { note: 'a note' });
      given(await desk.addPictures(1, 2));
      await desk.reportMinor(2, { by: 'bob', note: 'another' });
      const ask = async (by: MemberId = ana) => {
        const freshApproval = brandId<ApprovalId>(desk.fresh('approval'));
        return await desk.run('deletion.ask', { case: of, by, freshApproval });
      };
      assert.deepEqual(await ask(), { ok: false, reason: 'not-now' });
      const { decision } = await desk.decideNow(of, ana, 'suspend-1d');
      const appeal = given(await desk.appeal(decision.id)).id;
      assert.deepEqual(await ask(), { ok: false, reason: 'appeal-waits' });
      await desk.answerAppeal(appeal, ben, 'uphold');
      assert.deepEqual(await ask(cleo), { ok: false, reason: 'not-allowed' });

      const approval = given(await ask());
      assert.equal(given(await ask(ben)), approval, 'whoever asks, it is asked once');
      assert.equal((await shownTo(desk, of, ben)).sealed?.deletionAsked, true);
      const alone = await desk.answerProposal(approval, ana, 'approved');
      assert.deepEqual(alone, { ok: false, reason: 'same-person' });
      const others = await desk.answerProposal(approval, cleo, 'approved');
      assert.deepEqual(others, { ok: false, reason: 'not-allowed' });
      // The case was reopened, so it must be handed over again.
      await desk.reopen(of, ana);
      const early = await desk.answerProposal(approval, ben, 'approved');
      assert.deepEqual(early, { ok: false, reason: 'not-now' });
      desk.nowMs += 1_000;
      await desk.decideNow(of, ana, 'suspend-1d');
      const stale = await desk.answerProposal(approval, ben, 'approved');
      assert.deepEqual(stale, { ok: false, reason: 'not-now' }, 'it is another decision’s');

      const again = given(await ask());
      given(await desk.answerProposal(again, ben, 'approved'));
      const row = (await desk.audit()).at(-1);
      assert.deepEqual(
        [row?.by, row?.action, row?.about, row?.details],
        [ben, 'deletion.done', of, { approval: again, reports: 2, pictures: 2 }],
      );
      const shown = await shownTo(desk, of, ana);
      assert.deepEqual([shown.sealed, shown.of.shreddedAtMs], [null, desk.nowMs]);
      assert.deepEqual(
        shown.reports.map(({ words, pictures }) => [words, pictures.map(({ state }) => state)]),
        [
          [null, []],
          [null, ['expired', 'expired']],
        ],
      );
      assert.deepEqual(await ask(), { ok: false, reason: 'not-now' });
      assert.equal((await desk.store.run('audit.verify', null)).ok, true);
      // The case gets newer evidence after it was reopened.
      await desk.reopen(of, ana);
      await desk.report(3, { by: 'cy', note: 'new' });
      assert.equal((await shownTo(desk, of, ana)).of.shreddedAtMs, undefined);
      await desk.decideNow(of, ana, 'warn');
      given(await desk.answerProposal(given(await ask(ben)), ana, 'approved'));
      desk.nowMs += CASE_KEPT_MS;
      const passed = await desk.run('time.pass', {});
      assert.equal(passed.casesRemoved, 1);
    });

    it('[MO-123] lists evidence due for destruction a year after handover or decision', async (desk) => {
      const ana = await desk.hire('ana', 'child-safety');
      const { case: of } = await desk.report(1, { reason: 'may-be-under-18' });
      await desk.report(2, { by: 'bob', of: 'oscar' });
      const due = async (afterMs: number) => {
        const input = { by: ana, nowMs: desk.nowMs + afterMs };
        return given(await desk.store.run('sealed.due', input)).map((one) => one.of.id);
      };
      const shownUntilMs = async () => (await shownTo(desk, of, ana)).sealed?.untilMs;
      assert.deepEqual([await due(10 * SEALED_KEPT_MS), await shownUntilMs()], [[], null]);
      await desk.decideNow(of, ana, 'dismiss');
      assert.equal(await shownUntilMs(), desk.nowMs + SEALED_KEPT_MS);
      assert.deepEqual([await due(SEALED_KEPT_MS - 1), await due(SEALED_KEPT_MS)], [[], [of]]);
      desk.nowMs += DAY_MS;
      await desk.do('hand-over.tick', { case: of, by: ana, step: 'handed-over', done: true });
      assert.deepEqual([await due(SEALED_KEPT_MS - 1), await due(SEALED_KEPT_MS)], [[], [of]]);
    });
  });
}

async function notePair(
  desk: Desk,
  n: number,
  a: keyof typeof PLACES,
  b: keyof typeof PLACES,
): Promise<void> {
  const pair: StoredPair = {
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
  return await desk.do('case.show', { case: of, by });
}
