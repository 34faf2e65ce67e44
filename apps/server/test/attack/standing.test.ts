import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { SubjectId } from '@farandole/kernel/id';
import { PROVEN_CALLS_MIN, PROVEN_TOGETHER_MS } from '@farandole/moderation/limits';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { type Tier, tierOf } from '@farandole/moderation/trust/trust';
import { CLEAN_AFTER_MS } from '../../src/limits.ts';
import { meet } from '../support/meeting.ts';
import { decide, hire, storeOf, subjectOf } from '../support/moderated.ts';
import { MovedClock } from '../support/moved-clock.ts';
import { inCall, TestPage } from '../support/test-page.ts';
import { startSharedServer, type TestServer } from '../support/test-server.ts';

/** A listed proxy on this machine, which tells the server each client's address. */
const PROXY = '127.0.0.1';
const CALL_MS = 20_000;
const LONG_CALL_MS = PROVEN_TOGETHER_MS / PROVEN_CALLS_MIN;
const TRIES_MAX = 30;

/** A server with users of several networks. The test moves the server's clock. */
class Town {
  readonly #t: TestContext;
  readonly clock: MovedClock;
  readonly server: TestServer;
  readonly store: ModerationStore;
  #networks = 0;
  #searches = 0;

  private constructor(
    t: TestContext,
    clock: MovedClock,
    server: TestServer,
    store: ModerationStore,
  ) {
    this.#t = t;
    this.clock = clock;
    this.server = server;
    this.store = store;
  }

  static async open(t: TestContext): Promise<Town> {
    const clock = new MovedClock();
    const env = { FARANDOLE_TRUSTED_PROXIES: PROXY };
    const server = await startSharedServer(t, { clock, env });
    const town = new Town(t, clock, server, await storeOf(t, server));
    await hire(town.store);
    // The server has users of six networks, because with fewer networks no automatic restriction
    // applies.
    for (let n = 0; n < 6; n++) await town.newcomer();
    return town;
  }

  /** Connects a user with a new cookie, by default from an address of a new network. */
  async newcomer(address = this.#newAddress()): Promise<TestPage> {
    const headers = { 'X-Forwarded-For': address, 'X-Forwarded-Proto': 'https' };
    const page = new TestPage(this.#t, this.server.port, { headers });
    await page.arrive();
    return page;
  }

  #newAddress(): string {
    this.#networks += 1;
    // Returns an address in a /20 network that no other address uses.
    return `203.${this.#networks}.0.7`;
  }

  /** Makes two users match, send a line each, and stay in the call for `lastedMs`. */
  async call(one: TestPage, other: TestPage, lastedMs: number): Promise<void> {
    const [found, ofOther] = await meet(one, other);
    one.say('chat.send', { ...inCall(found), id: 'line-of-one', text: 'Hello' });
    other.say('chat.send', { ...inCall(ofOther), id: 'line-of-other', text: 'Hi' });
    for (const page of [one, other]) {
      for (let lines = 0; lines < 2; lines++) await page.next('chat.line');
    }
    this.clock.advance(lastedMs);
    one.say('call.end', { ...inCall(found), reason: 'next' });
    for (const page of [one, other]) await page.next('call.ended');
  }

  /** Makes two users have a call of at least 15 seconds, which one of them ends by a report. */
  async report(by: TestPage, of: TestPage): Promise<void> {
    const [{ receipt }] = await meet(by, of);
    this.clock.advance(CALL_MS);
    by.say('report.create', { id: 'a-report', receipt, reason: 'sexual-content', lines: [] });
    await by.next('report.accepted');
    await of.next('call.ended');
  }

  /** Makes the page and a newcomer search, and returns whether they match. */
  async meetsNewcomer(page: TestPage): Promise<boolean> {
    const newcomer = await this.newcomer();
    // The clock advances so far that earlier searches no longer count against the rate limit.
    this.clock.advance(2_000);
    const tickets = [page, newcomer].map((one) => {
      const ticket = `attempt-${this.#searches++}`;
      one.search(ticket);
      return { one, ticket };
    });
    for (const { one } of tickets) await one.next('ticket.accepted');
    for (const { one, ticket } of tickets) one.say('ticket.withdraw', { ticket });
    const [own, other] = [
      await page.nextOf(['match.found', 'ticket.withdrawn']),
      await newcomer.nextOf(['match.found', 'ticket.withdrawn']),
    ];
    assert.equal(own.type, other.type);
    if (own.type === 'match.found') {
      page.say('call.end', { ...inCall(own), reason: 'next' });
      await page.next('call.ended');
    }
    newcomer.socket.close(1000);
    return own.type === 'match.found';
  }

  /**
   * Repeats until the result is as expected, because the node's cache follows the store with a
   * delay.
   */
  async untilMeets(page: TestPage, expected: boolean): Promise<void> {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      if ((await this.meetsNewcomer(page)) === expected) return;
    }
    assert.fail(`after ${TRIES_MAX} tries it is not ${expected} that they meet newcomers`);
  }

  async trustOf(page: TestPage) {
    const subject = await subjectOf(this.server, page);
    const [known] = await this.store.run('trust.read', { subjects: [subject] });
    return known;
  }

  /**
   * Waits until the store has counted at least `sessions` sessions of the user. Returns the
   * user's tier.
   */
  async tierAfter(page: TestPage, sessions: number): Promise<Tier> {
    for (;;) {
      const known = await this.trustOf(page);
      if (known !== undefined && known.trust.sessions >= sessions) return tierOf(known.trust);
      await new Promise(setImmediate);
    }
  }

  /** Stores calls with users of three other networks, so that the users count as proven. */
  async prove(...pages: readonly TestPage[]): Promise<void> {
    const subjects: SubjectId[] = [];
    for (const page of pages) subjects.push(await subjectOf(this.server, page));
    const nowMs = this.clock.wallMs();
    const calls = subjects.flatMap((subject, n) =>
      ['a', 'b', 'c'].map((network) => ({
        ...{ subject, other: subject, counts: true, isMutual: true },
        ...{ lastedMs: LONG_CALL_MS, endedAtMs: nowMs },
        network: `of-${n}` as never,
        otherNetwork: network as never,
      })),
    );
    await this.store.run('sessions.clean', { subjects: [], calls, nowMs });
  }
}

test('[MO-131, MO-133] matches a user with newcomers after reports from one address', async (t) => {
  const town = await Town.open(t);
  const victim = await town.newcomer();
  for (const host of [7, 8]) await town.report(await town.newcomer(`198.51.100.${host}`), victim);
  assert.equal(await town.tierAfter(victim, 2), 'new');
  assert.equal(await town.meetsNewcomer(victim), true);
  // Five more reports from the same address, one after another, change nothing either.
  for (let n = 0; n < 5; n++) await town.report(await town.newcomer('198.51.100.9'), victim);
  assert.equal(await town.tierAfter(victim, 7), 'new');
  assert.equal(await town.meetsNewcomer(victim), true);
});

test('[MO-135, MO-74] matches a restricted user at once when a moderator dismisses the reports', async (t) => {
  const town = await Town.open(t);
  const victim = await town.newcomer();
  const reporters = [await town.newcomer(), await town.newcomer()];
  await town.prove(...reporters);
  for (const reporter of reporters) await town.report(reporter, victim);
  assert.equal(await town.tierAfter(victim, 2), 'restricted');
  await town.untilMeets(victim, false);
  await decide(town.store, 'dismiss');
  assert.equal(await town.tierAfter(victim, 2), 'new');
  await town.untilMeets(victim, true);
});

test('[MO-11c, MO-130] users who only call each other are neither proven nor trusted', async (t) => {
  const town = await Town.open(t);
  const places = ['198.51.100', '198.18.0', '192.88.1'];
  const bots: TestPage[] = [];
  for (let n = 0; n < 6; n++) bots.push(await town.newcomer(`${places[n % 3]}.${n + 1}`));
  for (const [at, bot] of bots.entries()) {
    for (const other of bots.slice(at + 1)) await town.call(bot, other, LONG_CALL_MS);
  }
  // One of the bots also talks with a user of a fourth network.
  const [talker] = bots;
  assert.ok(talker !== undefined);
  await town.call(talker, await town.newcomer(), LONG_CALL_MS);
  town.clock.advance(CLEAN_AFTER_MS);
  // The node counts the talker's last call last. It doesn't count calls within one network.
  await town.tierAfter(talker, 3);
  const known = await Promise.all(bots.map((bot) => town.trustOf(bot)));
  const provenBots = known.map((one) => (one?.provenUntilMs ?? 0) > 0);
  assert.deepEqual(provenBots, [true, false, false, false, false, false]);
  assert.deepEqual(
    known.map((one) => one?.trust.sessions),
    [3, 2, 2, 2, 2, 2],
  );
});
