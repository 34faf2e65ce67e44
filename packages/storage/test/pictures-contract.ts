import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { may, ROLES } from '@farandole/accounts/roles';
import { brandId } from '@farandole/kernel/id';
import type { ApprovalId, CaseId, ReportId } from '@farandole/moderation/ids';
import {
  CASE_KEPT_MS,
  CASE_PICTURES_MAX,
  PICTURES_AFTER_MS,
  REPORTER_PICTURES_MAX,
  REVEALS_MORE,
  SHIFT_MS,
  TEXT_DECIDED_MS_MAX,
  TEXT_DISMISSED_MS,
  TEXT_UNDECIDED_MS,
} from '@farandole/moderation/limits';
import { REPORT_REASONS, ruleOfReason } from '@farandole/moderation/reports/reason';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { atDeskOf } from './support/at-desk.ts';
import { type Desk, given, pictureId, START_MS, sealedPicture, subject } from './support/desk.ts';

export function picturesContract(adapter: string, open: () => Promise<ModerationStore>): void {
  const it = atDeskOf(open);

  describe(`evidence pictures are limited, audited and deleted: ${adapter}`, () => {
    it('[MO-110, MO-4] accepts pictures once, for an open report with a permitted reason', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      assert.deepEqual(await desk.addPictures(1, 2), { ok: false, reason: 'unknown' });
      for (const [n, reason] of REPORT_REASONS.entries()) {
        await desk.report(n, { of: `of-${reason}`, by: `by-${reason}`, reason });
        const added = await desk.addPictures(n, 1);
        const isTaken = ruleOfReason(reason).pictures;
        assert.deepEqual(added.ok ? null : added.reason, isTaken ? null : 'wrong-reason', reason);
      }
      const { case: of } = await desk.report(20);
      assert.equal(given(await desk.addPictures(20, 3)).lane, 'normal');
      assert.deepEqual(await desk.addPictures(20, 1), { ok: false, reason: 'already-there' });
      await desk.report(21, { by: 'bob' });
      await desk.decideNow(of, ana, 'dismiss');
      assert.deepEqual(await desk.addPictures(21, 1), { ok: false, reason: 'too-late' });
      assert.deepEqual(
        (await shown(desk, of, ana)).map(({ pictures }) => pictures.length),
        [0, 3],
      );
    });

    it('[ST-11a] stores a picture’s bytes unchanged, once, and imports only known pictures', async (desk) => {
      await desk.report(1);
      given(await desk.addPictures(1, 2));
      const bytesOf = async (n: number, at = 0) => {
        const bytes = await desk.store.run('pictures.bytes', { picture: pictureId(n, at) });
        return bytes === null ? null : Buffer.from(bytes);
      };
      assert.deepEqual(await bytesOf(1, 1), sealedPicture(1, 1));
      const ids = [pictureId(1), pictureId(9)];
      const pictures = ids.map((id) => ({ id, sealed: sealedPicture(7) }));
      assert.deepEqual(await desk.store.run('pictures.import', { pictures }), [pictureId(1)]);
      assert.deepEqual([await bytesOf(1), await bytesOf(9)], [sealedPicture(1), null]);
    });

    it('[MO-110] limits pictures per reporter and case; pictures don’t raise a report’s weight', async (desk) => {
      const share = REPORTER_PICTURES_MAX;
      await desk.report(1);
      const before = await harmOf(desk);
      given(await desk.addPictures(1, share - 1));
      assert.deepEqual(await harmOf(desk), before);
      // The same reporter files a report about another call.
      await desk.report(2);
      assert.deepEqual(given(await desk.addPictures(2, 2)).kept, [pictureId(2)], 'the newest');
      await desk.report(3);
      assert.deepEqual(await desk.addPictures(3, 1), { ok: false, reason: 'too-many' });
      await desk.report(4, { by: 'bob', evidence: 'contradicted' });
      assert.deepEqual(await desk.addPictures(4, 1), { ok: false, reason: 'too-late' });
    });

    it('[MO-116, MO-121] removes one network’s oldest pictures when its quota is full', async (desk) => {
      const share = REPORTER_PICTURES_MAX;
      const friends = Array.from({ length: CASE_PICTURES_MAX / share }, (_, n) => `friend-${n}`);
      await desk.see('one-room', ...friends);
      await desk.see('home', 'ada');
      await Promise.all(
        friends.map(async (by, n) => {
          await desk.report(10 + n, { by });
          assert.equal(given(await desk.addPictures(10 + n, share)).kept.length, share);
        }),
      );
      const ana = await desk.hire('ana', 'moderator');
      const { case: of } = await desk.report(1);
      const counts = async () =>
        new Map(
          (await shown(desk, of, ana)).map(({ report, pictures }) => [report.by, pictures.length]),
        );
      assert.equal(given(await desk.addPictures(1, share)).kept.length, share);
      const after = await counts();
      assert.equal(after.get(subject('ada')), share);
      for (const friend of friends) assert.equal(after.get(subject(friend)), share - 1);
      // The store has deleted the oldest picture and its keys.
      const [oldest, next] = [pictureId(10, share - 1), pictureId(10, share - 2)];
      assert.deepEqual(await desk.storedOf(oldest, next), [next]);
      assert.deepEqual(await desk.reveal(oldest, ana), { ok: false, reason: 'unknown' });
      const keys = await desk.store.run('picture-keys.list', null);
      assert.equal(
        keys.some(({ picture }) => picture === oldest),
        false,
      );
      const row = (await desk.audit()).find(({ action }) => action === 'pictures.give-way');
      assert.deepEqual([row?.by, row?.about, row?.details], ['software', of, { pictures: share }]);
      // More users of that network now share its quota, so the other reporter loses no picture.
      await desk.see('one-room', 'late');
      await desk.report(2, { by: 'late' });
      const { kept } = given(await desk.addPictures(2, share));
      assert.deepEqual(
        kept,
        Array.from({ length: kept.length }, (_, at) => pictureId(2, at)),
      );
      assert.equal(kept.length, 18, 'of 380 in the room, twenty-one have an even share');
      assert.equal((await counts()).get(subject('ada')), share);
      // Pictures of a possible minor are never removed to make room.
      await desk.reportMinor(3, { by: 'mo' });
      await desk.see('away', 'cleo');
      await desk.report(4, { by: 'cleo' });
      assert.deepEqual(await desk.addPictures(4, 1), { ok: false, reason: 'too-many' });
      const gaveWay = (await desk.audit()).filter(({ action }) => action === 'pictures.give-way');
      assert.equal(gaveWay.length, 2);
    });

    it('[MO-110] accepts pictures for a limited time after the first report', async (desk) => {
      for (const n of [1, 2]) await desk.report(n, { by: `by-${n}`, atMs: START_MS });
      const place = async (n: number) => {
        const report = brandId<ReportId>(`report-${n}`);
        return await desk.run('pictures.place', { report });
      };
      desk.nowMs = START_MS + PICTURES_AFTER_MS - 1;
      given(await place(1));
      given(await desk.addPictures(1, 1));
      desk.nowMs += 1;
      await desk.report(2, { by: 'by-2', atMs: desk.nowMs });
      assert.deepEqual(await place(2), { ok: false, reason: 'too-late' });
      assert.deepEqual(await desk.addPictures(2, 1), { ok: false, reason: 'too-late' });
      assert.deepEqual(await place(1), { ok: false, reason: 'already-there' });
    });

    it('[MO-112, MO-60] shows pictures only to permitted roles and audits each view', async (desk) => {
      const { case: of } = await desk.report(1);
      given(await desk.addPictures(1, 1));
      const picture = pictureId(1);
      for (const role of ROLES) {
        const id = await desk.hire(role, role);
        const rows = (await desk.audit()).length;
        const revealed = await desk.reveal(picture, id);
        if (!may([role], 'evidence.reveal')) {
          assert.deepEqual(revealed, { ok: false, reason: 'not-allowed' }, role);
          const none = await desk.reveal(pictureId(9), id);
          assert.deepEqual(none, revealed, 'nor do they learn which there are');
          assert.equal((await desk.audit()).length, rows);
          continue;
        }
        const { keys } = given(revealed);
        assert.deepEqual(
          keys.map(({ wrapped }) => wrapped),
          [`key-of-1-0-for-${role}`],
        );
        const row = (await desk.audit()).at(-1);
        assert.deepEqual(
          [row?.by, row?.action, row?.about, row?.details?.['case']],
          [id, 'picture.reveal', picture, of],
        );
      }
      const nobody = await desk.reveal(picture, brandId<MemberId>('member-nobody'));
      assert.deepEqual(nobody, { ok: false, reason: 'not-allowed' });
      const ana = await desk.hire('ana', 'moderator', 'senior');
      assert.deepEqual(await desk.reveal(pictureId(9), ana), { ok: false, reason: 'unknown' });
      for (let time = 0; time < 3; time++) {
        assert.equal(given(await desk.reveal(picture, ana)).keys.length, 2);
      }
      const reveals = async () => (await desk.do('numbers.read', { by: ana })).reveals;
      assert.equal(await reveals(), 3);
      desk.nowMs += SHIFT_MS + 1;
      assert.equal(await reveals(), 0);
    });

    it('[MO-114] stops showing pictures at the shift’s limit until a senior raises it', async (desk) => {
      const ana = await desk.hire('ana', 'moderator', 'senior');
      const ben = await desk.hire('ben', 'senior');
      const cleo = await desk.hire('cleo', 'admin', 'child-safety');
      await desk.report(1);
      given(await desk.addPictures(1, 1));
      const shiftMax = 2;
      const reveal = async () => await desk.reveal(pictureId(1), ana, shiftMax);
      const full = { ok: false, reason: 'shift-full' };
      for (let time = 0; time < shiftMax; time++) given(await reveal());
      const rows = (await desk.audit()).length;
      assert.deepEqual(await reveal(), full);
      assert.equal((await desk.audit()).length, rows, 'what nobody saw does not count');
      given(await desk.reveal(pictureId(1), ben, shiftMax));

      const ask = async (by: MemberId) => {
        const freshApproval = brandId<ApprovalId>(desk.fresh('approval'));
        return await desk.run('reveals.ask', { by, freshApproval });
      };
      const approval = given(await ask(ana));
      assert.equal(given(await ask(ana)), approval, 'asked twice it is asked once');
      const auditor = await desk.hire('dan', 'auditor');
      assert.deepEqual(await ask(auditor), { ok: false, reason: 'not-allowed' });
      const seen = async (by: MemberId) =>
        (await desk.do('approval.list', { by })).map((one) => one.may);
      assert.deepEqual(
        [await seen(ana), await seen(ben), await seen(cleo)],
        [['withdraw'], ['answer'], []],
      );
      for (const [by, reason] of [
        [ana, 'same-person'],
        [cleo, 'not-allowed'],
      ] as const) {
        const refusal = await desk.answerProposal(approval, by, 'approved');
        assert.deepEqual(refusal, { ok: false, reason });
      }
      given(await desk.answerProposal(approval, ben, 'declined'));
      assert.deepEqual(await reveal(), full);
      given(await desk.answerProposal(given(await ask(ana)), ben, 'approved'));
      for (let time = 0; time < REVEALS_MORE; time++) given(await reveal());
      assert.deepEqual(await reveal(), full);
      desk.nowMs += SHIFT_MS + 1;
      for (let time = 0; time < shiftMax; time++) given(await reveal());
      assert.deepEqual(await reveal(), full, 'what was allowed was of that shift');
    });

    it('[MO-111] shows a possible minor’s pictures only to two members of child safety', async (desk) => {
      const ana = await desk.hire('ana', 'moderator', 'child-safety', 'senior');
      const { case: of } = await desk.report(1);
      given(await desk.addPictures(1, 1));
      given(await desk.reveal(pictureId(1), ana));
      await desk.reportMinor(2, { by: 'bob' });
      await desk.report(3, { by: 'cleo' });
      assert.equal(given(await desk.addPictures(3, 1)).lane, 'child-safety');
      const reports = await shown(desk, of, ana);
      assert.deepEqual(
        reports.flatMap(({ pictures }) => pictures.map(({ state }) => state)),
        ['sealed', 'sealed'],
      );
      for (const n of [1, 3]) {
        assert.deepEqual(await desk.reveal(pictureId(n), ana), { ok: false, reason: 'sealed' });
      }
      const ben = await desk.hire('ben', 'moderator');
      assert.deepEqual(await desk.reveal(pictureId(1), ben), {
        ok: false,
        reason: 'not-allowed',
      });
      // Handing a case over to child safety restricts its pictures, as a report about a minor
      // does.
      const { case: other } = await desk.report(4, { of: 'oscar' });
      given(await desk.addPictures(4, 1));
      given(await desk.reveal(pictureId(4), ben));
      await desk.assign(other, ben);
      await desk.step(other, ben, { event: 'escalate', to: 'child-safety' });
      assert.deepEqual(await desk.reveal(pictureId(4), ana), { ok: false, reason: 'sealed' });
      const ids = [pictureId(1), pictureId(3), pictureId(4)];
      assert.deepEqual(await desk.storedOf(...ids), ids, 'they are kept for an authority');
    });

    it('[MO-113, ST-13] deletes pictures with the report’s texts; the audit log stays valid', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const { case: waiting } = await desk.report(1, { of: 'waiting', note: 'a note' });
      const { case: dismissed } = await desk.report(2, { of: 'dismissed', by: 'bob' });
      for (const n of [1, 2]) given(await desk.addPictures(n, 2));
      await desk.decideNow(dismissed, ana, 'dismiss');
      await desk.do('case.undo', { case: dismissed, by: ana });
      await desk.decideNow(dismissed, ana, 'dismiss');
      for (const [of, n, untilMs] of [
        [dismissed, 2, desk.nowMs + TEXT_DISMISSED_MS],
        [waiting, 1, START_MS + TEXT_UNDECIDED_MS],
      ] as const) {
        desk.nowMs = untilMs - 1;
        await desk.run('time.pass', {});
        given(await desk.reveal(pictureId(n), ana));
        desk.nowMs = untilMs;
        const done = await desk.run('time.pass', {});
        assert.equal(done.picturesShredded, 2);
        assert.deepEqual(await desk.reveal(pictureId(n), ana), { ok: false, reason: 'expired' });
        const [report] = await shown(desk, of, ana);
        assert.deepEqual(
          report?.pictures.map(({ state }) => state),
          ['expired', 'expired'],
        );
      }
      const ids = [pictureId(1), pictureId(1, 1), pictureId(2)];
      assert.deepEqual(await desk.storedOf(...ids), []);
      assert.equal((await desk.store.run('audit.verify', null)).ok, true);
      assert.equal((await desk.run('time.pass', {})).picturesShredded, 0);
      desk.nowMs += CASE_KEPT_MS;
      await desk.run('time.pass', {});
      assert.deepEqual(await desk.reveal(pictureId(2), ana), { ok: false, reason: 'unknown' });
      assert.equal((await desk.store.run('audit.verify', null)).ok, true);
    });

    it('[MO-113, ST-14] erases a reporter’s pictures after the decision; statements still mention them', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const { case: of } = await desk.report(1);
      given(await desk.addPictures(1, 2));
      const ada = subject('ada');
      const erase = () => desk.run('subject.erase', { subject: ada });
      await erase();
      given(await desk.reveal(pictureId(1), ana));
      // The ban is permanent, so the decision can still be read after its evidence was deleted.
      const ben = await desk.hire('ben', 'senior');
      const approval = await desk.propose(of, ana);
      const approved = given(await desk.answerProposal(approval, ben, 'approved'));
      assert.ok(approved.answer === 'approved' && approved.of === 'decision');
      const { decision } = approved;
      assert.equal((await desk.export(ada)).reports[0]?.pictures, 2);
      await erase();
      given(await desk.reveal(pictureId(1), ana));
      desk.nowMs = decision.atMs + TEXT_DECIDED_MS_MAX;
      await erase();
      assert.deepEqual(await desk.reveal(pictureId(1), ana), { ok: false, reason: 'expired' });
      const [own] = await desk.run('decisions.own', { by: { decision: decision.id } });
      assert.deepEqual(own?.statement.facts, ['reports', 'pictures']);
    });
  });
}

async function shown(desk: Desk, of: CaseId, by: MemberId) {
  return (await desk.do('case.show', { case: of, by })).reports;
}

async function harmOf(desk: Desk) {
  const [known] = await desk.store.run('trust.read', { subjects: [subject('mallory')] });
  return known?.trust.score;
}
