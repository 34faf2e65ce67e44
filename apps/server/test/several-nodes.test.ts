import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { type TestContext, test } from 'node:test';
import { ask, askForTicket, type HttpReply } from '@farandole/e2e/http';
import { proofFor } from '@farandole/e2e/proof';
import type { SessionTicketReply } from '@farandole/protocol/http-api';
import { StartError } from '../src/start-error.ts';
import { handshakeHeaders, MADE_UP_COOKIE } from './support/handshake.ts';
import { meet } from './support/meeting.ts';
import { MovedClock } from './support/moved-clock.ts';
import { arriveAt, metricOf, startNodeServers, untilJoined } from './support/several-nodes.ts';
import { inCall, TestPage } from './support/test-page.ts';
import { startTestServer, type TestServer, type TestServerOptions } from './support/test-server.ts';

const { valkey, sharedEnv } = await startNodeServers('a-password');

type Env = Readonly<Record<string, string>>;

async function startNode(
  t: TestContext,
  env: Env,
  options: TestServerOptions = {},
): Promise<TestServer> {
  return await startTestServer(t, { env, ...options });
}

async function readyzOf({ port }: TestServer): Promise<readonly [number, string]> {
  const answer = await ask({ port, path: '/readyz' });
  return [answer.status, answer.text()];
}

/** Number of batches that all nodes have published so far. */
async function published(): Promise<number> {
  const stats = String(await valkey.command('INFO', 'commandstats'));
  return Number(/cmdstat_publish:calls=([0-9]+)/.exec(stats)?.[1] ?? 0);
}

test('[CL-95] two nodes know each other, and a node that stops is gone at once', async (t) => {
  const env = await sharedEnv(t);
  const one = await startNode(t, env);
  assert.equal(await metricOf(one, 'farandole_nodes'), 1);
  const two = await startNode(t, env);
  await untilJoined([one, two]);
  for (const node of [one, two]) while ((await readyzOf(node))[1] !== 'ok\n');
  await two.close();
  while ((await metricOf(one, 'farandole_nodes')) !== 1);
});

test('[CL-96a] /readyz is 503 while a node that just started opens no sessions', async (t) => {
  const node = await startNode(t, await sharedEnv(t));
  const early = await readyzOf(node);
  while ((await readyzOf(node))[0] !== 200);
  assert.deepEqual(early, [503, 'joining the other nodes\n']);
  const page = new TestPage(t, node.port);
  await page.arrive();
});

test('[CL-102] the limit of session tickets holds for both nodes together', async (t) => {
  const env = {
    ...(await sharedEnv(t)),
    FARANDOLE_CONNECTIONS_PER_NETWORK_MAX: '2',
    FARANDOLE_PROOF_MS: '0',
  };
  const [one, two] = [await startNode(t, env), await startNode(t, env)];
  await untilJoined([one, two]);
  // A user over the limit gets a ticket after a longer proof of work.
  const isOverAt = async (node: TestServer): Promise<boolean> => {
    await askForTicket({ port: node.port, cookie: null });
    return (await metricOf(node, 'farandole_budget_refusals_total\\{budget="tickets"\\}')) > 0;
  };
  for (const isOver of [false, false, true]) assert.equal(await isOverAt(one), isOver);
  const before = await published();
  while ((await published()) < before + 4);
  assert.equal(await isOverAt(two), true);
});

test('[CL-99] a session ticket opens one socket at all nodes together', async (t) => {
  const env = { ...(await sharedEnv(t)), FARANDOLE_PROOF_MS: '0' };
  const [one, two] = [await startNode(t, env), await startNode(t, env)];
  const { answer } = await askForTicket({ port: one.port, cookie: MADE_UP_COOKIE });
  const { ticket } = answer.json() as SessionTicketReply;
  const statusAt = async ({ port }: TestServer): Promise<string> => {
    const headers = {
      ...handshakeHeaders(port),
      Cookie: MADE_UP_COOKIE,
      'Sec-WebSocket-Protocol': `farandole, ${ticket}`,
    };
    const sent = request({ port, path: '/ws', headers, agent: false });
    sent.end();
    const [response] = (await Promise.race([once(sent, 'upgrade'), once(sent, 'response')])) as [
      IncomingMessage,
    ];
    response.socket.destroy();
    return String(response.statusCode);
  };
  const statuses = await Promise.all([one, two].map(statusAt));
  assert.deepEqual(new Set(statuses), new Set(['101', '401']));
  assert.equal(await statusAt(two), '401');
});

test('[GW-12c] a used session ticket opens no session at another node', async (t) => {
  const env = { ...(await sharedEnv(t)), FARANDOLE_PROOF_MS: '0' };
  const [one, two] = [await startNode(t, env), await startNode(t, env)];
  await untilJoined([one, two]);
  for (const node of [one, two]) while ((await readyzOf(node))[0] !== 200);
  const page = new TestPage(t, one.port);
  const { ticket } = await page.getTicket();
  await page.sayHello(ticket, ticket);
  const { secret } = await page.next('session.opened');
  page.send({ type: 'session.leave' });
  await page.untilClosed();
  const again = page.moveTo(t, two.port);
  await again.sayHello(ticket, secret);
  assert.equal((await again.untilClosed()).reason, 'ticket-refused');
});

test('[CL-99] a proof of work gives one ticket at all nodes together', async (t) => {
  const env = { ...(await sharedEnv(t)), FARANDOLE_PROOF_MS: '1' };
  const [one, two] = [await startNode(t, env), await startNode(t, env)];
  const sendTo = async ({ port }: TestServer, body: object): Promise<HttpReply> => {
    const headers = { Origin: `http://localhost:${port}`, 'Content-Type': 'application/json' };
    return await ask({
      ...{ method: 'POST', port, path: '/api/session-ticket', headers },
      body: JSON.stringify(body),
    });
  };
  const proof = await proofFor((await sendTo(one, {})).json());
  const replies = await Promise.all([one, two].map(async (node) => await sendTo(node, { proof })));
  const tickets = replies.filter((reply) => 'ticket' in (reply.json() as object));
  assert.equal(tickets.length, 1);
});

test('[CL-96] calls go on and searches wait while Valkey is away, and /readyz says so', async (t) => {
  const env = await sharedEnv(t);
  const nodes = [await startNode(t, env), await startNode(t, env)] as const;
  const [one] = nodes;
  const [ana, ben] = [await arriveAt(t, one), await arriveAt(t, one)];
  const [atAna] = await meet(ana, ben);
  const [cleo, dan] = [await arriveAt(t, one), await arriveAt(t, one)];
  await valkey.kill();
  for (const node of nodes) {
    let readiness = await readyzOf(node);
    while (readiness[1] === 'ok\n') readiness = await readyzOf(node);
    assert.deepEqual(readiness, [200, 'ok\nValkey can’t be reached, so searches wait\n']);
    while ((await metricOf(node, 'farandole_pool_epoch')) !== 0);
  }
  ana.say('chat.send', { ...inCall(atAna), id: 'line-of-ana', text: 'still here' });
  assert.equal((await ben.next('chat.line')).line.text, 'still here');
  cleo.search('search-of-cleo');
  dan.search('search-of-dan');
  for (const each of [cleo, dan]) await each.next('ticket.accepted');
  await valkey.start();
  for (const each of [cleo, dan]) await each.next('match.found');
  for (const node of nodes) {
    while ((await readyzOf(node))[1] !== 'ok\n');
    while ((await metricOf(node, 'farandole_nodes')) !== 2);
    const told = () => node.events.filter(({ event }) => event.startsWith('nodes-'));
    // A node logs at its next tick what `/readyz` says at once.
    while (told().length < 2) await readyzOf(node);
    const [lost, joined, ...others] = told();
    assert.ok(lost?.event === 'nodes-lost' && lost.reason === 'away');
    assert.deepEqual([joined, ...others], [{ event: 'nodes-joined' }]);
    assert.ok((await metricOf(node, 'farandole_node_gaps_total')) > 0);
  }
});

test('[CL-10, CL-70] strangers on two nodes meet, chat both ways and leave', async (t) => {
  const env = await sharedEnv(t);
  const [one, two] = [await startNode(t, env), await startNode(t, env)];
  await untilJoined([one, two]);
  const [ana, ben] = [await arriveAt(t, one), await arriveAt(t, two)];
  const [atAna, atBen] = await meet(ana, ben);
  for (let round = 0; round < 5; round += 1) {
    ana.say('chat.send', { ...inCall(atAna), id: `of-ana-${round}`, text: `hello ${round}` });
    assert.equal((await ben.next('chat.line')).line.text, `hello ${round}`);
    ben.say('chat.send', { ...inCall(atBen), id: `of-ben-${round}`, text: `hi ${round}` });
    for (const text of [`hello ${round}`, `hi ${round}`]) {
      assert.equal((await ana.next('chat.line')).line.text, text);
    }
    assert.equal((await ben.next('chat.line')).line.text, `hi ${round}`);
  }
  const epochs = [
    await metricOf(one, 'farandole_pool_epoch'),
    await metricOf(two, 'farandole_pool_epoch'),
  ];
  assert.equal(epochs.filter((epoch) => epoch > 0).length, 1);
  const countedOf = async (metric: string): Promise<readonly number[]> =>
    (await Promise.all([one, two].map((node) => metricOf(node, metric)))).toSorted((a, b) => a - b);
  assert.deepEqual(await countedOf('farandole_bridges\\{side="edge"\\}'), [0, 1]);
  assert.deepEqual(await countedOf('farandole_bridges\\{side="home"\\}'), [0, 1]);
  assert.deepEqual(await countedOf('farandole_moves_total\\{outcome="given"\\}'), [0, 1]);
  ana.say('call.end', { ...inCall(atAna), reason: 'stop' });
  await ben.next('call.ended');
  // The session moves back to the node with its socket.
  while ((await countedOf('farandole_moves_total\\{outcome="given"\\}')).join() !== '1,1');
  assert.deepEqual(await countedOf('farandole_bridges\\{side="edge"\\}'), [0, 0]);
  assert.deepEqual(await countedOf('farandole_moves_in_doubt'), [0, 0]);
});

async function refusalOf(
  t: TestContext,
  env: Env,
  options: TestServerOptions = {},
): Promise<string> {
  try {
    await startNode(t, env, options);
  } catch (error) {
    assert.ok(error instanceof StartError, String(error));
    assert.doesNotMatch(error.message, /a-password|another-secret/);
    return error.message;
  }
  assert.fail('the server started');
}

test('[CL-97, CL-101] refuses to start with the reason, and without a secret', async (t) => {
  const env = await sharedEnv(t);
  const at = (url: string): Env => ({ ...env, FARANDOLE_VALKEY_URL: url });
  const { port } = valkey;
  const password = await refusalOf(t, at(`valkey://:another-secret@127.0.0.1:${port}`));
  assert.match(password, /FARANDOLE_VALKEY_URL refuses the password/);
  const away = await refusalOf(t, at('valkey://127.0.0.1:9'));
  assert.match(away, /FARANDOLE_VALKEY_URL can’t be reached/);
  await startNode(t, env);
  const other = await sharedEnv(t);
  assert.match(await refusalOf(t, other), /another keys file/);
  const clock = new MovedClock(30_000);
  const late = await refusalOf(t, env, { clock, acceptsDate: true });
  assert.match(late, /another date than this machine/);
});
