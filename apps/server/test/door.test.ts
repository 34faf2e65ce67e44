import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ask, askForTicket, askRaw, type HttpReply } from '@farandole/e2e/http';
import { proofFor } from '@farandole/e2e/proof';
import type { ProofNeededReply, SessionTicketReply } from '@farandole/protocol/http-api';
import { SESSION_TICKET_LIFETIME_MS, TOKEN_CHARS_MAX } from '@farandole/protocol/limits';
import { PROOF_ATTEMPTS_PER_MS } from '../src/limits.ts';
import { handshakeHeaders, handshakeText, MADE_UP_COOKIE } from './support/handshake.ts';
import { MovedClock } from './support/moved-clock.ts';
import { TestPage } from './support/test-page.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

/** An invalid frame, at which the server closes the socket. */
const NO_FRAME = '\xff\xff\xff\xff';

/** Returns the HTTP status of a handshake that offers these subprotocols. */
async function statusOf(
  port: number,
  offered: string | null,
  cookie: string = MADE_UP_COOKIE,
): Promise<number> {
  const { 'Sec-WebSocket-Protocol': _, ...others } = handshakeHeaders(port);
  const headers = { ...others, Cookie: cookie };
  const all = offered === null ? headers : { ...headers, 'Sec-WebSocket-Protocol': offered };
  const answer = await askRaw(port, handshakeText(all) + NO_FRAME);
  return Number(/^HTTP\/1\.1 (\d+) /.exec(answer)?.[1]);
}

async function newTicket(port: number, cookie: string = MADE_UP_COOKIE): Promise<string> {
  const { answer } = await askForTicket({ port, cookie });
  return (answer.json() as SessionTicketReply).ticket;
}

async function post(port: number, body: unknown, from?: string): Promise<HttpReply> {
  return await ask({
    method: 'POST',
    port,
    path: '/api/session-ticket',
    ...(from === undefined ? {} : { from }),
    headers: {
      Origin: `http://localhost:${port}`,
      'Content-Type': 'application/json',
      Cookie: MADE_UP_COOKIE,
    },
    body: JSON.stringify(body),
  });
}

test('[PR-10a] opens a socket only for the subprotocol farandole with one token', async (t) => {
  const { port } = await startTestServer(t);
  const ticket = await newTicket(port);
  for (const offered of [
    null,
    '',
    'farandole',
    ticket,
    `chat, ${ticket}`,
    `${ticket}, farandole`,
    `farandole, ${ticket}, chat`,
    `farandole, ${ticket.slice(1)}`,
    `farandole, ${'a'.repeat(TOKEN_CHARS_MAX)}`,
    `farandole, ${ticket}${'a'.repeat(TOKEN_CHARS_MAX)}`,
  ]) {
    assert.equal(await statusOf(port, offered), 401, String(offered).slice(0, 60));
  }
  // The refused handshakes didn't use up the ticket.
  assert.equal(await statusOf(port, `farandole, ${ticket}`), 101);
});

test("[PR-10a] refuses a ticket that is used, expired or another cookie's", async (t) => {
  const clock = new MovedClock();
  const { port } = await startTestServer(t, { clock });
  const [used, old] = [await newTicket(port), await newTicket(port)];
  const foreign = await newTicket(port, MADE_UP_COOKIE.replace('aa', 'bb'));
  assert.equal(await statusOf(port, `farandole, ${used}`), 101);
  assert.equal(await statusOf(port, `farandole, ${used}`), 401);
  assert.equal(await statusOf(port, `farandole, ${foreign}`), 401);
  clock.advance(SESSION_TICKET_LIFETIME_MS);
  assert.equal(await statusOf(port, `farandole, ${old}`), 401);
});

test("does not charge refused handshakes without a ticket to the network's rate limit", async (t) => {
  const { port } = await startTestServer(t, {
    env: { FARANDOLE_CONNECTIONS_PER_NETWORK_MAX: '2' },
  });
  for (let i = 0; i < 10; i++) assert.equal(await statusOf(port, 'farandole, no-ticket'), 401);
  assert.equal(await statusOf(port, `farandole, ${await newTicket(port)}`), 101);
});

interface Arrived {
  readonly page: TestPage;
  readonly secret: string;
  readonly session: string;
}

async function arrived(t: TestContext, { port }: TestServer): Promise<Arrived> {
  const page = new TestPage(t, port);
  const { secret, session } = await page.arrive();
  return { page, secret, session };
}

test('[PR-10a, PR-10b] opens a socket for the secret of a live session', async (t) => {
  const server = await startTestServer(t);
  const { port } = server;
  const { page, secret } = await arrived(t, server);
  const { cookie } = page;
  page.socket.terminate();
  await page.untilClosed();
  assert.equal(await statusOf(port, `farandole, ${secret}`, cookie), 101);
  assert.equal(await statusOf(port, `farandole, ${secret}`, cookie), 101);
  assert.equal(await statusOf(port, `farandole, ${secret}`), 401, 'another cookie');
  assert.equal(await statusOf(port, `farandole, ${secret}x`, cookie), 401);
});

test('[PR-80c] says whether a session can be resumed', async (t) => {
  const server = await startTestServer(t);
  const { port } = server;
  const { page, secret } = await arrived(t, server);
  const { cookie } = page;
  const alive = await askForTicket({ port, cookie, resume: secret });
  assert.deepEqual(alive.answer.json(), { resumes: true });
  const foreign = await askForTicket({ port, cookie: MADE_UP_COOKIE, resume: secret });
  assert.ok('ticket' in (foreign.answer.json() as object));
  const restarted = await server.restart();
  const gone = await askForTicket({ port: restarted.port, cookie, resume: secret });
  assert.ok('ticket' in (gone.answer.json() as object));
  assert.equal(await statusOf(restarted.port, `farandole, ${secret}`, cookie), 401);
});

test('[PR-80a] gives a new user a challenge, and a ticket for its solution', async (t) => {
  const { port } = await startTestServer(t, { env: { FARANDOLE_PROOF_MS: '10' } });
  const asked = await post(port, {});
  assert.equal(asked.status, 200);
  assert.equal(asked.headers['set-cookie'], undefined);
  const needed = asked.json() as ProofNeededReply;
  assert.equal(needed.attemptsMax, 10 * PROOF_ATTEMPTS_PER_MS);
  const proof = await proofFor(needed);
  const given = (await post(port, { proof })).json() as SessionTicketReply;
  assert.equal(await statusOf(port, `farandole, ${given.ticket}`), 101);
  for (const [body, from] of [
    [{ proof }, undefined],
    [{ proof: { challenge: needed.challenge, solution: {} } }, undefined],
    [{ proof: 'none' }, undefined],
    [{ proof: await proofFor((await post(port, {})).json()) }, '127.0.7.1'],
  ] as const) {
    const again = (await post(port, body, from)).json() as object;
    assert.ok('challenge' in again && !('ticket' in again), JSON.stringify(body).slice(0, 60));
  }
});

test('[PR-80] refuses malformed requests for tickets', async (t) => {
  const { port } = await startTestServer(t);
  for (const body of [{ resume: 1 }, { resume: null }, { ticket: 'x' }, { proof: {}, more: 1 }]) {
    assert.equal((await post(port, body)).status, 400, JSON.stringify(body));
  }
});
