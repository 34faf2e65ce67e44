import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { ask, askForTicket, type HttpReply } from '@farandole/e2e/http';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { OWN_DATA_PATH } from '@farandole/protocol/http-api';
import { SESSION_TICKET_LIFETIME_MS, TOKEN_CHARS_MAX } from '@farandole/protocol/limits';
import { OwnDataRequests } from '../src/http/own-data.ts';
import { NodeSigner } from '../src/keys/signer.ts';
import { ROWS, testBudgets } from './support/budgets.ts';
import { CommandLine } from './support/command-line.ts';
import { arriveAndMeet } from './support/meeting.ts';
import { storeOf, subjectOf } from './support/moderated.ts';
import { TestPage } from './support/test-page.ts';
import { startSharedServer, type TestServer } from './support/test-server.ts';

class Asking {
  readonly #server: TestServer;
  #networks = 0;

  constructor(server: TestServer) {
    this.#server = server;
  }

  async post(path: string, body: object, headers: Record<string, string> = {}, from?: string) {
    const { port } = this.#server;
    const own = { Origin: `http://localhost:${port}`, 'Content-Type': 'application/json' };
    this.#networks += 1;
    return await ask({
      ...{ method: 'POST', port, path, from: from ?? `127.0.${this.#networks}.1` },
      headers: { ...own, ...headers },
      body: JSON.stringify(body),
    });
  }

  async ticket(cookie: string): Promise<string> {
    this.#networks += 1;
    const { port } = this.#server;
    const { answer } = await askForTicket({ port, cookie, from: `127.0.${this.#networks}.1` });
    return (answer.json() as { ticket: string }).ticket;
  }

  async by(cookie: string, act: string): Promise<HttpReply> {
    const ticket = await this.ticket(cookie);
    return await this.post(OWN_DATA_PATH, { do: act, ticket }, { Cookie: cookie });
  }
}

const errorOf = (answer: HttpReply) => [answer.status, (answer.json() as { error: string }).error];

interface Own {
  readonly reports: readonly { readonly words: { readonly note: string } | null }[];
  readonly blocked: readonly unknown[];
}

test("[ST-14, PR-83] exports and erases a user's data by cookie or recovery code", async (t) => {
  const clock = new SimClock();
  const server = await startSharedServer(t, { clock });
  const asking = new Asking(server);
  const [ada, bo] = [new TestPage(t, server.port), new TestPage(t, server.port)];
  const [{ receipt }] = await arriveAndMeet(ada, bo);
  ada.say('block.create', { receipt });
  await ada.next('block.accepted');
  ada.say('report.create', {
    id: 'report-of-ada',
    receipt,
    reason: 'hate',
    note: 'a note',
    lines: [],
  });
  await ada.next('report.accepted');
  const { cookie } = ada;
  const names = { ada: await subjectOf(server, ada), bo: await subjectOf(server, bo) };

  const exported = await asking.by(cookie, 'export');
  assert.equal(exported.status, 200);
  assert.equal(exported.headers['cache-control'], 'no-store');
  const own = exported.json() as Own;
  assert.equal(own.reports[0]?.words?.note, 'a note');
  assert.equal(own.blocked.length, 1);
  assert.ok(!exported.text().includes(names.bo), 'nobody learns who the other was');
  const { code } = (await asking.by(cookie, 'code')).json() as { code: string };
  const byCode = await asking.post(OWN_DATA_PATH, { do: 'export', code: ` ${code}\n` });
  assert.deepEqual((byCode.json() as Own).reports, own.reports);
  const line = new CommandLine(server.dataDir);
  assert.match(await line.says('export', '--code', code), /a note/);
  assert.match(await line.says('export', '--code', code), /"blocked": \[\s*\{/);

  const ofBo = await asking.by(bo.cookie, 'export');
  assert.doesNotMatch(ofBo.text(), /trust|score|case/, 'nor whether anybody reported them');
  const nothing = { reports: 0, waits: false };
  assert.deepEqual((await asking.by(bo.cookie, 'erase')).json(), nothing, 'a case is open');

  const erased = await asking.by(cookie, 'erase');
  assert.deepEqual(erased.json(), { reports: 0, waits: true }, 'nobody has decided yet');
  // The two users stay apart, but the store no longer knows who asked for it.
  const store = await storeOf(t, server);
  const page = { what: 'blocks', after: null, limit: 10, nowMs: clock.wallMs() } as const;
  const { notes } = await store.run('apart.read', page);
  const subjects = [names.ada, names.bo].toSorted();
  assert.equal(notes.length, 2, 'one by the block, which its mark can revoke, one by the report');
  for (const note of notes) {
    assert.ok(note.kind === 'block');
    assert.deepEqual([note.by, note.of, note.side, note.atWallMs], [...subjects, null, 0]);
    assert.ok(note.byDevice !== undefined && note.ofDevice !== undefined);
  }
  const after = (await asking.post(OWN_DATA_PATH, { do: 'export', code })).json() as Own;
  assert.deepEqual(after.blocked, []);
});

test("[PR-83] refuses requests for others' data, invalid requests and too many requests", async (t) => {
  const clock = new SimClock();
  const server = await startSharedServer(t, { clock });
  const asking = new Asking(server);
  const [ada, bo] = [new TestPage(t, server.port), new TestPage(t, server.port)];
  for (const page of [ada, bo]) await page.arrive();
  const ticket = await asking.ticket(ada.cookie);
  const refused = async (body: object, headers: Record<string, string> = {}) =>
    errorOf(await asking.post(OWN_DATA_PATH, body, headers));
  const badReceipt = [403, 'bad-receipt'];
  for (const act of ['export', 'erase', 'code']) {
    assert.deepEqual(await refused({ do: act, ticket }), badReceipt, 'without the cookie');
    assert.deepEqual(await refused({ do: act, ticket }, { Cookie: bo.cookie }), badReceipt);
    assert.deepEqual(await refused({ do: act, ticket: 'x.y' }, { Cookie: ada.cookie }), badReceipt);
  }
  const { code } = (await asking.by(ada.cookie, 'code')).json() as { code: string };
  const { code: other } = (await asking.by(bo.cookie, 'code')).json() as { code: string };
  assert.notEqual(code, other);
  const forged = [code.slice(0, -1), `${code}x`, code.slice(0, 30) + other.slice(30), 'own-', ''];
  for (const one of forged)
    assert.deepEqual(await refused({ do: 'export', code: one }), badReceipt);
  for (const body of [
    { do: 'code', code },
    { do: 'else', ticket },
    { do: 'export' },
    { do: 'export', ticket, code },
    { do: 'export', ticket, more: 1 },
    { do: 'export', code: 1 },
    { do: 'export', code: 'c'.repeat(TOKEN_CHARS_MAX + 1) },
  ]) {
    assert.deepEqual(await refused(body, { Cookie: ada.cookie }), [400, 'bad-request']);
  }
  const foreign = { Cookie: ada.cookie, Origin: 'https://evil.example' };
  assert.deepEqual(await refused({ do: 'erase', ticket }, foreign), [403, 'origin-refused']);
  clock.advance(SESSION_TICKET_LIFETIME_MS);
  assert.deepEqual(await refused({ do: 'export', ticket }, { Cookie: ada.cookie }), badReceipt);

  // Each network has its own hourly limit of requests.
  const wrong = { do: 'export', code: 'own-nothing' };
  const asked = () => asking.post(OWN_DATA_PATH, wrong, {}, '127.0.200.1');
  for (let n = 0; n < ROWS['own-data'].networkMax; n++) assert.equal((await asked()).status, 403);
  const late = await asked();
  assert.deepEqual(errorOf(late), [429, 'too-many']);
  assert.ok(Number(late.headers['retry-after']) > 180, 'a twentieth of an hour');
  assert.deepEqual(await refused(wrong), badReceipt);
});

test("[PR-83] keeps queue slots for other networks' requests when one fills its share", async () => {
  const key = { id: 'one', fromWallMs: 0, seal: randomBytes(32), tag: randomBytes(32) };
  const ring = { subject: randomBytes(32), generations: [key] };
  const signer = new NodeSigner(() => ring);
  const taken = Promise.withResolvers<never>();
  const clock = new SimClock();
  const desk = new OwnDataRequests({
    store: { run: () => taken.promise },
    signer,
    clock,
    budgets: testBudgets(clock),
    onErased: () => {},
  });
  const code = signer.recoveryCode(brandId<SubjectId>('somebody-0001'));
  const asks = (address: string) =>
    desk.take(
      new Request('http://localhost/', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ do: 'export', code }),
      }),
      undefined,
      address,
    );
  const waiting: Promise<number | null>[] = [];
  // A queued request waits for the store, but a refusal comes at once.
  const isRefused = async (address: string): Promise<boolean> => {
    const status = asks(address).then(
      (answer) => answer.status,
      () => null,
    );
    waiting.push(status);
    const soon = new Promise<null>((resolve) => setTimeout(resolve, 5, null));
    return (await Promise.race([status, soon])) === 429;
  };
  const { capacity, networkMax } = ROWS['own-data-waiting'];
  for (let n = 0; n < networkMax; n++) assert.equal(await isRefused('127.0.1.1'), false);
  assert.equal(await isRefused('127.0.1.2'), true);
  const left = capacity - networkMax;
  for (let n = 0; n < left; n++) assert.equal(await isRefused(`127.1.${n}.1`), false);
  assert.equal(await isRefused('127.2.0.1'), true);
  taken.reject(new Error('enough'));
  await Promise.all(waiting);
  assert.equal(await isRefused('127.0.1.1'), false, 'their places are free again');
});
