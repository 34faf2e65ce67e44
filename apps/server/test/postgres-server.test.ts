import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { after, type TestContext, test } from 'node:test';
import { ask } from '@farandole/e2e/http';
import { startPostgres } from '@farandole/storage/test/postgres';
import { STORE_AWAITED_EVERY_MS } from '../src/limits.ts';
import { CommandLine } from './support/command-line.ts';
import { arriveAndMeet, report } from './support/meeting.ts';
import { inCall, TestPage } from './support/test-page.ts';
import { startTestServer, type TestServer, temporaryFolder } from './support/test-server.ts';

const postgres = await startPostgres();
after(() => postgres.stop());

interface Node {
  readonly server: TestServer;
  readonly line: CommandLine;
}

async function folderWithKeys(t: TestContext): Promise<string> {
  const dataDir = await temporaryFolder(t);
  await new CommandLine(dataDir).says('keys', 'init');
  return dataDir;
}

async function startNode(t: TestContext): Promise<Node> {
  const env = { FARANDOLE_DATABASE_URL: await postgres.createMigrated() };
  const dataDir = await folderWithKeys(t);
  const server = await startTestServer(t, { env, dataDir });
  const line = new CommandLine(server.dataDir, env);
  await line.says('user', 'add', 'Ana', '--role', 'moderator');
  return { server, line };
}

async function reported(t: TestContext, { server }: Node, name: string): Promise<TestPage> {
  const [mallory, victim] = [new TestPage(t, server.port), new TestPage(t, server.port)] as const;
  await report(mallory, victim, { id: `report-${name}`, note: `a note ${name}` });
  return mallory;
}

async function queueOf({ line }: Node, cases: number): Promise<readonly { of: { id: string } }[]> {
  for (;;) {
    const queue = (await line.tells('case', 'list', '--as', 'Ana')) as { of: { id: string } }[];
    if (queue.length >= cases) return queue;
  }
}

test('[ST-1] turns reports into cases and decisions into bans with PostgreSQL', async (t) => {
  const node = await startNode(t);
  const mallory = await reported(t, node, 'one');
  const [queued] = await queueOf(node, 1);
  assert.ok(queued !== undefined);
  const why = ['--reason', 'threat-or-violence', '--as', 'Ana'];
  await node.line.says('case', 'decide', queued.of.id, 'suspend-1d', ...why);
  assert.equal((await mallory.untilClosed()).reason, 'sanctioned');
  const second = await node.server.restart();
  const again = mallory.moveTo(t, second.port);
  await assert.rejects(again.start());
  assert.equal((await again.untilClosed()).reason, 'sanctioned');
});

test('[ST-1] refuses reports during a database outage and takes them afterwards', async (t) => {
  const node = await startNode(t);
  const { server } = node;
  const readiness = async (): Promise<string> => {
    const answer = await ask({ port: server.port, path: '/readyz' });
    assert.equal(answer.status, 200);
    return answer.text();
  };
  assert.equal(await readiness(), 'ok\n');
  const [mallory, victim] = [new TestPage(t, server.port), new TestPage(t, server.port)] as const;
  const [, { receipt }] = await arriveAndMeet(mallory, victim);
  const reason = 'threat-or-violence' as const;
  const fields = { id: 'a-report', receipt, reason, lines: [] };
  await postgres.kill();
  victim.say('report.create', fields);
  assert.equal((await victim.next('report.refused')).reason, 'not-stored');
  while ((await readiness()) !== 'ok, but the store fails\n');
  await postgres.start();
  while ((await readiness()) !== 'ok\n');
  // The page repeats the report.
  victim.say('report.create', fields);
  const { id, merged } = await victim.next('report.accepted');
  assert.deepEqual([id, merged], ['a-report', false]);
  assert.equal((await queueOf(node, 1)).length, 1);
  // Each task logs when its failure begins, when the error changes (while the database starts),
  // and when the task works again.
  const told = new Map<string, string[]>();
  for (const each of server.events) {
    if (each.event !== 'store-failed' && each.event !== 'store-works') continue;
    const word = each.event === 'store-failed' ? each.code : each.event;
    told.set(each.reason, [...(told.get(each.reason) ?? []), word]);
  }
  assert.ok(told.size >= 2);
  for (const [task, words] of told) {
    assert.equal(words.at(-1), 'store-works', task);
    assert.ok(
      words.every((word, i) => word !== words[i - 1]),
      `${task}: ${words.join(' ')}`,
    );
  }
});

test('[GW-80, GW-81] known users meet during a database outage, newcomers later', async (t) => {
  const served = Promise.withResolvers<void>();
  const server = await startTestServer(t, {
    env: { FARANDOLE_DATABASE_URL: await postgres.createMigrated() },
    dataDir: await folderWithKeys(t),
    log: ({ event }) => {
      if (event === 'newcomers-served') served.resolve();
    },
  });
  const newPage = () => new TestPage(t, server.port);
  const [ada, bo, dora, cy] = [newPage(), newPage(), newPage(), newPage()] as const;
  const [found] = await arriveAndMeet(ada, bo);
  await dora.arrive();
  dora.search('search-of-dora');
  await dora.next('ticket.accepted');
  await postgres.kill();
  await cy.arrive();
  cy.search('search-of-cy');
  ada.say('chat.send', { ...inCall(found), id: 'line-of-ada', text: 'still here' });
  assert.equal((await bo.next('chat.line')).line.text, 'still here');
  ada.say('call.end', { ...inCall(found), reason: 'next' });
  ada.search('search-of-ada');
  assert.equal((await ada.next('match.found')).match, (await dora.next('match.found')).match);
  const { ticket, reason } = await cy.next('ticket.refused');
  assert.deepEqual({ ticket, reason }, { ticket: 'search-of-cy', reason: 'server-busy' });
  await postgres.start();
  await served.promise;
  const waits = server.events.filter(({ event }) => event === 'newcomers-wait');
  assert.equal(waits.length, 1);
  cy.search('search-of-cy-again');
  await cy.next('ticket.accepted');
});

test('[ST-40] accepts and logs an unencrypted remote database only if configured so', async (t) => {
  const here = new URL(await postgres.createMigrated());
  const socket = `${decodeURIComponent(here.hostname)}/.s.PGSQL.5432`;
  const relay = createServer((from) => {
    const to = connect(socket);
    from.pipe(to).pipe(from);
    for (const end of [from, to]) end.on('error', () => {});
  }).listen(0, '0.0.0.0');
  await once(relay, 'listening');
  t.after(() => relay.close());
  // 0.0.0.0 isn't a loopback address, so the database counts as remote, but this machine answers
  // at it.
  const { port } = relay.address() as AddressInfo;
  const away = `postgres://postgres@0.0.0.0:${port}${here.pathname}`;
  const dataDir = await folderWithKeys(t);
  const refused = startTestServer(t, { env: { FARANDOLE_DATABASE_URL: away }, dataDir });
  await assert.rejects(refused, /FARANDOLE_DATABASE_URL cannot be used: .*sslmode=verify-full/);
  // The limit of open files of a test machine may be lower than the default needs.
  const few = { FARANDOLE_CONNECTIONS_MAX: '100' };
  const env = { ...few, FARANDOLE_DATABASE_URL: `${away}?sslmode=disable` };
  const server = await startTestServer(t, { env, dataDir });
  const told = server.events.filter(({ event }) => event === 'database-in-clear');
  assert.equal(told.length, 1);
  const doctor = new CommandLine(server.dataDir, env);
  assert.match(await doctor.says('doctor'), /^warn +database .*sslmode=verify-full/m);
});

test('[ST-61a] refuses a PostgreSQL database that is older than the checkpoint', async (t) => {
  const { server } = await startNode(t);
  await server.close();
  const { dataDir } = server;
  const env = { FARANDOLE_DATABASE_URL: await postgres.createMigrated() };
  await assert.rejects(
    startTestServer(t, { dataDir, env }),
    /audit of the database has 0 rows, but audit-checkpoint\.json notes \d+.*--accept-loss/,
  );
  const accepted = await startTestServer(t, { dataDir, env, acceptsLoss: true });
  await accepted.close();
  const line = new CommandLine(dataDir, env);
  assert.match(await line.says('audit', 'verify', '--json'), /"ok": true/);
  await startTestServer(t, { dataDir, env });
});

interface Held {
  /** Ends all connections. */
  cut(): void;
  /** Passes on all that was held back, and whatever follows. */
  passOn(): void;
}

/** Passes messages on to PostgreSQL. Calls `onHeld` once, when it holds the message after `count`. */
async function relayUntil(
  t: TestContext,
  { path, count, onHeld }: { path: string; count: number; onHeld: (held: Held) => void },
): Promise<number> {
  const ends = new Set<Socket>();
  const held: (() => void)[] = [];
  let left = count;
  const cut = () => {
    for (const end of ends) end.destroy();
  };
  const passOn = () => {
    left = Number.POSITIVE_INFINITY;
    for (const send of held) send();
  };
  const relay = createServer((from) => {
    const to = connect(path);
    to.pipe(from);
    for (const end of [from, to]) {
      ends.add(end);
      end.on('error', () => {});
    }
    from.on('data', (bytes) => {
      left -= 1;
      if (left >= 0) to.write(bytes);
      else held.push(() => to.write(bytes));
      if (left === -1) onHeld({ cut, passOn });
    });
    from.on('close', () => to.end());
  }).listen(0, '127.0.0.1');
  await once(relay, 'listening');
  t.after(() => relay.close());
  return (relay.address() as AddressInfo).port;
}

test('[ST-106] says that the database does not answer, and starts once it does', async (t) => {
  const here = new URL(await postgres.createMigrated());
  const path = `${decodeURIComponent(here.hostname)}/.s.PGSQL.5432`;
  t.mock.timers.enable({ apis: ['setInterval'] });
  let held: Held | undefined;
  const port = await relayUntil(t, {
    ...{ path, count: 3 },
    onHeld: (now) => {
      held = now;
      t.mock.timers.tick(STORE_AWAITED_EVERY_MS);
    },
  });
  const url = `postgres://postgres@127.0.0.1:${port}${here.pathname}`;
  const { events } = await startTestServer(t, {
    env: { FARANDOLE_DATABASE_URL: url },
    dataDir: await folderWithKeys(t),
    log: ({ event }) => {
      if (event !== 'store-awaited') return;
      t.mock.timers.reset();
      held?.passOn();
    },
  });
  assert.deepEqual(
    events.filter(({ event }) => event === 'store-awaited'),
    [{ event: 'store-awaited', seconds: 10 }],
  );
});

// Among these messages, one reads the versions, and some come after the store is open. The start
// fails within five seconds at each.
for (const count of [0, 5, 39]) {
  test(`[ST-106] names the database if PostgreSQL goes away after ${count} messages`, async (t) => {
    const here = new URL(await postgres.createMigrated());
    const path = `${decodeURIComponent(here.hostname)}/.s.PGSQL.5432`;
    const port = await relayUntil(t, { path, count, onHeld: ({ cut }) => cut() });
    const url = `postgres://postgres@127.0.0.1:${port}${here.pathname}`;
    const dataDir = await folderWithKeys(t);
    await assert.rejects(startTestServer(t, { env: { FARANDOLE_DATABASE_URL: url }, dataDir }), {
      name: 'StartError',
      message: /^The database of FARANDOLE_DATABASE_URL cannot be used: ./,
    });
  });
}
