import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { SqliteHere } from '@farandole/storage/sqlite/sqlite-here';
import { KEY } from '@farandole/storage/test/keys';
import {
  CLOCK_POLL_EVERY_MS,
  DATE_AHEAD_MS_MAX,
  DATE_BACK_MS_MAX,
  DATE_FOLLOWED_MS_MAX,
} from '../src/limits.ts';
import { commandDate, DATE_FILE, NodeClock } from '../src/node/node-clock.ts';
import type { LogEvent } from '../src/observe/log.ts';
import { StartError } from '../src/start-error.ts';
import { temporaryFolder } from './support/test-server.ts';

const START_MS = new SimClock().wallMs();

async function storeOf(t: TestContext): Promise<ModerationStore> {
  const store = await SqliteHere.open(':memory:', KEY);
  t.after(() => store.close());
  return store;
}

interface Opening {
  readonly dataDir?: string;
  readonly store?: ModerationStore;
  readonly movedMs?: number;
}

async function opened(t: TestContext, options: Opening = {}) {
  const { dataDir = await temporaryFolder(t), movedMs = 0 } = options;
  const { store = await storeOf(t) } = options;
  const machine = new SimClock();
  machine.jumpWall(movedMs);
  const events: LogEvent[] = [];
  const open = {
    dataDir,
    store,
    clock: machine,
    log: (event: LogEvent) => void events.push(event),
  };
  const clock = await NodeClock.open({ ...open, acceptsDate: false });
  const jump = (ms: number): void => {
    machine.jumpWall(ms);
    machine.advance(CLOCK_POLL_EVERY_MS);
    clock.tick();
  };
  return { dataDir, store, machine, clock, events, jump };
}

test("follows the machine's date up to DATE_FOLLOWED_MS_MAX ahead and logs the change", async (t) => {
  const { clock, machine, events, jump } = await opened(t);
  jump(DATE_BACK_MS_MAX);
  assert.equal(clock.wallMs(), machine.wallMs());
  assert.deepEqual(events, []);
  jump(DATE_FOLLOWED_MS_MAX);
  assert.equal(clock.wallMs(), machine.wallMs());
  assert.deepEqual(events, [{ event: 'date-followed', byMs: DATE_FOLLOWED_MS_MAX }]);
});

test("keeps the node's date while the machine's is far off, logging once", async (t) => {
  for (const jumpMs of [DATE_FOLLOWED_MS_MAX + 1, -DATE_BACK_MS_MAX - 1]) {
    const { clock, events, jump } = await opened(t);
    jump(jumpMs);
    const doubted = { event: 'clock-doubted', reason: 'jumped', byMs: jumpMs };
    for (let looks = 1; looks <= 3; looks++) {
      assert.equal(clock.wallMs(), START_MS + looks * CLOCK_POLL_EVERY_MS);
      assert.deepEqual(events, [doubted]);
      jump(0);
    }
    assert.equal(clock.machineMs(), clock.wallMs() + jumpMs);
    jump(-jumpMs);
    assert.equal(clock.wallMs(), clock.machineMs());
    assert.deepEqual(events, [doubted, { event: 'clock-trusted' }]);
  }
});

test('never moves the date back; logs nothing if the machine lags slightly', async (t) => {
  const { clock, events, jump } = await opened(t);
  jump(-DATE_BACK_MS_MAX);
  assert.equal(clock.wallMs(), START_MS + CLOCK_POLL_EVERY_MS);
  assert.deepEqual(events, []);
});

test("checks the machine's date once per CLOCK_POLL_EVERY_MS", async (t) => {
  const { clock, machine } = await opened(t);
  machine.jumpWall(60_000);
  machine.advance(CLOCK_POLL_EVERY_MS - 1);
  clock.tick();
  assert.equal(clock.wallMs(), START_MS + CLOCK_POLL_EVERY_MS - 1);
  machine.advance(1);
  clock.tick();
  assert.equal(clock.wallMs(), machine.wallMs());
});

test('starts at a date near the stored date and refuses other dates', async (t) => {
  const first = await opened(t);
  const { dataDir, store } = first;
  await first.clock.keep();
  for (const movedMs of [-DATE_BACK_MS_MAX, DATE_BACK_MS_MAX, DATE_AHEAD_MS_MAX]) {
    const { clock, events } = await opened(t, { dataDir, store, movedMs });
    assert.equal(clock.wallMs(), START_MS + movedMs);
    const followed = movedMs > DATE_BACK_MS_MAX ? [{ event: 'date-followed', byMs: movedMs }] : [];
    assert.deepEqual(events, followed);
    assert.equal(await commandDate(store, dataDir, START_MS + movedMs), START_MS + movedMs);
  }
  for (const movedMs of [-DATE_BACK_MS_MAX - 1, DATE_AHEAD_MS_MAX + 1]) {
    await assert.rejects(opened(t, { dataDir, store, movedMs }), (error) => {
      return error instanceof StartError && /2027-01-15.*--accept-date\.$/.test(error.message);
    });
    assert.equal(await commandDate(store, dataDir, START_MS + movedMs), START_MS);
    const clock = new SimClock(0, START_MS + movedMs);
    const accepted = await NodeClock.open({
      ...{ dataDir, store, clock, acceptsDate: true },
      log: () => {},
    });
    assert.equal(accepted.wallMs(), clock.wallMs());
  }
});

test('[ST-63] moves the date of version 0.1.0 from its file to the store', async (t) => {
  const dataDir = await temporaryFolder(t);
  const noted = `{"boot":"a","atMs":5,"dateMs":${START_MS},"sureMs":7,"doubt":null,"startedAtMs":null}`;
  await writeFile(join(dataDir, DATE_FILE), noted);
  await assert.rejects(opened(t, { dataDir, movedMs: -DATE_BACK_MS_MAX - 1 }), StartError);
  const { clock, store } = await opened(t, { dataDir });
  assert.equal(clock.wallMs(), START_MS);
  await clock.keep();
  assert.ok(!existsSync(join(dataDir, DATE_FILE)));
  assert.equal(await store.run('date.read', null), START_MS);
  // A file of a later date comes from version 0.1.0 that ran again.
  await writeFile(join(dataDir, DATE_FILE), JSON.stringify({ dateMs: START_MS + 3_600_000 }));
  await assert.rejects(opened(t, { dataDir, store }), StartError);
});

test('refuses a damaged date file unless --accept-date replaces it', async (t) => {
  for (const text of ['', '{', 'null', '[]', '7', '{"dateMs":"1"}', '{"dateMs":1e99}']) {
    const dataDir = await temporaryFolder(t);
    await writeFile(join(dataDir, DATE_FILE), text);
    await assert.rejects(opened(t, { dataDir }), (error) => {
      return (
        error instanceof StartError && /date\.json is damaged.*--accept-date/.test(error.message)
      );
    });
    const clock = new SimClock();
    const store = await storeOf(t);
    const accepted = await NodeClock.open({
      ...{ dataDir, store, clock, acceptsDate: true },
      log: () => {},
    });
    await accepted.keep();
    assert.equal((await opened(t, { dataDir, store })).clock.wallMs(), START_MS);
  }
});
