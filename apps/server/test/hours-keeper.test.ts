import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { TICK_EVERY_MS } from '@farandole/cluster/limits';
import { askForTicket } from '@farandole/e2e/http';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { parseStoredHours, type StoredHours } from '@farandole/protocol/house-hours';
import type { SessionTicketReply } from '@farandole/protocol/http-api';
import { HOUSE_SAMPLE_EVERY_MS, HOUSE_SAMPLES_MIN, HOUSE_WEEKS } from '@farandole/protocol/limits';
import { SqliteHere } from '@farandole/storage/sqlite/sqlite-here';
import { KEY } from '@farandole/storage/test/keys';
import { HOUSE_HOURS_FILE, HoursKeeper } from '../src/cache/hours-keeper.ts';
import { HOUSE_HOURS_BYTES_MAX } from '../src/limits.ts';
import type { LogEvent } from '../src/observe/log.ts';
import { storeOf } from './support/moderated.ts';
import { TestPage } from './support/test-page.ts';
import { startTestServer, temporaryFolder } from './support/test-server.ts';

const HOUR_MS = 3_600_000;
const NOW = 500_000 * HOUR_MS;

/** Statistics of whole weeks in which most users came between 19:00 and 22:00. */
const evenings: StoredHours = {
  lastHour: NOW / HOUR_MS - 1,
  weeks: Array.from({ length: 168 }, () => HOUSE_WEEKS),
  people: Array.from({ length: 168 }, (_, at) => (at % 24 >= 19 && at % 24 < 22 ? 30 : 3)),
};
const EVENING = { fromUtcHour: 19, hours: 3 };

async function folderOf(t: TestContext) {
  const dataDir = await temporaryFolder(t);
  const file = join(dataDir, HOUSE_HOURS_FILE);
  const said: LogEvent[] = [];
  const log = (event: LogEvent): void => void said.push(event);
  const store = await SqliteHere.open(':memory:', KEY);
  t.after(() => store.close());
  const open = () => HoursKeeper.open({ store, dataDir, nowMs: NOW, log });
  const kept = async () => parseStoredHours((await store.run('hours.read', null)) ?? '');
  return { file, store, said, open, kept };
}

test("[PR-82] stores each finished hour's statistics for restarts", async (t) => {
  const { said, open, kept } = await folderOf(t);
  const keeper = await open();
  for (let sample = 0; sample < HOUSE_SAMPLES_MIN; sample++) await keeper.sample(7, NOW + sample);
  assert.equal(await kept(), null);
  await keeper.sample(7, NOW + HOUR_MS);
  const first = await kept();
  assert.equal(first?.lastHour, NOW / HOUR_MS);
  assert.equal(first.people[first.lastHour % 168], 7);
  for (let sample = 1; sample < HOUSE_SAMPLES_MIN; sample++)
    await keeper.sample(7, NOW + HOUR_MS + sample);
  await keeper.close(NOW + HOUR_MS);
  const both = await kept();
  assert.equal(both?.people.filter((people) => people === 7).length, 2);
  await (await open()).close(NOW);
  assert.deepEqual(await kept(), both);
  assert.deepEqual(said, []);
});

test('[PR-82, ST-63] moves the statistics of version 0.1.0 from their file to the store', async (t) => {
  const { file, said, open, kept } = await folderOf(t);
  await writeFile(file, JSON.stringify(evenings));
  const keeper = await open();
  assert.deepEqual(keeper.busiest, EVENING);
  for (let sample = 0; sample < HOUSE_SAMPLES_MIN; sample++) await keeper.sample(7, NOW + sample);
  await keeper.close(NOW);
  assert.ok(!existsSync(file));
  assert.equal((await kept())?.lastHour, NOW / HOUR_MS);
  assert.deepEqual((await open()).busiest, EVENING);
  assert.deepEqual(said, []);
});

test('[PR-82] logs damaged stored statistics and starts empty', async (t) => {
  const { store, said, open } = await folderOf(t);
  await store.run('hours.keep', { hours: '{', nowMs: NOW });
  assert.equal((await open()).busiest, null);
  assert.deepEqual(said, [{ event: 'house-hours-lost', code: 'damaged' }]);
});

test('[PR-82] logs a damaged or oversized statistics file and starts empty', async (t) => {
  const { file, said, open } = await folderOf(t);
  const text = JSON.stringify(evenings);
  for (const [content, isRead] of [
    [text, true],
    [text.padEnd(HOUSE_HOURS_BYTES_MAX), true],
    [text.padEnd(HOUSE_HOURS_BYTES_MAX + 1), false],
    [text.slice(1), false],
    ['', false],
  ] as const) {
    said.length = 0;
    await writeFile(file, content);
    assert.deepEqual((await open()).busiest, isRead ? EVENING : null);
    assert.deepEqual(said, isRead ? [] : [{ event: 'house-hours-lost', code: 'damaged' }]);
  }
});

test('[PR-82] samples the user count, stores hourly averages, sends them with tickets', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const clock = new SimClock(0, NOW);
  const server = await startTestServer(t, { clock });
  const page = new TestPage(t, server.port);
  await page.arrive();
  // The loop starts at 1, because the server already took its first sample at its start, without
  // users.
  for (let sample = 1; sample < HOUSE_SAMPLES_MIN; sample++) {
    await nextTurn();
    clock.advance(HOUSE_SAMPLE_EVERY_MS);
    t.mock.timers.tick(TICK_EVERY_MS);
  }
  page.socket.terminate();
  await server.close();
  const store = await storeOf(t, server);
  const kept = parseStoredHours((await store.run('hours.read', null)) ?? '');
  assert.equal(kept?.lastHour, NOW / HOUR_MS);
  assert.ok((kept.people[kept.lastHour % 168] ?? 0) > 0);
  await store.run('hours.keep', { hours: JSON.stringify(evenings), nowMs: NOW });
  await store.close();
  const { port } = await server.restart();
  const { answer } = await askForTicket({ port, cookie: null });
  assert.deepEqual((answer.json() as SessionTicketReply).server.busiest, EVENING);
});
