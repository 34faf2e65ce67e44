import assert from 'node:assert/strict';
import { describe } from 'node:test';
import {
  ANCHOR_KEPT_MS,
  CLEAN_NETWORK_MS,
  CROWD_NETWORKS_MIN,
  PROVEN_TOGETHER_MS,
  WEIGHED_REPORTS_MAX,
} from '@farandole/moderation/limits';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { tierOf } from '@farandole/moderation/trust/trust';
import { atDeskOf } from './support/at-desk.ts';
import { type Desk, networkId, START_MS, subject } from './support/desk.ts';

const MALLORY = subject('mallory');

export function standingContract(adapter: string, open: () => Promise<ModerationStore>): void {
  const it = atDeskOf(open);

  async function tier(desk: Desk) {
    const [known] = await desk.store.run('trust.read', { subjects: [MALLORY] });
    return known === undefined ? null : tierOf(known.trust);
  }

  async function isProven(desk: Desk, name: string) {
    const [known] = await desk.store.run('trust.read', { subjects: [subject(name)] });
    return (known?.provenUntilMs ?? 0) > desk.nowMs;
  }

  describe(`proven reporters and rejected reports change users’ trust: ${adapter}`, () => {
    it('[MO-133] two proven reporters restrict a user; a third suspends; dismissal undoes both', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      await desk.open();
      const told: string[] = [];
      let of = null;
      for (const by of ['reporter-1', 'reporter-2', 'reporter-3']) {
        of = await desk.report(Number(by.at(-1)), { by });
        told.push(`${await tier(desk)} ${of.hold !== null}`);
      }
      assert.deepEqual(told, ['new false', 'restricted false', 'restricted true']);
      assert.ok(of !== null);
      desk.nowMs += 10;
      await desk.decideNow(of.case, ana, 'dismiss');
      assert.equal(await tier(desk), 'new');
      assert.deepEqual((await desk.standing()).holds, []);
      await desk.do('case.undo', { case: of.case, by: ana });
      assert.equal(await tier(desk), 'restricted');
    });

    it('[MO-137a] software queues reports but restricts no user if networks are too few', async (desk) => {
      await desk.open();
      desk.nowMs += 2 * 86_400_000;
      const names = Array.from({ length: 12 }, (_, n) => `reporter-${n}`);
      await desk.see('campus', ...names);
      for (const [n, by] of names.entries()) {
        const { hold, state } = await desk.report(n, { by, atMs: desk.nowMs + n });
        assert.deepEqual([hold, state], [null, 'queued']);
      }
      assert.equal(await tier(desk), 'normal');
    });

    it('[MO-134] reports from unproven networks restrict users and pin cases, never suspend', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      await desk.open();
      for (let n = 1; n <= CROWD_NETWORKS_MIN; n++) {
        assert.equal(await tier(desk), n === 1 ? null : 'new');
        const { hold } = await desk.report(n, { by: `newcomer-${n}` });
        assert.equal(hold, null);
      }
      assert.equal(await tier(desk), 'restricted');
      desk.nowMs += 1_000;
      const [first] = await desk.queue(ana);
      assert.equal(first?.priority.pinned, true);
    });

    it("[MO-133a] weighs other users' reports despite many reports from one network", async (desk) => {
      await desk.open();
      let n = 0;
      const flood = async (count: number) => {
        const reports = Array.from({ length: count }, () => {
          n += 1;
          return desk.report(n, { by: `own-${n}`, from: 'home', reason: 'other' });
        });
        await Promise.all(reports);
      };
      // The many reports from one network count as one network.
      for (let victim = 1; victim < CROWD_NETWORKS_MIN; victim++) {
        assert.notEqual(await tier(desk), 'restricted');
        await flood(WEIGHED_REPORTS_MAX / 5);
        await desk.report(++n, { by: `newcomer-${victim}` });
      }
      assert.equal(await tier(desk), 'restricted');
    });

    it('[MO-11c] counts unreported calls once per other network and day', async (desk) => {
      await desk.open();
      const call = async (network: string, otherNetwork: string) => {
        const ended = { counts: true, isMutual: true, lastedMs: 20_000, endedAtMs: desk.nowMs };
        const networks = { network: networkId(network), otherNetwork: networkId(otherNetwork) };
        await desk.run('sessions.clean', {
          subjects: [MALLORY],
          calls: [{ ...ended, ...networks, subject: MALLORY, other: subject('bot') }],
        });
        const [known] = await desk.store.run('trust.read', { subjects: [MALLORY] });
        return known?.trust.cleanSessions ?? 0;
      };
      assert.equal(await call('home', 'home'), 0);
      assert.equal(await call('home', 'a'), 1);
      assert.equal(await call('home', 'a'), 1);
      assert.equal(await call('home', 'b'), 2);
      desk.nowMs += CLEAN_NETWORK_MS;
      assert.equal(await call('home', 'a'), 3);
    });

    it('[MO-11c] counts all unreported calls if the server sees few networks', async (desk) => {
      const ended = { counts: true, isMutual: true, lastedMs: 20_000, endedAtMs: desk.nowMs };
      const call = { ...ended, subject: MALLORY, other: subject('bot') };
      const campus = { network: networkId('campus'), otherNetwork: networkId('campus') };
      const unknown = { network: null, otherNetwork: null };
      const calls = [campus, unknown].map((networks) => ({ ...call, ...networks }));
      await desk.run('sessions.clean', { subjects: [MALLORY, MALLORY], calls });
      const [known] = await desk.store.run('trust.read', { subjects: [MALLORY] });
      assert.equal(known?.trust.cleanSessions, 2);
    });

    it('[MO-130e] one proven user’s calls make at most two newcomers proven', async (desk) => {
      await desk.open();
      const lastedMs = PROVEN_TOGETHER_MS;
      const meet = async (name: string, other: string) => {
        const ended = { counts: true, isMutual: true, lastedMs, endedAtMs: desk.nowMs };
        const calls = ['one', 'two', 'three'].map((place) => ({
          ...{ ...ended, subject: subject(name), other: subject(other) },
          network: networkId(`of-${name}`),
          otherNetwork: networkId(`place-${place}`),
        }));
        await desk.run('sessions.clean', { subjects: [], calls });
        return await isProven(desk, name);
      };
      for (const name of ['one', 'two']) assert.equal(await meet(name, 'reporter-7'), true);
      assert.equal(await meet('three', 'reporter-7'), false);
      assert.equal(await meet('three', 'reporter-8'), true);
      assert.equal(await meet('one', 'reporter-7'), true, 'a proven user needs no second vouch');
    });

    it('[MO-132] queues a new user’s report about a user with few unreported calls', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      await desk.open();
      const meet = async (times: number) => {
        await desk.run('sessions.clean', {
          subjects: Array.from({ length: times }, () => MALLORY),
        });
      };
      await meet(19);
      const { state, case: of } = await desk.report(1, { by: 'newcomer' });
      assert.equal(state, 'queued');
      desk.nowMs += 10;
      await desk.decideNow(of, ana, 'dismiss');
      // If the subject has many unreported calls, a report without lines no longer queues the
      // case, but a report with verified lines does.
      await meet(40);
      const after = { atMs: desk.nowMs + 1_000 };
      assert.equal((await desk.report(2, { by: 'newcomer-2', ...after })).state, 'open');
      const shown = { evidence: 'verified', ...after } as const;
      assert.equal((await desk.report(3, { by: 'newcomer-3', ...shown })).state, 'queued');
    });

    it('[MO-130d] an upheld report ends a user’s proven status until the decision’s undo', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      await desk.prove('mallory', 'ada');
      const { case: of } = await desk.report(1, { evidence: 'verified' });
      desk.nowMs += 10;
      await desk.decideNow(of, ana, 'warn');
      assert.deepEqual(
        [await isProven(desk, 'mallory'), await isProven(desk, 'ada')],
        [false, true],
      );
      await desk.do('case.undo', { case: of, by: ana });
      assert.equal(await isProven(desk, 'mallory'), true);
    });

    it('[MO-130d, MO-135] two reports disproved by their chat lines end their reporter’s proven status', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      await desk.prove('ada');
      for (const [n, name] of ['one', 'two'].entries()) {
        assert.equal(await isProven(desk, 'ada'), true);
        const { case: of } = await desk.report(n, { of: name, evidence: 'verified' });
        desk.nowMs += 10;
        await desk.decide(of, ana, 'dismiss', { finding: 'shows-opposite' });
      }
      assert.equal(await isProven(desk, 'ada'), false);
      const { person } = await desk.export(subject('ada'));
      assert.equal(person?.rejected, 2);
    });

    it('[MO-13, ST-15] reporters’ networks expire with all other networks', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const { case: of } = await desk.report(1);
      const shown = await desk.do('case.show', { case: of, by: ana });
      assert.ok(!JSON.stringify(shown).includes('around-ada'), 'members never see them');
      const forgotten = async (agoMs: number) => {
        const nowMs = START_MS + 1 + ANCHOR_KEPT_MS + agoMs;
        return (await desk.store.run('time.pass', { nowMs })).reportersUnplaced;
      };
      assert.deepEqual([await forgotten(-1), await forgotten(0), await forgotten(1)], [0, 1, 0]);
    });
  });
}
