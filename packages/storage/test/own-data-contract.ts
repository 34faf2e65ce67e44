import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { CASE_KEPT_MS, CONCERNED_ROWS_MAX, LINKED_MS, UNDO_MS } from '@farandole/moderation/limits';
import { tellOwnData } from '@farandole/moderation/privacy/exported-data';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { atDeskOf } from './support/at-desk.ts';
import { type Desk, given, subject } from './support/desk.ts';

const MALLORY = subject('mallory');
const ADA = subject('ada');

async function erase(desk: Desk, who: typeof ADA) {
  return await desk.run('subject.erase', { subject: who });
}

async function concerned(desk: Desk, what: 'decided' | 'erased', after = 0) {
  return await desk.store.run('subjects.concerned', { what, after });
}

export function ownDataContract(adapter: string, open: () => Promise<ModerationStore>): void {
  const it = atDeskOf(open);

  describe(`users export and erase their own data: ${adapter}`, () => {
    it('[ST-14, PR-74, MO-53] a user’s export omits reports, dismissals and undone decisions', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      await desk.see('home', 'mallory');
      await desk.pair(1, 'ada', 'mallory');
      const told = async () => tellOwnData(await desk.export(MALLORY), desk.nowMs);
      const before = await told();
      assert.equal(before.networks.length, 1);
      const { case: of } = await desk.report(1);
      assert.deepEqual(await told(), before);
      await desk.decideNow(of, ana, 'dismiss');
      assert.deepEqual(await told(), before);
      const { case: again } = await desk.report(2, { by: 'bob' });
      await desk.decideNow(again, ana, 'warn');
      assert.equal((await told()).strikes.length, 1);
      await desk.do('case.undo', { case: again, by: ana });
      assert.deepEqual(await told(), before);
      // The export looks as if the data were erased, but the store keeps it until the open case is
      // decided.
      assert.equal((await erase(desk, MALLORY)).later, true);
      assert.equal((await desk.export(MALLORY)).networks.length, 1);
      const erased = { ...before, firstSeenAtMs: null };
      assert.deepEqual(await told(), erased);
      desk.nowMs += LINKED_MS;
      assert.deepEqual(await told(), { ...erased, networks: [] });
    });

    it('[MO-200] stores, shows and exports that two users met by invitation', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const { case: of } = await desk.report(1, { metBy: 'invitation' });
      await desk.report(2, { metBy: 'again', by: 'bob' });
      await desk.report(3, { by: 'cleo' });
      const { reports } = await desk.do('case.show', { case: of, by: ana });
      assert.deepEqual(
        reports.map(({ report }) => report.metBy),
        [undefined, 'again', 'invitation'],
      );
      const exported = async (who: string) =>
        (await desk.export(subject(who))).reports.map(({ metBy }) => metBy);
      assert.deepEqual(await exported('ada'), ['invitation']);
      assert.deepEqual(await exported('cleo'), [undefined]);
      assert.ok(!JSON.stringify(await desk.export(MALLORY)).includes('invitation'));
    });

    it('[ST-14] writes no audit row when erasing an unknown user', async (desk) => {
      const rows = async (who: string) => {
        await desk.run('subject.erase', { subject: subject(who) });
        return (await desk.audit()).length;
      };
      assert.equal(await rows('nobody'), 0);
      await desk.see('home', 'came');
      assert.equal(await rows('came'), 1);
      await desk.pair(1, 'met-one', 'met-two');
      assert.deepEqual([await rows('met-one'), await rows('met-two')], [2, 3]);
    });

    it('[ST-14] keeps a pending appeal’s text until it is answered or moot', async (desk) => {
      const [ana, ben] = [await desk.hire('ana', 'moderator'), await desk.hire('ben', 'moderator')];
      const texts = async () => (await desk.export(MALLORY)).appeals.map(({ text }) => text);
      const { case: of } = await desk.report(1);
      const { decision } = await desk.decideNow(of, ana, 'warn');
      const { id: appeal } = given(await desk.appeal(decision.id, 'my words'));
      assert.equal((await erase(desk, MALLORY)).needed, 1);
      assert.deepEqual(await texts(), ['my words']);
      await desk.answerAppeal(appeal, ben, 'uphold');
      assert.deepEqual(await texts(), [null]);
      // The second appeal becomes moot, because its decision is undone.
      const { case: again } = await desk.report(2, { by: 'bob' });
      const { decision: undone } = await desk.decideNow(again, ana, 'warn');
      given(await desk.appeal(undone.id, 'my other words'));
      assert.equal((await erase(desk, MALLORY)).needed, 1);
      await desk.do('case.undo', { case: again, by: ana });
      await desk.store.run('time.pass', { nowMs: desk.nowMs + UNDO_MS });
      assert.deepEqual(await texts(), [null, null]);
    });

    it('[ST-14] postpones a user’s erasure until the open case is decided', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      await desk.see('home', 'mallory');
      const { case: of } = await desk.report(1);
      const first = await erase(desk, MALLORY);
      assert.deepEqual([first.person, first.later], [false, true]);
      const asked = await desk.export(MALLORY);
      assert.equal(asked.person?.erasureAskedAtMs, desk.nowMs);
      assert.equal(asked.networks.length, 1);
      // A later report or call doesn't cancel the postponed erasure.
      await desk.report(2, { by: 'bob' });
      await desk.run('sessions.clean', { subjects: [MALLORY] });
      await desk.decideNow(of, ana, 'suspend-1d');
      const { person, networks, sanctions, strikes } = await desk.export(MALLORY);
      assert.equal(person, null);
      // The user's networks of the last few days are kept until they expire.
      assert.equal(networks.length, 1);
      assert.deepEqual([sanctions.length > 0, strikes.length], [true, 1], 'a decision stays');
      const ofMallory = (await desk.audit()).filter(({ about }) => about === MALLORY);
      assert.deepEqual(
        ofMallory.map(({ action, by }) => [action, by]),
        [
          ['subject.erase', 'subject'],
          ['subject.erase', 'software'],
        ],
      );
      assert.equal((await desk.store.run('audit.verify', null)).ok, true);
      const again = await erase(desk, MALLORY);
      assert.deepEqual([again.person, again.later], [false, false]);
      await desk.see('home', 'ada');
      await desk.store.run('time.pass', { nowMs: desk.nowMs + LINKED_MS - 1 });
      assert.equal((await desk.export(MALLORY)).networks.length, 1);
      await desk.store.run('time.pass', { nowMs: desk.nowMs + LINKED_MS });
      assert.deepEqual((await desk.export(MALLORY)).networks, []);
      assert.equal((await desk.export(ADA)).networks.length, 1);
    });

    it('[ST-14] completes a user’s postponed erasure when the case expires', async (desk) => {
      const taken = await desk.report(1, { reason: 'other', evidence: 'contradicted' });
      assert.equal(taken.state, 'open');
      assert.equal((await erase(desk, MALLORY)).later, true);
      desk.nowMs += CASE_KEPT_MS;
      await desk.run('sessions.clean', { subjects: [MALLORY] });
      await desk.store.run('time.pass', { nowMs: desk.nowMs + 1 });
      assert.equal((await desk.export(MALLORY)).person, null);
    });

    it('[ST-14, MO-35] restores an erased user’s suspension when a decision is undone', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const { case: ofBanned } = await desk.report(100, { of: 'banned' });
      await desk.see('dorm', 'banned');
      await desk.decideNow(ofBanned, ana, 'suspend-7d');
      await desk.see('dorm', 'linked');
      await desk.open();
      await desk.prove(...Array.from({ length: 20 }, (_, n) => `reporter-${50 + n}`));
      // Of a user who was linked to a suspended user at the start, the store keeps more data.
      for (const [name, first] of [
        ['mallory', 1],
        ['linked', 50],
      ] as const) {
        const who = subject(name);
        const isErased = async () => {
          const { person } = await desk.export(who);
          return person === null || (person.hold === null && person.trust.sessions === 0);
        };
        let of = null;
        for (let n = first; n < first + 20; n++) {
          of = await desk.report(n, { of: name, by: `reporter-${n}`, evidence: 'verified' });
          if (of.hold !== null) break;
        }
        assert.ok(of?.hold);
        await erase(desk, who);
        await desk.decideNow(of.case, ana, 'dismiss');
        assert.deepEqual((await desk.standing()).holds, []);
        assert.ok(await isErased());
        await desk.do('case.undo', { case: of.case, by: ana });
        const [held] = (await desk.standing()).holds;
        assert.deepEqual(held, { subject: who, case: of.case, endsAtMs: of.hold.endsAtMs });
        await desk.decideNow(of.case, ana, 'warn');
        assert.deepEqual((await desk.standing()).holds, []);
        assert.ok(await isErased());
      }
    });

    it('[MO-74] lists users with decisions, undos or appeal answers since a given time', async (desk) => {
      const [ana, ben] = [await desk.hire('ana', 'moderator'), await desk.hire('ben', 'senior')];
      let after = 0;
      const told = async () => {
        const heard = await concerned(desk, 'decided', after);
        assert.equal(heard.more, false);
        after = heard.until;
        return heard.subjects.map((one) => one.subject).toSorted();
      };
      const { case: of } = await desk.report(1);
      await desk.report(2, { by: 'bob' });
      assert.deepEqual(await told(), []);
      const all = [ADA, subject('bob'), MALLORY].toSorted();
      await desk.decideNow(of, ana, 'dismiss');
      assert.deepEqual(await told(), all);
      assert.deepEqual(await told(), []);
      // The undone decision's case merges into the case that was opened later.
      await desk.report(3, { by: 'cleo' });
      await desk.do('case.undo', { case: of, by: ana });
      assert.deepEqual(await told(), [...all, subject('cleo')].toSorted());
      const [joined] = await desk.queue(ana);
      assert.ok(joined !== undefined);
      const { decision } = await desk.decideNow(joined.of.id, ana, 'warn');
      await told();
      const { id: appeal } = given(await desk.appeal(decision.id));
      assert.deepEqual(await told(), []);
      await desk.answerAppeal(appeal, ben, 'overturn');
      assert.equal((await told()).length, 4);
    });

    it('[ST-14] lists erased users with their times, page by page', async (desk) => {
      await desk.see('home', 'ada');
      for (let n = 0; n < CONCERNED_ROWS_MAX; n++) {
        await desk.see('home', `number-${n}`);
        await erase(desk, subject(`number-${n}`));
      }
      const first = await concerned(desk, 'erased');
      assert.deepEqual([first.subjects.length, first.more], [CONCERNED_ROWS_MAX, true]);
      assert.equal((await concerned(desk, 'erased', first.until)).more, false);
      desk.nowMs += 5;
      await erase(desk, ADA);
      desk.nowMs += 5;
      await desk.see('home', 'ada');
      await erase(desk, ADA);
      assert.deepEqual((await concerned(desk, 'erased', first.until)).subjects, [
        { subject: ADA, atMs: desk.nowMs },
      ]);
    });
  });
}
