import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { brandId } from '@farandole/kernel/id';
import type { Measure } from '@farandole/moderation/cases/decision';
import type { ApprovalId, DecisionId } from '@farandole/moderation/ids';
import {
  ANCHOR_KEPT_MS,
  APPROVAL_KEPT_MS,
  HOUSEKEEPING_BATCH_MAX,
  LINKED_MS,
  LINKED_OTHERS_MAX,
  NETWORK_PEOPLE_MAX,
  NETWORK_REPORTS_MS,
  NETWORK_SANCTION_MS_MAX,
  PAIR_KEPT_MS,
  UNDO_MS,
} from '@farandole/moderation/limits';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { beganLinked, harmProbability, LINKED_PRIOR } from '@farandole/moderation/trust/trust';
import { atDeskOf } from './support/at-desk.ts';
import { DAY_MS, given, networkId, subject } from './support/desk.ts';

const HOUR_MS = 3_600_000;
const MALLORY = subject('mallory');

export function ledgerContract(adapter: string, open: () => Promise<ModerationStore>): void {
  const it = atDeskOf(open);

  describe(`the store records matched pairs and networks until they expire: ${adapter}`, () => {
    it('[MO-11] gives new users on a suspended user’s network less trust', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const p = async (name: string) => {
        const [known] = await desk.store.run('trust.read', { subjects: [subject(name)] });
        return known === undefined ? null : harmProbability(known.trust);
      };
      const suspend = async (n: number, name: string) => {
        const { case: of } = await desk.report(n, { of: name });
        return await desk.decideNow(of, ana, 'suspend-7d');
      };
      await desk.see('home', 'mallory', 'sister');
      await desk.see(
        'school',
        ...Array.from({ length: LINKED_OTHERS_MAX }, (_, n) => `pupil-${n}`),
      );
      await desk.see('school', 'mallory');
      await desk.prove(...Array.from({ length: LINKED_OTHERS_MAX }, (_, n) => `pupil-${n}`));
      assert.equal(await p('sister'), null, 'nobody is suspended yet');
      await suspend(1, 'mallory');
      await desk.see('home', 'sister', 'back');
      // Only proven users count when the store looks for other users of a network.
      await desk.prove('sister', 'back');
      await desk.see('home', 'third');
      await desk.see('school', 'newcomer');
      await desk.see('elsewhere', 'far');
      for (const [name, expected] of [
        ['sister', LINKED_PRIOR],
        ['back', LINKED_PRIOR],
        ['third', null],
        ['newcomer', null],
        ['far', null],
      ] as const) {
        const is = await p(name);
        assert.ok(expected === null ? is === null : Math.abs((is ?? 0) - expected) < 1e-9, name);
      }
      // A user's own unreported calls outweigh a network shared with a suspended user.
      await desk.run('sessions.clean', { subjects: [subject('cousin')] });
      const before = await p('cousin');
      await suspend(2, 'back');
      await desk.see('home', 'cousin');
      assert.equal(await p('cousin'), before);
      desk.nowMs += LINKED_MS + 1;
      await desk.see('home', 'later');
      assert.equal(await p('later'), null, 'they came too long ago');
    });

    it('[ST-15] keeps pairs and networks until they expire, and merges repeated ones', async (desk) => {
      const startMs = desk.nowMs;
      await Promise.all(
        Array.from({ length: HOUSEKEEPING_BATCH_MAX + 1 }, (_, n) =>
          desk.pair(n, 'mallory', `by-${n}`),
        ),
      );
      await desk.see('home', 'mallory');
      await desk.see('school', 'mallory');
      // Recording a matched pair again changes nothing. Recording a user's network again updates
      // its time.
      desk.nowMs += HOUR_MS;
      await desk.pair(0, 'mallory', 'by-0');
      await desk.see('home', 'mallory');
      const kept = async () => {
        const { met, networks } = await desk.export(MALLORY);
        return [met.length, networks.length];
      };
      const rows = (await desk.audit()).length;
      for (const [atMs, gone, after] of [
        [PAIR_KEPT_MS - 1, [0, 0], [HOUSEKEEPING_BATCH_MAX + 1, 2]],
        [PAIR_KEPT_MS, [HOUSEKEEPING_BATCH_MAX, 0], [1, 2]],
        [PAIR_KEPT_MS, [1, 0], [0, 2]],
        [ANCHOR_KEPT_MS - 1, [0, 0], [0, 2]],
        // A network, and the date of the first visit.
        [ANCHOR_KEPT_MS, [0, 2], [0, 1]],
        [ANCHOR_KEPT_MS + HOUR_MS, [0, 1], [0, 0]],
      ] as const) {
        const passed = await desk.store.run('time.pass', { nowMs: startMs + atMs });
        assert.deepEqual([passed.pairsRemoved, passed.anchorsRemoved], gone);
        assert.equal(passed.more, gone[0] === HOUSEKEEPING_BATCH_MAX);
        assert.deepEqual(await kept(), after);
      }
      assert.equal((await desk.audit()).length, rows, 'nobody decides by them');
    });

    it('[MO-20] raises a case’s priority with its subject’s matches of the last hour', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const { case: few } = await desk.report(1, { by: 'cy', of: 'fred' });
      const { case: many } = await desk.report(2);
      await desk.pair(1, 'ada', 'mallory');
      await desk.pair(2, 'mallory', 'bo');
      await desk.pair(3, 'bo', 'mallory');
      await desk.pair(4, 'fred', 'cy');
      const order = async () =>
        (await desk.queue(ana)).map(({ of, priority }) => [of.id, priority.metLastHour]);
      desk.nowMs += HOUR_MS;
      assert.deepEqual(await order(), [
        [many, 2],
        [few, 1],
      ]);
      const shown = await desk.run('case.show', { case: many, by: ana });
      assert.equal(given(shown).priority.metLastHour, 2);
      desk.nowMs += 1;
      assert.deepEqual(
        (await order()).map(([, met]) => met),
        [0, 0],
      );
    });

    it('[MO-13, MO-13a] counts new users’ reports once per network, proven users’ daily', async (desk) => {
      const names = ['r1', 'r2', 'r3'];
      const scoreAfter = async (of: string, from?: string): Promise<number> => {
        for (const [n, by] of names.entries()) {
          const change = { of, by, atMs: desk.nowMs + n, ...(from !== undefined && { from }) };
          await desk.report(100 * of.length + n, change);
        }
        return (await desk.export(subject(of))).person?.trust.score ?? Number.NaN;
      };
      const prior = Math.log(0.03 / 0.97);
      const apart = (await scoreAfter('a')) - prior;
      const together = (await scoreAfter('bb', 'one-room')) - prior;
      assert.ok(Math.abs(together - apart / 3) < 1e-6, `${together} of ${apart}`);
      desk.nowMs += NETWORK_REPORTS_MS;
      const nextDay = async (n: number, by: string): Promise<number> => {
        const change = { of: 'bb', by, from: 'one-room', atMs: desk.nowMs };
        assert.equal((await desk.report(n, change)).intake, 'joined');
        return ((await desk.export(subject('bb'))).person?.trust.score ?? 0) - prior;
      };
      assert.ok((await nextDay(1_000, 'r1')) <= together);
      await desk.prove('r4');
      assert.ok((await nextDay(1_001, 'r4')) > 1.9 * together);
    });

    it('[MO-46] bans only networks without other proven users, for at most a month', async (desk) => {
      const ana = await desk.hire('ana', 'senior');
      const ben = await desk.hire('ben', 'senior');
      const cleo = await desk.hire('cleo', 'moderator');
      const network = networkId('dorm');
      const scope = { family: 'v4', bits: 24 } as const;
      const networks = [{ scope: 'prefix', prefix: network, ...scope }] as const;
      await desk.see('dorm', 'mallory', 'oscar', 'cookie-of-mallory');
      await desk.see('cafe', 'mallory');
      await desk.prove('oscar');
      const { case: of } = await desk.report(1);
      const shownTo = async (by: MemberId) =>
        (await desk.do('case.show', { case: of, by })).networks;
      assert.deepEqual(await shownTo(cleo), []);
      const shown = await shownTo(ana);
      const atMs = desk.nowMs;
      assert.deepEqual(
        new Set(shown),
        new Set([
          { network, ...scope, atMs, others: 1 },
          { network: networkId('cafe'), ...scope, atMs, others: 0 },
        ]),
      );
      await desk.assign(of, ana);
      const decideFor = async (measure: Measure) =>
        await desk.run('case.decide', {
          case: of,
          by: ana,
          decision: { measure, reason: 'hate', note: '' },
          networks,
          freshDecision: brandId<DecisionId>(desk.fresh('decision')),
          freshApproval: brandId<ApprovalId>(desk.fresh('approval')),
        });
      assert.deepEqual(await decideFor('suspend-7d'), { ok: false, reason: 'others-there' });
      // The upheld report ends one user's proven status, so this user is left out. The other users
      // were never proven.
      const { case: other } = await desk.report(2, { of: 'oscar' });
      await desk.decideNow(other, cleo, 'warn');
      assert.equal((await shownTo(ana)).find((one) => one.network === network)?.others, 0);
      const proposed = given(await decideFor('suspend-permanently'));
      assert.ok(proposed.decided === 'proposed');
      // The ban is also refused if a proven user comes to the network before the approval.
      await desk.see('dorm', 'nina');
      await desk.prove('nina');
      const late = await desk.answerProposal(proposed.approval, ben, 'approved');
      assert.deepEqual(late, { ok: false, reason: 'others-there' });
      const { case: ofNina } = await desk.report(4, { of: 'nina' });
      await desk.decideNow(ofNina, cleo, 'suspend-7d');
      const approved = given(await desk.answerProposal(proposed.approval, ben, 'approved'));
      assert.ok(approved.answer === 'approved' && approved.of === 'decision');
      const monthMs = desk.nowMs + NETWORK_SANCTION_MS_MAX;
      const ends = async () =>
        (await desk.standing()).sanctions
          .filter(({ decision }) => decision === approved.decision.id)
          .map(({ on, endsAtMs }) => `${on.scope} ${endsAtMs}`)
          .toSorted();
      assert.deepEqual(await ends(), ['device null', `prefix ${monthMs}`, 'subject null']);
      // An appeal that sets a later end doesn't extend the network ban.
      const { id: appeal } = given(await desk.appeal(approved.decision.id));
      const endsAtMs = monthMs + DAY_MS;
      const answer = {
        appeal,
        by: cleo,
        outcome: 'shorten',
        endsAtMs,
        nowMs: desk.nowMs,
      } as const;
      given(await desk.store.run('appeal.answer', answer));
      assert.deepEqual(await ends(), [
        `device ${endsAtMs}`,
        `prefix ${monthMs}`,
        `subject ${endsAtMs}`,
      ]);
      // When the ban ends, the store erases the network and the proposal that names it.
      const namedNow = async (nowMs: number) => {
        const passed = await desk.store.run('time.pass', { nowMs });
        const { decisions } = await desk.do('case.show', { case: of, by: ana });
        const named = JSON.stringify(decisions).includes(network);
        return [passed.networksForgotten, named, passed.approvalsRemoved];
      };
      const undoneMs = monthMs + UNDO_MS;
      assert.deepEqual(await namedNow(undoneMs - 1), [0, true, 0]);
      assert.deepEqual(await namedNow(undoneMs), [1, false, 0]);
      assert.deepEqual(await namedNow(atMs + APPROVAL_KEPT_MS), [0, false, 1]);
      // A network with more users than NETWORK_PEOPLE_MAX is never banned.
      const crowd = Array.from({ length: NETWORK_PEOPLE_MAX }, (_, n) => `one-of-them-${n}`);
      desk.nowMs += 1;
      await desk.see('city', 'mallory', ...crowd);
      const [city] = await shownTo(ana);
      assert.equal(city?.others, NETWORK_PEOPLE_MAX);
    });

    it('[MO-13, ST-14] still counts erased reporters of one network as one', async (desk) => {
      const names = ['r1', 'r2', 'r3'];
      await desk.see('one-room', ...names);
      const scoreOf = async (of: string, isErasing: boolean): Promise<number> => {
        for (const [n, by] of names.entries()) {
          await desk.report(100 * of.length + n, { of, by, from: 'one-room', atMs: desk.nowMs });
          const erase = { subject: subject(by), nowMs: desk.nowMs };
          if (isErasing) await desk.store.run('subject.erase', erase);
        }
        return (await desk.export(subject(of))).person?.trust.score ?? Number.NaN;
      };
      const whole = await scoreOf('a', false);
      assert.equal(await scoreOf('bb', true), whole);
    });

    it('[MO-11, ST-14] links users by a suspended user’s network even after erasure', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const eraseNow = async (name: string) => {
        await desk.run('subject.erase', { subject: subject(name) });
      };
      const isLinked = async (name: string) => {
        const { person } = await desk.export(subject(name));
        return person !== null && beganLinked(person.trust);
      };
      for (const when of ['before', 'after'] as const) {
        const [name, fresh] = [`mallory-${when}`, `fresh-${when}`];
        await desk.see(when, name);
        const { case: of } = await desk.report(when.length, { of: name });
        if (when === 'before') await eraseNow(name);
        await desk.decideNow(of, ana, 'suspend-7d');
        if (when === 'after') await eraseNow(name);
        await desk.see(when, fresh);
        assert.ok(await isLinked(fresh), when);
        await eraseNow(fresh);
        assert.ok(await isLinked(fresh), 'what they were linked by is not long ago');
      }
      await desk.store.run('time.pass', { nowMs: desk.nowMs + LINKED_MS });
      assert.equal((await desk.export(subject('fresh-after'))).person, null);
    });

    it('[ST-14] exports a user’s networks without match partners, then erases the networks', async (desk) => {
      await desk.pair(1, 'mallory', 'ada');
      await desk.see('home', 'mallory', 'ada');
      const own = JSON.stringify(await desk.export(MALLORY));
      assert.ok(own.includes('network-home') && !own.includes('ada'));
      desk.nowMs += LINKED_MS;
      await desk.run('subject.erase', { subject: MALLORY });
      const { met, networks } = await desk.export(MALLORY);
      assert.deepEqual([met.length, networks], [1, []]);
      assert.equal((await desk.export(subject('ada'))).networks.length, 1);
    });
  });
}
