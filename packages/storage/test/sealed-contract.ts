import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import type { CaseId } from '@farandole/moderation/ids';
import { TEXT_UNDECIDED_MS } from '@farandole/moderation/limits';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { atDeskOf } from './support/at-desk.ts';
import { type Desk, device, given, networkId, reportFrom } from './support/desk.ts';

const MINOR = { reason: 'may-be-under-18' } as const;

/** Contract suite of stores: a subject with both a child-safety case and an ordinary case. */
export function sealedContract(adapter: string, open: () => Promise<ModerationStore>): void {
  const it = atDeskOf(open);

  describe(`one subject’s child-safety case and ordinary case stay separate: ${adapter}`, () => {
    it('[MO-3a] leaves the ordinary case with its moderator when a minor is reported', async (desk) => {
      const { ana, sue } = await hireBoth(desk);
      const { case: of } = await desk.report(1, { note: 'a threat' });
      await desk.assign(of, ana);
      const own = { by: 'mallory-2', from: 'of-mallory', note: 'own' };
      const { case: sealed, state } = await desk.report(2, { ...own, ...MINOR });
      assert.notEqual(sealed, of);
      assert.equal(state, 'queued');
      const { case: third } = await desk.report(3, { by: 'cleo' });
      assert.equal(third, of, 'later reports join the ordinary case');

      const shown = await desk.do('case.show', { case: of, by: ana });
      assert.deepEqual(
        [shown.of.state, shown.of.lane, shown.reportsInAll],
        ['assigned', 'normal', 2],
      );
      const refused = await desk.run('case.show', { case: sealed, by: ana });
      assert.deepEqual(refused, { ok: false, reason: 'not-allowed' });
      const kept = await desk.do('case.show', { case: sealed, by: sue });
      assert.deepEqual([kept.of.lane, kept.of.apart, kept.reportsInAll], ['child-safety', true, 1]);
      desk.nowMs += TEXT_UNDECIDED_MS;
      await desk.run('time.pass', {});
      const later = await desk.do('case.show', { case: sealed, by: sue });
      assert.equal(later.reports[0]?.words?.note, 'own', 'sealed text doesn’t expire');
      const { decision } = await desk.decideNow(of, ana, 'suspend-7d');
      assert.equal(decision.case, of);
    });

    it('[MO-3a] a child-safety case hides no later report about its subject', async (desk) => {
      const { ana } = await hireBoth(desk);
      const { case: sealed } = await desk.report(1, { by: 'mallory-2', ...MINOR });
      const { case: of } = await desk.report(2);
      assert.notEqual(of, sealed);
      const queue = await desk.queue(ana);
      assert.deepEqual(
        queue.map((one) => one.of.id),
        [of],
      );
      const again = await desk.report(3, { by: 'mallory-3', ...MINOR });
      assert.equal(again.case, sealed);
    });

    it('[MO-3c] merges cases only if the reporter is proven and on another network', async (desk) => {
      const movesCase = async (
        n: number,
        { proven, home, from }: { proven: boolean; home: string | null; from: string | null },
      ) => {
        const [of, by] = [`subject-${n}`, `by-${n}`];
        if (home !== null) await desk.see(home, of);
        if (proven) await desk.prove(by);
        const { case: first } = await desk.report(2 * n, { of });
        const input = reportFrom(2 * n + 1, { of, by, ...MINOR, from: from ?? '' });
        const { from: _, ...unknown } = input.report;
        const report = from === null ? unknown : input.report;
        const { case: second } = await desk.store.run('report.take', { ...input, report });
        return second === first;
      };
      const moved = {
        proven: await movesCase(1, { proven: true, home: 'home', from: 'away' }),
        unproven: await movesCase(2, { proven: false, home: 'home', from: 'away' }),
        sameNetwork: await movesCase(3, { proven: true, home: 'home', from: 'home' }),
        unknownHome: await movesCase(4, { proven: true, home: null, from: 'away' }),
        unknownReporter: await movesCase(5, { proven: true, home: 'home', from: null }),
      };
      assert.deepEqual(moved, {
        proven: true,
        unproven: false,
        sameNetwork: false,
        unknownHome: false,
        unknownReporter: false,
      });
      // The stored network of an IPv6 user is as wide as the network that contains the reporter's
      // network.
      await desk.store.run('anchors.see', {
        anchors: [
          {
            subject: reportFrom(0, { of: 'six' }).report.of,
            network: networkId('around-six-2'),
            ...{ family: 'v6', bits: 48, atMs: desk.nowMs },
          },
        ],
      });
      await desk.prove('six-2');
      const { case: six } = await desk.report(20, { of: 'six' });
      const near = await desk.report(21, { of: 'six', by: 'six-2', from: 'six-2', ...MINOR });
      assert.notEqual(near.case, six);
    });

    it('[MO-3c] a proven reporter’s report merges both cases and restricts their evidence', async (desk) => {
      const { ana, sue } = await hireBoth(desk);
      const { case: of } = await desk.report(1);
      given(await desk.addPictures(1, 1));
      await desk.assign(of, ana);
      const { case: sealed } = await desk.report(2, { by: 'bob', ...MINOR });
      const taken = await desk.reportMinor(3, { by: 'cleo' });
      assert.equal(taken.case, sealed);
      assert.deepEqual(await desk.run('case.show', { case: of, by: ana }), {
        ok: false,
        reason: 'unknown',
      });
      const shown = await desk.do('case.show', { case: sealed, by: sue });
      assert.deepEqual(
        [shown.of.apart, shown.of.reports, shown.of.reporters, shown.others],
        [undefined, 3, 3, []],
      );
      const pictures = shown.reports.flatMap((one) => one.pictures.map(({ state }) => state));
      assert.deepEqual(pictures, ['sealed']);
      assert.deepEqual(
        shown.steps.map(({ by, action }) => [by, action]),
        [['software', 'case.join']],
      );
      const repeated = await desk.reportMinor(3, { by: 'cleo' });
      assert.deepEqual([repeated.intake, repeated.case], ['merged', sealed]);
    });

    it('[MO-3d] child safety takes over the ordinary case and receives later reports', async (desk) => {
      const { ana, sue } = await hireBoth(desk);
      const { case: of } = await desk.report(1);
      await desk.assign(of, ana);
      const move = async (by: MemberId, id: CaseId) =>
        await desk.run('case.step', { case: id, by, step: { event: 'safeguard' } });
      assert.deepEqual(await move(sue, of), { ok: false, reason: 'not-now' });
      const { case: sealed } = await desk.report(2, { by: 'bob', ...MINOR });
      assert.deepEqual(await move(ana, of), { ok: false, reason: 'not-allowed' });
      assert.deepEqual(await move(sue, sealed), { ok: false, reason: 'not-now' });
      assert.equal(given(await move(sue, of)).id, sealed);
      const actions = (await desk.audit()).slice(-2).map(({ by, action }) => [by, action]);
      assert.deepEqual(actions, [
        [sue, 'case.join'],
        [sue, 'case.safeguard'],
      ]);
      assert.equal((await desk.report(3, { by: 'cleo' })).case, sealed);
      await desk.decideNow(sealed, sue, 'dismiss');
      const next = await desk.report(4, { by: 'dan' });
      const queue = await desk.queue(ana);
      assert.deepEqual(
        queue.map((one) => one.of.id),
        [next.case],
      );
    });

    it('[MO-3d] merges an escalated case into the subject’s child-safety case', async (desk) => {
      const { ana, sue } = await hireBoth(desk);
      const { case: of } = await desk.report(1);
      const { case: sealed } = await desk.report(2, { by: 'bob', ...MINOR });
      await desk.assign(of, ana);
      await desk.step(of, ana, { event: 'escalate', to: 'child-safety' });
      const shown = await desk.do('case.show', { case: sealed, by: sue });
      assert.deepEqual([shown.of.apart, shown.reportsInAll], [undefined, 2]);
      assert.equal((await desk.run('case.show', { case: of, by: sue })).ok, false);
    });

    it('[MO-3e] a merged case keeps its pending proposal; two proposals prevent merging', async (desk) => {
      const { ana, sue } = await hireBoth(desk);
      const zoe = await desk.hire('zoe', 'child-safety', 'senior');
      const both = async (n: number, of: string) => {
        const { case: ordinary } = await desk.report(n, { of });
        const { case: sealed } = await desk.report(n + 1, { of, by: 'bob', ...MINOR });
        return { ordinary, sealed, approval: await desk.propose(ordinary, ana) };
      };
      const one = await both(1, 'mallory');
      await desk.step(one.ordinary, sue, { event: 'safeguard' });
      const { of } = await desk.do('case.show', { case: one.ordinary, by: sue });
      assert.deepEqual([of.lane, of.state, of.reports], ['child-safety', 'escalated', 2]);
      given(await desk.answerProposal(one.approval, zoe, 'approved'));

      const two = await both(10, 'oscar');
      const other = await desk.propose(two.sealed, sue);
      const step = { event: 'safeguard' } as const;
      const refusal = await desk.run('case.step', { case: two.ordinary, by: sue, step });
      assert.deepEqual(refusal, { ok: false, reason: 'awaits-approval' });
      const proven = await desk.reportMinor(12, { of: 'oscar', by: 'cleo' });
      assert.equal(proven.case, two.sealed);
      const { lane, reports } = (await desk.do('case.show', { case: two.ordinary, by: ana })).of;
      assert.deepEqual([lane, reports], ['normal', 1]);
      given(await desk.answerProposal(two.approval, zoe, 'approved'));
      given(await desk.answerProposal(other, zoe, 'approved'));
    });

    it('[MO-2a] undoing a decision keeps two queues’ cases separate unless merged before', async (desk) => {
      const { ana, sue } = await hireBoth(desk);
      const { case: of } = await desk.report(1);
      const { case: sealed } = await desk.report(2, { by: 'bob', ...MINOR });
      await desk.decideNow(sealed, sue, 'dismiss');
      assert.equal((await desk.do('case.undo', { case: sealed, by: sue })).id, sealed);
      await desk.decideNow(of, ana, 'dismiss');
      assert.equal((await desk.do('case.undo', { case: of, by: ana })).id, of, 'both are open');

      const step = { event: 'safeguard' } as const;
      const { id: whole } = await desk.do('case.step', { case: of, by: sue, step });
      await desk.decideNow(whole, sue, 'dismiss');
      const { case: second } = await desk.report(3, { by: 'cleo' });
      const { case: minor } = await desk.report(4, { by: 'dan', ...MINOR });
      assert.notEqual(second, minor);
      const reopen = { event: 'reopen', why: 'new-facts' } as const;
      const refusal = await desk.run('case.step', { case: whole, by: sue, step: reopen });
      assert.deepEqual(refusal, { ok: false, reason: 'another-open' });
      const undone = await desk.do('case.undo', { case: whole, by: sue });
      const shown = await desk.do('case.show', { case: undone.id, by: sue });
      assert.deepEqual([shown.of.apart, shown.reportsInAll, shown.others], [undefined, 4, []]);
    });

    it('[MO-92b] shows that a subject has another case; permitted members see its id', async (desk) => {
      const { ana, sue } = await hireBoth(desk);
      const { case: of } = await desk.report(1);
      const others = async (id: CaseId, by: MemberId) =>
        (await desk.do('case.show', { case: id, by })).others;
      assert.deepEqual(await others(of, ana), []);
      const { case: sealed } = await desk.report(2, { by: 'bob', ...MINOR });
      const other = { id: sealed, lane: 'child-safety', state: 'queued' };
      assert.deepEqual(await others(of, ana), [{ ...other, id: null }]);
      assert.deepEqual(await others(of, sue), [other]);
      assert.deepEqual(await others(sealed, sue), [{ id: of, lane: 'normal', state: 'queued' }]);
    });

    it('[MO-92c] numbers the networks and devices of a case’s reporters', async (desk) => {
      const { ana } = await hireBoth(desk);
      const take = async (n: number, from: string | null, by: string, key: string | null) => {
        const input = reportFrom(n, { by, ...(from !== null && { from }) });
        const { from: place, ...rest } = input.report;
        const report = {
          ...rest,
          ...(from !== null && place !== undefined && { from: place }),
          ...(key !== null && { byDevice: device(key) }),
        };
        return await desk.store.run('report.take', { ...input, report });
      };
      const { case: of } = await take(1, 'dorm', 'ada', 'phone');
      await take(2, 'dorm', 'ada-2', 'phone');
      await take(3, 'cafe', 'bob', null);
      await take(4, null, 'cleo', 'tablet');
      const { reports } = await desk.do('case.show', { case: of, by: ana });
      assert.deepEqual(
        reports.map(({ source }) => [source.network, source.device]),
        [
          [null, 2],
          [2, null],
          [1, 1],
          [1, 1],
        ],
      );
      const text = JSON.stringify(reports);
      assert.doesNotMatch(text, /network-dorm|device-of-phone/u);
    });

    it('[MO-94a] shows every member how many child-safety cases no member may open', async (desk) => {
      const ada = await desk.hire('ada', 'auditor');
      const ana = await desk.hire('ana', 'moderator');
      const told = async () => {
        const counts = await desk.run('desk.counts', { members: [ada, ana] });
        const each = counts.map((one) => one?.unopenable);
        const { unopenable } = await desk.store.run('backlog.read', { nowMs: desk.nowMs });
        return [...each, unopenable];
      };
      await desk.report(1);
      assert.deepEqual(await told(), [0, 0, 0]);
      await desk.report(2, { by: 'bob', ...MINOR });
      await desk.report(3, { of: 'oscar', ...MINOR });
      assert.deepEqual(await told(), [2, 2, 2]);
      const sue = await desk.hire('sue', 'child-safety');
      assert.deepEqual(await told(), [0, 0, 0]);
      await desk.do('member.remove', { id: sue, by: null });
      assert.deepEqual(await told(), [2, 2, 2]);
    });
  });
}

async function hireBoth(desk: Desk) {
  const ana = await desk.hire('ana', 'moderator');
  const sue = await desk.hire('sue', 'child-safety');
  return { ana, sue };
}
