import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { NETWORK_APART_MS } from '@farandole/matchmaking/limits';
import { SUSPENSION_MS_MAX } from '@farandole/moderation/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { STORE_FILE } from '../../src/store/open-store.ts';
import { subjectOf } from '../support/moderated.ts';
import { MovedClock } from '../support/moved-clock.ts';
import { inCall, TestPage, type TestPageOptions } from '../support/test-page.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const MANY_TRIES = 200;
const SOME_TRIES = 20;

/**
 * Returns the time between two attempts, so that all attempts together take just less than
 * `NETWORK_APART_MS`.
 */
function betweenMs(tries: number): number {
  return Math.floor((NETWORK_APART_MS - 30 * 60_000) / tries);
}

/**
 * Number of round trips to wait for a match, because the matching wave may run between two of
 * them.
 */
const ROUND_TRIPS = 3;

const ENV = {
  FARANDOLE_TRUSTED_PROXIES: '127.0.0.1',
  FARANDOLE_CONNECTIONS_PER_NETWORK_MAX: '1000',
};

let searches = 0;

function pageFrom(
  t: TestContext,
  { port }: TestServer,
  address: string,
  options: TestPageOptions = {},
): TestPage {
  const headers = { 'X-Forwarded-For': address, 'X-Forwarded-Proto': 'https' };
  return new TestPage(t, port, { headers, ...options });
}

function search(page: TestPage, wishes: object = {}): void {
  page.say('ticket.create', {
    ...{ ticket: `search-${searches++}`, mode: 'text', interests: [], onlyShared: false },
    ...{ languages: ['en'], policyVersion: 1, ...wishes },
  });
}

/** Returns whether the page's search is matched within `ROUND_TRIPS`. */
async function isMatched(page: TestPage): Promise<boolean> {
  await page.next('ticket.accepted');
  for (let trip = 0; trip < ROUND_TRIPS; trip++) {
    page.send({ type: 'link.ping', n: trip, ack: 0 });
    await page.next('link.pong');
  }
  return page.received.some(({ type }) => type === 'match.found');
}

/**
 * Opens a session. Like the page, it gets another ticket if the server refuses the first one. The
 * node's date can jump between the ticket and the hello, so that the ticket is outdated.
 */
async function arrive(page: TestPage): Promise<ServerMessageOf<'session.opened'>> {
  try {
    return await page.arrive();
  } catch (error) {
    if (page.closed?.reason !== 'ticket-refused') throw error;
    return await page.arrive();
  }
}

async function leave(page: TestPage): Promise<void> {
  page.socket.close(1000);
  await page.untilClosed();
}

interface Parted {
  readonly server: TestServer;
  readonly clock: MovedClock;
  readonly victim: TestPage;
  readonly evader: TestPage;
}

/**
 * Makes the victim and the evader match. Then the victim blocks or reports the evader, and both
 * leave.
 */
async function parted(t: TestContext, how: 'block' | 'report'): Promise<Parted> {
  const clock = new MovedClock();
  const server = await startTestServer(t, { clock, env: ENV });
  const victim = pageFrom(t, server, '198.51.100.1');
  const evader = pageFrom(t, server, '203.0.113.1');
  for (const page of [victim, evader]) {
    await arrive(page);
    search(page);
  }
  const { receipt } = await victim.next('match.found');
  if (how === 'block') {
    victim.say('block.create', { receipt });
    await victim.next('block.accepted');
  } else {
    victim.say('report.create', { id: 'a-report', receipt, reason: 'other', lines: [] });
    await victim.next('report.accepted');
  }
  for (const page of [victim, evader]) await leave(page);
  return { server, clock, victim, evader };
}

/**
 * Makes the evader search `tries` times, each time with a new cookie, half of the times after a
 * restart. The victim searches the whole time.
 */
async function triesOf(
  t: TestContext,
  { server: first, clock, victim }: Parted,
  tries: number,
  evaderAt: (server: TestServer, attempt: number) => TestPage,
): Promise<{ readonly server: TestServer; readonly victim: TestPage }> {
  let server = first;
  let waiting = victim;
  for (let attempt = 0; attempt < tries; attempt++) {
    if (attempt === tries / 2) server = await server.restart();
    if (attempt === 0 || attempt === tries / 2) {
      const { device, cookie } = waiting;
      waiting = pageFrom(t, server, '198.51.100.1', { device, cookie });
      await arrive(waiting);
      search(waiting);
      await waiting.next('ticket.accepted');
    }
    const evader = evaderAt(server, attempt);
    await arrive(evader);
    search(evader);
    assert.equal(await isMatched(evader), false, `attempt ${attempt}`);
    await leave(evader);
    clock.advance(betweenMs(tries));
  }
  return { server, victim: waiting };
}

async function meets(page: TestPage): Promise<boolean> {
  await arrive(page);
  search(page);
  return await isMatched(page);
}

for (const how of ['block', 'report'] as const) {
  test(`[MM-23] after a ${how}, its author never meets the peer under another cookie`, async (t) => {
    const parties = await parted(t, how);
    const { device } = parties.evader;
    const tries = how === 'block' ? MANY_TRIES : SOME_TRIES;
    const { server } = await triesOf(t, parties, tries, (at, attempt) =>
      pageFrom(t, at, `192.0.2.${attempt}`, { device }),
    );
    parties.clock.advance(NETWORK_APART_MS);
    const later = pageFrom(t, server, '192.0.2.1', { device });
    assert.equal(await meets(later), false, 'a device is kept apart for good');
    await leave(later);
    assert.ok(await meets(pageFrom(t, server, '192.0.2.1')), 'and nobody else is');
  });

  test(`[MM-23a] a ${how} keeps new browsers of the peer's network from its author`, async (t) => {
    const parties = await parted(t, how);
    const tries = how === 'report' ? MANY_TRIES : SOME_TRIES;
    const { server } = await triesOf(t, parties, tries, (at, attempt) =>
      pageFrom(t, at, `203.0.113.${2 + attempt}`),
    );
    const elsewhere = pageFrom(t, server, '203.0.114.1');
    assert.ok(await meets(elsewhere), 'only this network is kept apart');
  });
}

test("[MM-23a] matches new browsers of a blocked user's network again after a day", async (t) => {
  const { server, clock, victim } = await parted(t, 'block');
  const { device, cookie } = victim;
  clock.advance(NETWORK_APART_MS);
  const waiting = pageFrom(t, server, '198.51.100.1', { device, cookie });
  await arrive(waiting);
  search(waiting);
  await waiting.next('ticket.accepted');
  assert.ok(await meets(pageFrom(t, server, '203.0.113.2')));
});

test("[GW-27a] refuses a minor's device for a day, even with a new cookie", async (t) => {
  const clock = new MovedClock();
  const first = await startTestServer(t, { clock, env: ENV });
  const child = pageFrom(t, first, '203.0.113.1');
  const { policyVersion } = await child.start();
  child.say('age.declare', { answer: 'minor', policyVersion });
  assert.equal((await child.next('age.answered')).refused, true);
  await leave(child);
  const { device } = child;
  let server = first;
  for (let attempt = 0; attempt < SOME_TRIES; attempt++) {
    if (attempt === SOME_TRIES / 2) server = await server.restart();
    const again = pageFrom(t, server, `192.0.2.${attempt}`, { device });
    const { age } = await arrive(again);
    assert.deepEqual([age.state, age.refused], ['unknown', true]);
    search(again);
    assert.equal((await again.next('ticket.refused')).reason, 'age-required');
    await leave(again);
    clock.advance(betweenMs(SOME_TRIES));
  }
  clock.advance(NETWORK_APART_MS);
  const nextDay = pageFrom(t, server, '192.0.2.1', { device });
  assert.equal((await nextDay.start()).age.refused, false);
});

test('[MO-16a] applies a temporary suspension to a new cookie on the same device', async (t) => {
  const { server: first, clock, evader } = await parted(t, 'report');
  const subject = await subjectOf(first, evader);
  await first.close();
  // The test writes the hold into the store, because another test covers how many proven reporters
  // cause a hold.
  const store = new DatabaseSync(join(first.dataDir, STORE_FILE));
  const found = store.prepare('select id from cases where subject = ?').get(subject);
  const startsAtMs = clock.wallMs();
  const endsAtMs = startsAtMs + SUSPENSION_MS_MAX;
  const hold = { subject, case: found?.['id'], startsAtMs, endsAtMs };
  store
    .prepare('update people set hold = ?, held_until_ms = ? where id = ?')
    .run(JSON.stringify(hold), endsAtMs, subject);
  store.close();
  const server = await startTestServer(t, { dataDir: first.dataDir, clock, env: ENV });
  const { device } = evader;
  for (let attempt = 0; attempt < SOME_TRIES; attempt++) {
    const again = pageFrom(t, server, `192.0.2.${attempt}`, { device });
    await assert.rejects(again.start());
    const told = again.received.findLast(({ type }) => type === 'standing.changed');
    assert.ok(told?.type === 'standing.changed' && told.may === 'nothing');
    assert.equal(told.because, 'hold');
    assert.equal((await again.untilClosed()).reason, 'sanctioned');
    clock.advance(betweenMs(SOME_TRIES));
  }
  const other = pageFrom(t, server, '203.0.113.1');
  assert.equal((await other.start()).type, 'session.opened', 'another device is not held');
  clock.advance(SUSPENSION_MS_MAX);
  const later = pageFrom(t, server, '192.0.2.1', { device });
  assert.equal((await later.start()).type, 'session.opened');
});

test('[MM-35] ignores a required interest until users from enough networks used it', async (t) => {
  const server = await startTestServer(t, { clock: new MovedClock(), env: ENV });
  const victim = pageFrom(t, server, '198.51.100.1');
  await arrive(victim);
  search(victim, { interests: ['otters', 'film'] });
  await victim.next('ticket.accepted');
  const stalker = { onlyShared: true, interests: ['otters'] };
  for (let attempt = 0; attempt < 20; attempt++) {
    const page = pageFrom(t, server, `203.0.113.${attempt}`);
    await arrive(page);
    search(page, stalker);
    assert.equal(await isMatched(page), false, `attempt ${attempt}`);
    await leave(page);
  }
  // Users of five networks use the tag, so it no longer identifies one user.
  for (let network = 0; network < 5; network++) {
    const page = pageFrom(t, server, `192.0.${network}.1`);
    await arrive(page);
    search(page, { interests: ['otters'], languages: ['ja'], onlyShared: true });
    await page.next('ticket.accepted');
    await leave(page);
  }
  const found = pageFrom(t, server, '192.0.9.1');
  await arrive(found);
  search(found, stalker);
  const { sharedInterests, match } = await found.next('match.found');
  assert.deepEqual(sharedInterests, ['otters']);
  assert.equal(inCall(await victim.next('match.found')).match, match);
});
