import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TICK_EVERY_MS } from '@farandole/cluster/limits';
import type { SubjectId } from '@farandole/kernel/id';
import { createPrng } from '@farandole/kernel/prng';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import type { CommandName, InputOf } from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { StoreError } from '@farandole/storage/store-error';
import { Desk, device, subject } from '@farandole/storage/test/desk';
import { memoryStore } from '@farandole/storage/test/memory-store';
import { PeopleCache } from '../src/cache/people-cache.ts';
import { RestrictionsMirror } from '../src/cache/restrictions-mirror.ts';
import {
  HOUSEKEEPING_EVERY_MS,
  RESTRICTIONS_READ_EVERY_MS,
  STORE_ASKED_AGAIN_AFTER_MS,
  STORE_SILENT_MS,
} from '../src/limits.ts';
import { StoreTasks, type StoreTasksOptions } from '../src/outbox/store-tasks.ts';

const [ADA, MALLORY] = [subject('ada'), subject('mallory')];

/** Time in ms within which a sanction must take effect on every node. */
const HOLDS_WITHIN_MS = 2_000;

/** Runs a node's store tasks with this store. All parts except the two caches do nothing. */
function nodeOver(store: ModerationStore, parts: object = {}) {
  const asked: CommandName[] = [];
  const counting = {
    run: <Name extends CommandName>(name: Name, input: InputOf<Name>) => {
      asked.push(name);
      return store.run(name, input);
    },
  };
  const codes = {
    appealCode: () => 'a-code',
    sharedCode: () => 'near-a-code',
    measureCode: () => 'auto-a-code',
  };
  const standings = new RestrictionsMirror(counting, null as never, codes);
  const peopleCache = new PeopleCache(counting, createPrng(7), new SimClock());
  const nothing = async () => await Promise.resolve(false);
  const changed: number[] = [];
  const tasks = new StoreTasks({
    ...({
      store: { run: nothing },
      clock: { sure: { wallMs: () => 0 }, move: null, keep: nothing },
      cleanCalls: { tell: nothing },
      pairRecorder: { tell: nothing },
      anchorRecorder: { tell: nothing },
      checkpoints: { keep: nothing },
      house: { read: nothing },
      hours: { sample: nothing },
      publishedHours: { read: nothing },
      people: () => 0,
      removeImported: nothing,
      otherNodes: null,
      notifier: null,
      onWorked: () => {},
      onFailed: (_: unknown, error: unknown) => assert.fail(String(error)),
      ...parts,
    } as unknown as StoreTasksOptions),
    standings,
    peopleCache,
    onChanged: () => void changed.push(changed.length),
  });
  const tick = async (monotonicMs: number): Promise<readonly CommandName[]> => {
    asked.length = 0;
    tasks.tick({ monotonicMs, wallMs: 0 });
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    return [...asked];
  };
  return { tasks, standings, peopleCache, changed, tick };
}

test('retries a failed store task within seconds, however long its period', async () => {
  const told: string[] = [];
  let asked = 0;
  const { tick } = nodeOver(memoryStore(), {
    removeImported: async () => {
      asked += 1;
      await (asked === 1 ? Promise.reject(new Error('gone')) : Promise.resolve());
    },
    onFailed: (task: string) => told.push(`${task} failed`),
    onWorked: (task: string) => task === 'imported' && told.push(`${task} worked`),
  });
  await tick(0);
  await tick(STORE_ASKED_AGAIN_AFTER_MS - 1);
  assert.deepEqual(told, ['imported failed']);
  await tick(STORE_ASKED_AGAIN_AFTER_MS);
  await tick(HOUSEKEEPING_EVERY_MS);
  assert.deepEqual(told, ['imported failed', 'imported worked'], 'and then in its turn');
  await tick(STORE_ASKED_AGAIN_AFTER_MS + HOUSEKEEPING_EVERY_MS);
  assert.equal(asked, 3);
});

test('reports a silent store once sanctions are unread for too long', async () => {
  const answer = Promise.withResolvers<null>();
  const told: string[] = [];
  const silent = { run: async () => await answer.promise } as unknown as ModerationStore;
  const { tick } = nodeOver(silent, {
    onFailed: (task: string, error: StoreError) => told.push(`${task} ${error.code}`),
    onWorked: (task: string) => task === 'standing' && told.push(`${task} worked`),
  });
  await tick(0);
  await tick(STORE_SILENT_MS - 1);
  assert.deepEqual(told, []);
  await tick(STORE_SILENT_MS);
  assert.deepEqual(told, ['standing silent']);
  answer.resolve(null);
  await tick(STORE_SILENT_MS + 1);
  assert.deepEqual(told, ['standing silent', 'standing worked']);
});

test("[MO-74] applies this node's decisions at the next tick, other nodes' by polling", async () => {
  const store = memoryStore();
  const desk = new Desk(store);
  const ana = await desk.hire('ana', 'moderator');
  const { case: of } = await desk.report(1, { evidence: 'verified' });
  const { tasks, peopleCache, changed, tick } = nodeOver(store);
  for (const name of ['ada', 'mallory']) peopleCache.arrived(personOf(name));
  await tick(0);
  const before = changed.length;
  await desk.decideNow(of, ana, 'suspend-1d');
  assert.ok(!(await tick(50)).includes('standing.read'), 'nobody has said so');
  tasks.changed();
  assert.ok((await tick(100)).includes('standing.read'));
  assert.equal(changed.length, before + 1);
  // The node reads the trust of the affected users one tick later.
  assert.ok((await tick(200)).includes('trust.read'));
  given(await desk.store.run('case.undo', { case: of, by: ana, nowMs: desk.nowMs }));
  assert.ok((await tick(100 + RESTRICTIONS_READ_EVERY_MS)).includes('subjects.concerned'));
  assert.equal(changed.length, before + 2);
});

test("[MO-74] applies another process's decision, and its end, within two seconds", async () => {
  const store = memoryStore();
  const desk = new Desk(store);
  const ana = await desk.hire('ana', 'moderator');
  const { standings, tick } = nodeOver(store);
  let atMs = 0;
  await tick(atMs);
  const nextTick = async (): Promise<void> => {
    atMs += TICK_EVERY_MS;
    await tick(atMs);
  };
  const untilMay = async (name: string, may: 'meet' | 'nothing'): Promise<number> => {
    const sinceMs = atMs;
    const known = { subject: subject(name), device: device(name), clientAddress: '192.0.2.1' };
    while (standings.of(known, desk.nowMs).may !== may) {
      assert.ok(atMs - sinceMs < HOLDS_WITHIN_MS, `${name}: ${may}, decided at ${sinceMs}`);
      await nextTick();
    }
    return atMs - sinceMs;
  };
  const took: number[] = [];
  for (const afterMs of [0, 50, 450, 900, 950]) {
    const name = `decided-${afterMs}`;
    atMs = Math.ceil(atMs / RESTRICTIONS_READ_EVERY_MS) * RESTRICTIONS_READ_EVERY_MS;
    await tick(atMs);
    for (let restMs = afterMs; restMs > 0; restMs -= TICK_EVERY_MS) await nextTick();
    const { case: of } = await desk.report(afterMs, { of: name, evidence: 'verified' });
    await desk.decideNow(of, ana, 'suspend-1d');
    took.push(await untilMay(name, 'nothing'));
    given(await desk.store.run('case.undo', { case: of, by: ana, nowMs: desk.nowMs }));
    took.push(await untilMay(name, 'meet'));
  }
  // A decision takes effect after at most one poll and its ticks. The rest of the two seconds is
  // left for the store's response.
  assert.ok(Math.max(...took) <= RESTRICTIONS_READ_EVERY_MS + TICK_EVERY_MS, took.join());
  assert.ok(Math.min(...took) < RESTRICTIONS_READ_EVERY_MS / 2, took.join());
});

function personOf(name: string) {
  return { subject: subject(name), device: device(name) };
}

function given(result: { readonly ok: boolean }): void {
  assert.ok(result.ok);
}

test('[MO-74] rereads each user’s trust once after a decision about the user', async () => {
  const store = memoryStore();
  const desk = new Desk(store);
  const ana = await desk.hire('ana', 'moderator');
  const asked: (readonly SubjectId[])[] = [];
  let fails = false;
  const people = new PeopleCache(
    {
      run: <Name extends CommandName>(name: Name, input: InputOf<Name>) => {
        if (fails) return Promise.reject(new StoreError('failed', 'as the test wants it'));
        if (name === 'trust.read') asked.push((input as InputOf<'trust.read'>).subjects);
        return store.run(name, input);
      },
    },
    createPrng(7),
    new SimClock(),
  );
  const decide = async (n: number) => {
    await desk.decideNow((await desk.report(n)).case, ana, 'warn');
    return await desk.store.run('desk.version', null);
  };
  assert.equal(await people.decided(await decide(1)), false);
  await people.read();
  assert.equal(asked.length, 0, 'users who arrive are read anyway');
  for (const name of ['ada', 'mallory']) people.arrived(personOf(name));
  await people.read();
  asked.length = 0;
  const version = await decide(2);
  fails = true;
  await assert.rejects(people.decided(version));
  fails = false;
  for (let time = 0; time < 2; time++) {
    await people.decided(version);
    await people.read();
  }
  assert.deepEqual(
    asked.map((subjects) => subjects.toSorted()),
    [[ADA, MALLORY].toSorted()],
  );
});
