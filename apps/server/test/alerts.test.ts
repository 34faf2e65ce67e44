import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { MailServer, Webhook } from '@farandole/e2e/alert-receivers';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { ALERT_UNANSWERED_MS } from '@farandole/moderation/alerts/limits';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { given, member, reportFrom } from '@farandole/storage/test/desk';
import { alertMail } from '../src/alerts/alert-mail.ts';
import { AlertTask } from '../src/alerts/alert-task.ts';
import { MailSender } from '../src/alerts/mail-sender.ts';
import { isFull, NodeFaults } from '../src/alerts/node-faults.ts';
import { WebhookSender } from '../src/alerts/webhook-sender.ts';
import {
  ALERTS_CHECKED_EVERY_MS,
  BACKUP_MISSING_MS,
  BACKUP_OLD_MS,
  DISK_FULL_BYTES,
  DISK_FULL_BYTES_ALWAYS,
  RELAY_DEAD_MS,
  REPORTS_UNSTORED_MS,
  STORE_FAILING_MS,
} from '../src/limits.ts';
import type { NodeFacts } from '../src/observe/node-facts.ts';
import { ConsoleDesk, errorOf, SERVER_PAGE } from './support/console-desk.ts';
import { storeOf } from './support/moderated.ts';
import { startSharedServer } from './support/test-server.ts';

const HOUR_MS = 3_600_000;
const SECRET = 'a-secret-that-nobody-guesses';
const NIGHT_MS = Date.parse('2026-12-01T02:00Z');
const QUIET = { from: '22:00', to: '07:00' };

interface SentAlert {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Waits for other work of the event loop until the condition holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setTimeout(done, 5));
}

async function startWatched(t: TestContext) {
  const webhook = await Webhook.start();
  const mails = await MailServer.start();
  const clock = new SimClock(0, NIGHT_MS);
  const server = await startSharedServer(t, {
    clock,
    env: {
      FARANDOLE_ALERT_WEBHOOK_URL: webhook.url,
      FARANDOLE_ALERT_WEBHOOK_SECRET: SECRET,
      FARANDOLE_ALERT_SMTP_URL: mails.url,
      FARANDOLE_ALERT_MAIL_FROM: 'Farandole <alerts@example.org>',
      FARANDOLE_ORIGINS: 'https://meet.example.org',
      FARANDOLE_OPERATOR_NAME: 'A house',
    },
  });
  t.after(async () => {
    await webhook.close();
    await mails.close();
  });
  const store = await storeOf(t, server);
  const hire = async (name: string, role: 'admin' | 'moderator'): Promise<MemberId> => {
    const input = { id: member(name), name, roles: [role], by: null, nowMs: NIGHT_MS };
    return given(await store.run('member.add', input)).id;
  };
  const by = await hire('olga', 'admin');
  const rota = [];
  for (const name of ['ana', 'ben']) {
    rota.push({ member: await hire(name, 'moderator'), mail: `${name}@example.org`, days: [] });
  }
  const rules = { rota, quiet: QUIET, zone: 'UTC', language: 'fr' };
  const put = { ...rules, languages: ['fr'], before: 0, by, nowMs: NIGHT_MS };
  given(await store.run('alerts.put', put));
  const report = async (n: number, change: Parameters<typeof reportFrom>[1] = {}) => {
    const input = reportFrom(n, { atMs: clock.wallMs(), ...change });
    return (await store.run('report.take', input)).case;
  };
  return { webhook, mails, clock, server, store, report };
}

function checked({ headers, text }: Webhook['received'][number]): SentAlert {
  const signed = [headers['webhook-id'], headers['webhook-timestamp'], text].join('.');
  const expected = createHmac('sha256', SECRET).update(signed).digest('base64');
  assert.equal(headers['webhook-signature'], `v1,${expected}`);
  return JSON.parse(text) as SentAlert;
}

test('wakes at night for a pinned case, then the next on the rota', async (t) => {
  const { webhook, mails, clock, report, store } = await startWatched(t);
  const sent = () => webhook.received.map(checked).map(({ data }) => data);
  await report(1, { of: 'late', reason: 'threat-or-violence' });
  const of = await report(2, { reason: 'self-harm', note: 'a note', said: ['a line'] });
  clock.advance(ALERTS_CHECKED_EVERY_MS);
  await until(() => webhook.received.length === 1 && mails.received.length === 1);
  const [first] = webhook.received;
  assert.deepEqual(sent(), [
    {
      id: first?.headers['webhook-id'],
      ...{ kind: 'pinned-case', class: 'danger', count: 1, cases: [of], urgent: true, step: 0 },
      link: 'https://meet.example.org/console#/alerts/alert-0001',
    },
  ]);
  const [mail] = mails.received;
  assert.deepEqual([mail?.from, mail?.to], ['alerts@example.org', ['ana@example.org']]);
  assert.match(mail?.text ?? '', /^Subject: \[A house\] 1 dossier urgent attend$/mu);
  assert.doesNotMatch(`${first?.text}${mail?.text}`, /mallory|ada|a note|a line|network/u);

  clock.advance(ALERT_UNANSWERED_MS);
  await until(() => webhook.received.length === 2 && mails.received.length === 2);
  assert.deepEqual(mails.received[1]?.to, ['ben@example.org']);
  const answer = { alert: 'alert-0001', by: member('ben'), nowMs: clock.wallMs() };
  given(await store.run('alert.acknowledge', answer));

  // The case with a deadline of four hours is late at six, and told at seven.
  clock.advance(4.5 * HOUR_MS);
  await report(3, { of: 'other', by: 'cleo', reason: 'self-harm' });
  clock.advance(ALERTS_CHECKED_EVERY_MS);
  await until(() => webhook.received.length >= 4);
  assert.deepEqual(
    new Set(
      sent()
        .slice(2)
        .map(({ kind }) => kind),
    ),
    new Set(['pinned-case', 'late-pinned-case']),
  );
  clock.advance(NIGHT_MS + 5 * HOUR_MS - clock.wallMs());
  await until(() => sent().some(({ kind }) => kind === 'late-case'));
});

test('says why a webhook or a mail server didn’t take a message', async (t) => {
  const webhook = await Webhook.start();
  const mails = await MailServer.start();
  t.after(() => mails.close());
  const outgoing = { id: 'test-1', alert: null, step: 0, link: 'https://x.org/', language: 'en' };
  const now = { nowMs: NIGHT_MS };
  const hook = new WebhookSender({ url: webhook.url, secret: SECRET });
  assert.equal(await hook.send({ ...outgoing, ...now }), null);
  assert.equal(webhook.received.map(checked)[0]?.type, 'alert.test');
  webhook.status = 500;
  assert.equal(await hook.send({ ...outgoing, ...now }), 'HTTP 500');
  webhook.status = 302;
  assert.equal(await hook.send({ ...outgoing, ...now }), 'HTTP 302');
  await webhook.close();
  assert.equal(await hook.send({ ...outgoing, ...now }), 'ECONNREFUSED');
  const upgrader = createServer((socket) => {
    socket.once('data', () =>
      socket.end('HTTP/1.1 101 .\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
    );
  }).listen(0, '127.0.0.1');
  await once(upgrader, 'listening');
  const { port } = upgrader.address() as AddressInfo;
  const upgraded = new WebhookSender({ url: `http://127.0.0.1:${port}/`, secret: SECRET });
  assert.equal(await upgraded.send({ ...outgoing, ...now }), 'failed');
  upgrader.close();

  const from = { name: 'Us, the team', address: 'alerts@example.org' };
  const sender = new MailSender({ smtpUrl: mails.url, from, service: 'A house' });
  assert.equal(await sender.send({ ...outgoing, ...now }, 'ana@example.org'), null);
  assert.match(mails.received[0]?.text ?? '', /^Message-ID: <test-1@/mu);
  assert.match(mails.received[0]?.text ?? '', /^From: "Us, the team" <alerts@example.org>\r?$/mu);
  mails.refuses = true;
  assert.equal(await sender.send({ ...outgoing, ...now }, 'ana@example.org'), 'SMTP 550');
});

const FACTS: NodeFacts = {
  build: { version: '0.2.0', node: '24.1.0' },
  people: { online: 0, detached: 0 },
  ...{ calls: [], waiting: null },
  backlog: {
    queues: {
      normal: { open: 0, late: 0, pinnedLate: 0 },
      'child-safety': { open: 0, late: 0, pinnedLate: 0 },
    },
    ...{ appeals: 0, unopenable: 0 },
  },
  store: { isFailing: false, reportsWaiting: 0 },
  disk: { freeBytes: 2 * DISK_FULL_BYTES, sizeBytes: 3 * DISK_FULL_BYTES },
  lastBackupAtMs: NIGHT_MS,
  ...{ isAuditBroken: false, isClockDoubtful: false },
  relay: { servers: [], credentialsIssued: 0, bytesEstimated: 0 },
};

test('alerts while the store is silent, and records the alert afterwards', async () => {
  const sent: string[] = [];
  const answers: { silent: boolean; earlier: readonly string[] } = { silent: true, earlier: [] };
  const store: Pick<ModerationStore, 'run'> = {
    run: async (name, input) => {
      if (answers.silent) throw new Error('away');
      if (name === 'desk.revision') return 1 as never;
      const { earlier } = input as unknown as { earlier: readonly { kind: string }[] };
      answers.earlier = earlier.map(({ kind }) => kind);
      const settings = { rota: [], quiet: null, zone: 'UTC', language: 'en', version: 0 };
      return { send: [], untaken: [], state: null, settings } as never;
    },
  };
  const failed: unknown[] = [];
  const task = new AlertTask({
    ...{ store, node: 'node-1', faults: new NodeFaults(false), facts: () => FACTS },
    senders: [
      {
        channel: 'webhook',
        send: async ({ alert }) => {
          sent.push(alert?.kind ?? 'test');
          return null;
        },
      },
    ],
    linkOf: (alert) => alert,
    log: () => {},
    onWorked: () => {},
    onFailed: (error) => void failed.push(error),
  });
  const tick = async (monotonicMs: number) => {
    task.tick({ monotonicMs, wallMs: NIGHT_MS + monotonicMs });
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  };
  await tick(0);
  await tick(1_000);
  await tick(STORE_FAILING_MS - 1);
  assert.deepEqual(sent, []);
  for (let s = 1; s < 60; s++) await tick(STORE_FAILING_MS + s * 1_000);
  assert.deepEqual(sent, ['store-failing'], 'once in ten minutes');
  assert.ok(failed.length > 0);
  answers.silent = false;
  await tick(100_000);
  assert.deepEqual(answers.earlier, ['store-failing']);
});

test('finds the faults of a node once they last long enough', () => {
  const faults = new NodeFaults(false);
  const at = (change: Partial<NodeFacts>, monotonicMs: number, isSilent = false) =>
    faults.of({ ...FACTS, ...change }, { monotonicMs, wallMs: NIGHT_MS + monotonicMs }, isSilent);
  assert.deepEqual(at({}, 0), []);
  const lasting: readonly (readonly [string, Partial<NodeFacts>, number])[] = [
    ['store-failing', { store: { isFailing: true, reportsWaiting: 0 } }, STORE_FAILING_MS],
    ['reports-unstored', { store: { isFailing: false, reportsWaiting: 1 } }, REPORTS_UNSTORED_MS],
    [
      'relay-dead',
      { relay: { ...FACTS.relay, servers: [{ url: 'turn:x', isReachable: false }] } },
      RELAY_DEAD_MS,
    ],
    ['backup-old', { lastBackupAtMs: null }, BACKUP_MISSING_MS],
  ];
  for (const [kind, change, ms] of lasting) {
    assert.deepEqual(at(change, 0), [], kind);
    assert.deepEqual(at(change, ms - 1), [], kind);
    assert.deepEqual(at(change, ms), [kind]);
    assert.deepEqual(at({}, ms), []);
    assert.deepEqual(at(change, ms), [], `${kind} anew`);
    at({}, ms);
  }
  assert.deepEqual(at({ isAuditBroken: true, isClockDoubtful: true }, 0), [
    'audit-broken',
    'clock-doubtful',
  ]);
  assert.deepEqual(at({ lastBackupAtMs: NIGHT_MS - BACKUP_OLD_MS + 1 }, 0), []);
  assert.deepEqual(at({ lastBackupAtMs: NIGHT_MS - BACKUP_OLD_MS }, 0), ['backup-old']);
  assert.deepEqual(at({ disk: { freeBytes: 0, sizeBytes: 1 } }, 0), ['disk-full']);
  const elsewhere = new NodeFaults(true);
  const never = { ...FACTS, lastBackupAtMs: null };
  const later = { monotonicMs: BACKUP_MISSING_MS, wallMs: NIGHT_MS };
  elsewhere.of(never, { monotonicMs: 0, wallMs: NIGHT_MS }, false);
  assert.deepEqual(elsewhere.of(never, later, false), []);
});

test('counts a disk as full by share and by bytes', () => {
  const sizeBytes = 1_000 * DISK_FULL_BYTES;
  assert.ok(isFull({ freeBytes: DISK_FULL_BYTES - 1, sizeBytes }));
  assert.ok(!isFull({ freeBytes: DISK_FULL_BYTES, sizeBytes }));
  assert.ok(!isFull({ freeBytes: DISK_FULL_BYTES_ALWAYS, sizeBytes: 2 * DISK_FULL_BYTES_ALWAYS }));
  assert.ok(isFull({ freeBytes: DISK_FULL_BYTES_ALWAYS - 1, sizeBytes: DISK_FULL_BYTES_ALWAYS }));
});

test('writes mails in the chosen language', () => {
  const alert = { kind: 'pinned-case', count: 2, cases: [], class: 'danger', atMs: 0 } as const;
  const outgoing = { id: 'a', alert, step: 1, link: 'https://x.org/', nowMs: 0 };
  const { subject, text } = alertMail({ ...outgoing, language: 'en' }, 'Farandole');
  assert.equal(subject, '[Farandole] 2 urgent cases are waiting');
  assert.match(text, /didn’t answer within 15/u);
  assert.ok(text.includes('https://x.org/'));
  const arabic = alertMail({ ...outgoing, language: 'ar' }, 'Farandole');
  assert.match(arabic.subject, /ملفان عاجلان/u);
});

test('serves alerts, rules, tests and the operator’s page to those who may', async () => {
  const desk = new ConsoleDesk();
  await desk.hire('olga', 'admin');
  await desk.hire('tom', 'moderator');
  const rules = {
    rota: [{ member: 'member-tom', mail: 'tom@example.org', days: [0, 6] }],
    ...{ quiet: QUIET, zone: 'Europe/Paris', language: 'fr' },
  };
  const put = (name: string, change: object) =>
    desk.post(name, 'alerts', { before: 0, ...rules, ...change });
  assert.deepEqual(await errorOf(await put('tom', {})), [403, 'not-allowed']);
  assert.deepEqual(await errorOf(await put('olga', { zone: 7 })), [400, 'bad-request']);
  assert.deepEqual(await errorOf(await put('olga', { language: 'xx' })), [400, 'malformed']);
  const wrong = { rota: [{ member: 'member-tom', mail: 'tom', days: [] }] };
  assert.deepEqual(await errorOf(await put('olga', wrong)), [400, 'rota-mail-wrong']);
  assert.equal((await put('olga', {})).status, 200);
  assert.deepEqual(await errorOf(await put('olga', {})), [409, 'changed-meanwhile']);

  const channels = ['webhook', 'mail'];
  assert.deepEqual(await (await desk.get('olga', 'alerts')).json(), {
    ...{ alerts: [], channels, settings: { version: 1, ...rules } },
  });
  assert.deepEqual(await (await desk.get('tom', 'alerts')).json(), {
    ...{ alerts: [], channels, settings: null },
  });
  assert.deepEqual(await errorOf(await desk.post('tom', 'alerts/test', {})), [403, 'not-allowed']);
  const twice = [desk.post('olga', 'alerts/test', {}), desk.post('olga', 'alerts/test', {})];
  const outcome = [{ channel: 'mail', to: 'tom@example.org', problem: null }];
  for (const answer of twice) assert.deepEqual(await (await answer).json(), outcome);
  assert.equal(desk.tests, 1);
  const path = 'alerts/alert-0001/acknowledge';
  assert.deepEqual(await errorOf(await desk.post('tom', path, {})), [404, 'unknown']);
  const run = { source: 'node-1', faults: ['disk-full'], channels: [], settled: [] } as const;
  await desk.store.run('alerts.run', { ...run, earlier: [], nowMs: desk.nowMs });
  assert.equal((await desk.post('tom', path, {})).status, 200);

  assert.deepEqual(await (await desk.get('olga', 'server')).json(), SERVER_PAGE);
  assert.deepEqual(await errorOf(await desk.get('tom', 'server')), [403, 'not-allowed']);
});
