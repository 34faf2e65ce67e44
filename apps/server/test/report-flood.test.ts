import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SignInLinkId } from '@farandole/accounts/ids';
import { ask } from '@farandole/e2e/http';
import { brandId } from '@farandole/kernel/id';
import type { QueuePage } from '@farandole/moderation/cases/queue';
import { CONSOLE_API_PATH } from '@farandole/protocol/console-api';
import { budgetRows } from '../src/budgets.ts';
import { digestOf, freshToken } from '../src/sign-in/secrets.ts';
import { report } from './support/meeting.ts';
import { ANA, hire, nowMs, storeOf } from './support/moderated.ts';
import { SoftPasskey } from './support/soft-passkey.ts';
import { TestPage } from './support/test-page.ts';
import { startSharedServer } from './support/test-server.ts';

const QUEUED_MAX = budgetRows({ connectionsMax: 1, connectionsPerNetworkMax: 1 }).reports
  .networkMax;
/** Number of reports by users of one /24: three times what the queue lists singly per hour. */
const FLOOD = 3 * QUEUED_MAX;

/** A browser of a member who signs in at a running server. */
class ConsoleBrowser {
  readonly #port: number;
  readonly #cookies = new Map<string, string>();

  constructor(port: number) {
    this.#port = port;
  }

  get #origin(): string {
    return `http://localhost:${this.#port}`;
  }

  async request<Body>(path: string, body?: unknown): Promise<Body> {
    const cookie = [...this.#cookies].map((pair) => pair.join('=')).join('; ');
    const answer = await ask({
      method: body === undefined ? 'GET' : 'POST',
      port: this.#port,
      path: `${CONSOLE_API_PATH}/${path}`,
      headers: {
        Host: `localhost:${this.#port}`,
        Origin: this.#origin,
        'Content-Type': 'application/json',
        ...(cookie === '' ? {} : { Cookie: cookie }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    assert.equal(answer.status, 200, answer.text());
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [pair = ''] = line.split('; ');
      const at = pair.indexOf('=');
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer.json() as Body;
  }

  async useLink(token: string): Promise<void> {
    const name = '';
    const options = await this.request<Readonly<Record<string, unknown>>>('link/passkey-options', {
      token,
      name,
    });
    const credential = new SoftPasskey(this.#origin).create(options);
    await this.request('link/passkey', { token, name, label: 'A key', credential });
  }
}

test('[GW-59, MO-143] lists a report of another network on the first page after a flood', async (t) => {
  const server = await startSharedServer(t, { env: { FARANDOLE_TRUSTED_PROXIES: '127.0.0.1' } });
  const pageFrom = (address: string): TestPage => {
    const headers = { 'X-Forwarded-For': address, 'X-Forwarded-Proto': 'https' };
    return new TestPage(t, server.port, { headers });
  };
  const reportFrom = async (address: string, n: number): Promise<void> => {
    const pages = [pageFrom(`198.51.100.${n + 1}`), pageFrom(address)] as const;
    await report(...pages, { reason: 'self-harm' });
    for (const page of pages) page.socket.close();
  };
  for (let n = 0; n < FLOOD; n++) await reportFrom(`203.0.113.${n + 1}`, n);
  await reportFrom('192.0.2.1', FLOOD);

  const store = await storeOf(t, server);
  await hire(store);
  const token = freshToken();
  const link = brandId<SignInLinkId>(digestOf(token));
  assert.ok((await store.run('link.give', { link, of: ANA, by: null, nowMs: nowMs() })).ok);
  const member = new ConsoleBrowser(server.port);
  await member.useLink(token);
  const read = async (query = ''): Promise<QueuePage> => await member.request(`queue${query}`);
  const countIn = ({ rows }: QueuePage): number =>
    rows.reduce((sum, { of, crowd }) => sum + (crowd?.reports ?? of.reports), 0);
  let page = await read();
  // The node has acknowledged the reports, but may not have added them to cases yet.
  while (countIn(page) < FLOOD + 1) page = await read();

  const [crowd, ...others] = page.rows.flatMap((row) => row.crowd ?? []);
  assert.ok(crowd !== undefined && others.length === 0);
  const listed = page.rows.length - 1;
  assert.ok(listed <= QUEUED_MAX + 1, `${listed} cases are listed`);
  assert.equal(crowd.reports, FLOOD + 1 - listed);
  const folded = await read(`?fold=${crowd.fold}`);
  assert.deepEqual([folded.rows.length, folded.crowd], [crowd.reports, crowd]);
  const shown = new Set([...page.rows, ...folded.rows].map(({ of }) => of.id));
  assert.equal(shown.size, FLOOD + 1, 'every case is reachable');
  assert.equal(page.next, null);
  // The other network's report is first or second in the queue, although it came last.
  const newest = Math.max(...page.rows.map(({ of }) => of.openedAtMs));
  assert.ok(page.rows.findIndex(({ of }) => of.openedAtMs === newest) <= 1);
});
