import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ask } from '@farandole/e2e/http';
import { TestDevice } from '@farandole/e2e/test-device';
import { CREDIT_LIMITS } from '@farandole/gateway/limits';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { CLOSES, type CloseReason } from '@farandole/protocol/close-codes';
import { helloPayload } from '@farandole/protocol/hello-payload';
import { ICE_SERVERS_PATH } from '@farandole/protocol/http-api';
import { PROTOCOL_VERSION } from '@farandole/protocol/version';
import { meet } from '../support/meeting.ts';
import { TestPage } from '../support/test-page.ts';
import { startAttackedServer } from './support/attacked-server.ts';
import { besiege } from './support/siege.ts';
import { flipsOf, flipsOfBytes, hasShapeOfToken, misshapen } from './support/tokens.ts';

type Hello = ClientMessageOf<'session.hello'>;

interface Greeting {
  readonly ticket?: string;
  readonly resume?: NonNullable<Hello['resume']>;
  readonly device: Hello['device'];
}

const SIGNATURE_BYTES = 64;

/** Each attacker uses a separate network, so that no network limit applies. */
let attackers = 0;
function nextAddress(): string {
  attackers += 1;
  return `127.${100 + (attackers >> 8)}.${attackers & 0xff}.1`;
}

function signed(device: TestDevice, nonce: string, bearer: string): Hello['device'] {
  const signature = device.sign(helloPayload(nonce, bearer));
  return { publicKey: device.publicKey, signature };
}

/** @param token ticket or secret with which the socket opens; by default a new ticket */
async function greet(
  t: TestContext,
  port: number,
  cookie: string,
  greetingOf: (nonce: string) => Greeting,
  token?: string,
): Promise<string> {
  const page = new TestPage(t, port, { cookie, from: nextAddress() });
  const { nonce } = await page.open(token);
  page.send({ type: 'session.hello', version: PROTOCOL_VERSION, ...greetingOf(nonce) });
  const { code, reason } = await page.untilClosed();
  return `${code} ${reason}`;
}

function closing(reason: CloseReason): string {
  return `${CLOSES[reason].code} ${reason}`;
}

test("[PR-10, PR-11] rejects tickets that are forged, stolen, used or another server's", async (t) => {
  const siege = await besiege(t);
  const elsewhere = await startAttackedServer(t);
  const { port } = siege.server;
  await siege.withstand(async () => {
    const page = new TestPage(t, port, { from: nextAddress() });
    const other = new TestPage(t, port, { from: nextAddress() });
    const [{ ticket }, foreign] = await Promise.all([page.getTicket(), other.getTicket()]);
    const { receipt } = await other.start();
    const ofAnotherServer = await new TestPage(t, elsewhere.port, {
      cookie: page.cookie,
    }).getTicket();
    const tokens = [
      ...flipsOf(ticket),
      ...misshapen(ticket, foreign.ticket),
      foreign.ticket,
      receipt,
      ofAnotherServer.ticket,
    ];
    const answers = await inTurns(tokens, async (token) =>
      greet(t, port, page.cookie, (nonce) => ({
        ticket: token,
        device: signed(page.device, nonce, token),
      })),
    );
    // The server refuses a malformed token by its form, before it checks the signature.
    assert.deepEqual(
      answers.filter((answer) => answer !== closing('ticket-refused')),
      tokens.filter((token) => !hasShapeOfToken(token)).map(() => closing('malformed')),
    );

    // The ticket is valid but the device signature isn't. The cases together change each part of
    // key and signature.
    const { device } = page;
    const point = Buffer.from(device.publicKey, 'base64url');
    const bad: ((nonce: string) => Hello['device'])[] = [
      // These signatures are by another key, over another challenge, or for another ticket.
      (nonce) => ({ ...signed(new TestDevice(), nonce, ticket), publicKey: device.publicKey }),
      () => signed(device, 'an-older-challenge-xxx', ticket),
      (nonce) => signed(device, nonce, foreign.ticket),
      ...flipsOfBytes(point).map((publicKey) => (nonce: string) => ({
        ...signed(device, nonce, ticket),
        publicKey,
      })),
      ...flipsOfBytes(Buffer.alloc(SIGNATURE_BYTES)).map((_, index) => (nonce: string) => {
        const good = signed(device, nonce, ticket);
        const signatures = flipsOfBytes(Buffer.from(good.signature, 'base64url'));
        return { ...good, signature: signatures[index] ?? assert.fail('no such flip') };
      }),
    ];
    const refusals = await inTurns(bad, async (deviceOf) =>
      greet(t, port, page.cookie, (nonce) => ({ ticket, device: deviceOf(nonce) })),
    );
    assert.deepEqual(new Set(refusals), new Set([closing('device-refused')]));

    // The refused attempts leave the ticket valid. Only a successful hello uses it up.
    const { nonce } = await page.open();
    const hello = { type: 'session.hello', version: PROTOCOL_VERSION, ticket } as const;
    page.send({ ...hello, device: signed(device, nonce, ticket) });
    await page.next('session.opened');
    const again = (): Promise<string> =>
      greet(t, port, page.cookie, (newer) => ({ ticket, device: signed(device, newer, ticket) }));
    assert.equal(await again(), closing('ticket-refused'));
    assert.equal(page.closed, null, 'whoever shows it again does not end the session');
    for (const one of [page, other]) {
      one.socket.close(1000);
      await one.untilClosed();
    }
    assert.equal(await again(), closing('ticket-refused'), 'nor does it open a second one');
  });
  await siege.canary.stop();
});

test('[GW-10] resumes a session only with its secret, cookie and device key', async (t) => {
  const siege = await besiege(t);
  const { port } = siege.server;
  await siege.withstand(async () => {
    const page = new TestPage(t, port, { from: nextAddress() });
    const stranger = new TestPage(t, port, { from: nextAddress() });
    const { session, secret } = await page.arrive();
    const strangers = await stranger.arrive();
    page.socket.terminate();
    await page.untilClosed();
    const received = page.received.filter((message) => 'seq' in message).length;
    const resumeBy =
      (given: string, device = page.device, of: string = session) =>
      (nonce: string) => ({
        resume: { session: of, secret: given, received },
        device: signed(device, nonce, of),
      });
    const secrets = [
      ...flipsOf(secret),
      ...misshapen(secret, strangers.secret).filter(hasShapeOfToken),
      strangers.secret,
    ];
    const answers = await inTurns(secrets, async (given) =>
      greet(t, port, page.cookie, resumeBy(given), secret),
    );
    answers.push(
      await greet(t, port, stranger.cookie, resumeBy(secret)),
      await greet(t, port, stranger.cookie, resumeBy(secret, stranger.device)),
      await greet(t, port, page.cookie, resumeBy(secret, new TestDevice()), secret),
      await greet(t, port, page.cookie, resumeBy(secret, page.device, strangers.session), secret),
    );
    assert.deepEqual(new Set(answers), new Set([closing('session-reset')]));

    const { nonce } = await page.open(secret);
    page.send({ type: 'session.hello', version: PROTOCOL_VERSION, ...resumeBy(secret)(nonce) });
    await page.next('session.resumed');
    for (const one of [page, stranger]) {
      assert.equal(one.closed, null);
      one.socket.close(1000);
      await one.untilClosed();
    }
  }, ['session-resumed']);
  await siege.canary.stop();
});

test('[PR-70, PR-81] ignores receipts that are forged, truncated or of another kind', async (t) => {
  const siege = await besiege(t);
  const elsewhere = await startAttackedServer(t);
  const { port } = siege.server;
  await siege.withstand(async () => {
    const { ana, ben, ofAna, ofBen, sessionReceipt } = await callOf(t, port);
    const others = await callOf(t, elsewhere.port);
    const iceStatus = async (receipt: string): Promise<number> => {
      const headers = { Origin: `http://localhost:${port}`, 'Content-Type': 'application/json' };
      const body = JSON.stringify({ receipt });
      const from = nextAddress();
      return (await ask({ method: 'POST', port, path: ICE_SERVERS_PATH, headers, body, from }))
        .status;
    };
    const sessionTokens = [
      ...flipsOf(sessionReceipt),
      ...misshapen(sessionReceipt, ofAna),
      ofAna,
      others.sessionReceipt,
    ];
    const statuses = await inTurns(sessionTokens, iceStatus);
    assert.deepEqual(new Set(statuses), new Set([403]));
    assert.equal(await iceStatus(sessionReceipt), 200);

    // Each session tries as many tokens as its rate limit allows.
    const callTokens = [
      ...flipsOf(ofAna),
      ...misshapen(ofAna, ofBen).filter(hasShapeOfToken),
      ofAna,
      ofBen,
      sessionReceipt,
      others.ofAna,
    ];
    const { burst } = CREDIT_LIMITS.block;
    for (let at = 0; at < callTokens.length; at += burst) {
      const stranger = new TestPage(t, port, { from: nextAddress() });
      await stranger.start();
      for (const receipt of callTokens.slice(at, at + burst)) {
        stranger.say('block.create', { receipt });
        assert.equal((await stranger.next('block.refused')).reason, 'bad-receipt');
      }
      stranger.say('report.create', { id: 'report-1', receipt: ofAna, reason: 'other', lines: [] });
      assert.equal((await stranger.next('report.refused')).reason, 'bad-receipt');
      stranger.socket.close(1000);
      await stranger.untilClosed();
    }
    // With the receipt of the other participant, users would report themselves.
    ana.say('block.create', { receipt: ofBen });
    assert.equal((await ana.next('block.refused')).reason, 'bad-receipt');
    ben.say('report.create', { id: 'report-2', receipt: ofAna, reason: 'other', lines: [] });
    assert.equal((await ben.next('report.refused')).reason, 'bad-receipt');
    assert.ok(!ana.received.some(({ type }) => type === 'call.ended'), 'the call goes on');
    ana.say('block.create', { receipt: ofAna });
    const { proof } = await ana.next('block.accepted');
    await ben.next('call.ended');
    assert.ok(proof !== undefined);
    // Only Ana may use the block proof, and only if it is unchanged.
    const flips = flipsOf(proof).filter((_, at, { length }) => at % Math.ceil(length / 4) === 0);
    const tries = [...flips, ofAna].map((made) => [ana, made] as const);
    for (const [page, made] of [[ben, proof] as const, ...tries]) {
      page.say('block.remove', { id: 'removal-1', proof: made });
      assert.equal((await page.next('block.kept')).reason, 'bad-proof');
    }
    ana.say('block.remove', { id: 'removal-2', proof });
    assert.equal((await ana.next('block.removed')).id, 'removal-2');
    for (const page of [ana, ben]) {
      page.socket.close(1000);
      await page.untilClosed();
    }
  });
  await siege.canary.stop();
});

test("[PR-10, PR-53] after a restart, expires tickets and receipts by the node's date", async (t) => {
  const first = await startAttackedServer(t);
  const { ana, ofAna, sessionReceipt } = await callOf(t, first.port);
  const { ticket } = await ana.getTicket();
  await first.kill();
  for (const [hours, isFresh] of [
    [23, true],
    [25, false],
  ] as const) {
    const later = await startAttackedServer(t, { dataDir: first.dataDir, env: hoursLater(hours) });
    const page = ana.moveTo(t, later.port);
    const refused = await greet(t, later.port, page.cookie, (nonce) => ({
      ticket,
      device: signed(page.device, nonce, ticket),
    }));
    assert.equal(refused, closing('ticket-refused'), 'a ticket lives for a minute');
    const headers = {
      Origin: `http://localhost:${later.port}`,
      'Content-Type': 'application/json',
    };
    const body = JSON.stringify({ receipt: sessionReceipt });
    const port = later.port;
    const { status } = await ask({ method: 'POST', port, path: ICE_SERVERS_PATH, headers, body });
    assert.equal(status, isFresh ? 200 : 403);
    await page.start();
    // A refused report changes nothing. A report with invalid tags on its lines is refused too.
    const tag = `k1.${'A'.repeat(43)}`;
    const said = {
      id: 'line-of-ben',
      side: 'b',
      counters: [0, 1],
      atMs: 1_800_000_000_000,
    } as const;
    const lines = [{ ...said, counters: [0, 1] as [number, number], text: 'forged', tag }];
    page.say('report.create', { id: 'report-1', receipt: ofAna, reason: 'other', lines });
    const { reason } = await page.next('report.refused');
    assert.equal(reason, isFresh ? 'bad-lines' : 'bad-receipt');
    await later.kill();
  }
});

async function callOf(t: TestContext, port: number) {
  const ana = new TestPage(t, port, { from: nextAddress() });
  const ben = new TestPage(t, port, { from: nextAddress() });
  const { receipt: sessionReceipt } = await ana.arrive();
  await ben.arrive();
  const [{ receipt: ofAna }, { receipt: ofBen }] = await meet(ana, ben);
  return { ana, ben, ofAna, ofBen, sessionReceipt };
}

async function inTurns<Item, Answer>(
  items: readonly Item[],
  work: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const left = items.values();
  const take = async (): Promise<void> => {
    for (const item of left) answers.push(await work(item));
  };
  await Promise.all(Array.from({ length: 8 }, take));
  assert.equal(answers.length, items.length);
  return answers;
}

function hoursLater(hours: number): Readonly<Record<string, string>> {
  const script = `const now = Date.now; Date.now = () => now() + ${hours} * 3_600_000;`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
}
