import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ConsoleSessionId, MemberId, SignInLinkId } from '@farandole/accounts/ids';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import type { AppealId, ApprovalId, CaseId, DecisionId } from '@farandole/moderation/ids';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { CLOSES } from '@farandole/protocol/close-codes';
import { packPictures } from '@farandole/protocol/report-pictures';
import { smallJpeg } from '@farandole/protocol/testing/small-jpeg';
import { ANA, BEN, hire, nowMs, storeOf } from '../support/moderated.ts';
import { RECORDED, upload } from '../support/pictured.ts';
import { inCall, TestPage } from '../support/test-page.ts';
import { besiege, type Siege } from './support/siege.ts';
import { attackByTcp, upgradeRequest } from './support/tcp.ts';

const SIEGED = ['one', 'another'];

/** User text that tries to start a log line, colour a terminal and close a string. */
const INJECTION = '\r\n{"level":"fatal","event":"forged"}\r\n\u001b[31m\u0007"},{"\u2028\u0000';

/** The text that `INJECTION` becomes in a sanitized note. */
const TIDY = '\n{"level":"fatal","event":"forged"}\n[31m"},{"\u2028';

const FIELDS: ReadonlySet<string> = new Set([
  ...[
    'level',
    'time',
    'event',
    'port',
    'reason',
    'mode',
    'waitedMs',
    'lastedMs',
    'match',
    'status',
  ],
]);

/**
 * Sends a unique text in every user input and reports some of the inputs.
 * @returns texts that no log, metric or file may contain
 */
async function leaveMarks(
  t: TestContext,
  { server }: Siege,
  wave: string,
): Promise<readonly string[]> {
  const said = `said-${wave}`;
  const reported = `reported-${wave}`;
  const { port } = server;
  const addresses = [`127.111.${wave.length}.41`, `127.111.${wave.length}.42`] as const;
  const [ana, ben] = addresses.map((from) => new TestPage(t, port, { from }));
  assert.ok(ana !== undefined && ben !== undefined);
  const tickets = [await ana.getTicket(), await ben.getTicket()].map(({ ticket }) => ticket);
  const opened = [await ana.arrive(), await ben.arrive()];
  for (const page of [ana, ben]) {
    page.say('ticket.create', {
      ticket: `search-${wave}`,
      mode: 'text',
      interests: [said],
      onlyShared: true,
      languages: ['en'],
      policyVersion: 1,
    });
  }
  const found = await ana.next('match.found');
  const call = inCall(found);
  const { receipt } = await ben.next('match.found');
  ana.say('chat.send', { ...call, id: `first-${wave}`, text: `${said} ${INJECTION}` });
  ana.say('chat.send', { ...call, id: `second-${wave}`, text: said });
  ana.say('chat.send', { ...call, id: `third-${wave}`, text: reported });
  const lines = [];
  while (lines.at(-1)?.text !== reported) lines.push((await ben.next('chat.line')).line);
  ben.say('signal.candidate', {
    ...call,
    candidate: { candidate: said, sdpMid: said, sdpMLineIndex: 0, usernameFragment: said },
  });
  ben.say('report.create', {
    id: `report-${wave}`,
    receipt,
    reason: 'other',
    note: `${reported} ${INJECTION}`,
    lines: lines.slice(-1),
  });
  const { pictures: token } = await ben.next('report.accepted');
  assert.ok(token !== undefined);
  const pictured = `pictured-${wave}`;
  const body = packPictures([{ agoMs: 0, bytes: smallJpeg({ data: pictured }) }]);
  assert.equal((await upload(port, { token, body })).status, 201);
  ana.sendText(`{"type":"${said}","x":${JSON.stringify(INJECTION)}}`);
  assert.deepEqual(await ana.untilClosed(), { code: CLOSES.malformed.code, reason: 'malformed' });
  ben.socket.close(1000, said);
  await ben.untilClosed();

  // The request line contains the text encoded, and headers contain it unencoded.
  const escaped = encodeURIComponent(INJECTION);
  for (const value of [
    said,
    `${said}%0d%0aX: y`,
    `${said}\x1b[31m`,
    `${said}"},{"`,
    `${said}\xe9`,
  ]) {
    const head = [
      `Host: localhost:${port}`,
      `User-Agent: ${value}`,
      `Referer: https://evil.example/${value}`,
      `Accept-Language: ${value}`,
      `Cookie: __Host-farandole=${value}; other=${value}`,
      `X-Forwarded-For: 203.0.113.77`,
      `X-${wave}: ${value}`,
    ];
    for (const bytes of [
      `GET /${said}/${escaped}?${said} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n`,
      `POST /api/session-ticket HTTP/1.1\r\n${head.join('\r\n')}\r\nOrigin: http://${said}.example\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: ${said}.example\r\n\r\n`,
      `${said.toUpperCase()} / HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n`,
      upgradeRequest(port, value, head.slice(1)),
      upgradeRequest(port).replace('/ws', `/ws/${said}`),
      `${said}${INJECTION}`,
    ]) {
      const attacker = await attackByTcp(t, port, `127.112.${wave.length}.1`);
      attacker.socket.once('data', () => attacker.socket.end());
      attacker.socket.write(bytes, 'latin1');
      await attacker.ended;
    }
  }
  return [
    said,
    reported,
    pictured,
    token,
    `X-${wave}`,
    'forged',
    '203.0.113.77',
    ...addresses,
    ...tickets,
    ...opened.flatMap(({ secret, receipt: session }) => [secret, session]),
    ...[ana, ben].flatMap(({ cookie, device }) => [cookie.split('=')[1] ?? '', device.publicKey]),
    found.receipt,
    receipt,
    ...lines.map(({ tag }) => tag),
    `search-${wave}`,
  ];
}

/** Writes unique texts of members and of appeals into the store of the running server. */
async function leaveMarksAtDesk(
  t: TestContext,
  { server }: Siege,
  wave: string,
): Promise<readonly string[]> {
  const note = `noted-${wave}`;
  const text = `appealed-${wave}`;
  const secret = `authenticator-${wave}`;
  const store = await storeOf(t, server);
  const at = { nowMs: nowMs() };
  await hire(store);
  const of = brandId<CaseId>(`case-of-${wave}`);
  const opened = { subject: brandId<SubjectId>(`subject-of-${wave}`), reason: 'hate' } as const;
  const by = ANA;
  assert.ok((await store.run('case.open', { ...opened, by, freshCase: of, ...at })).ok);
  const step = { event: 'assign' } as const;
  assert.ok((await store.run('case.step', { case: of, by, step, ...at })).ok);
  const decision = brandId<DecisionId>(`decision-of-${wave}`);
  const decided = await store.run('case.decide', {
    case: of,
    by,
    decision: { measure: 'warn', reason: 'hate', note },
    networks: [],
    freshDecision: decision,
    freshApproval: brandId<ApprovalId>(`approval-of-${wave}`),
    ...at,
  });
  assert.ok(decided.ok);
  const freshAppeal = brandId<AppealId>(`appeal-of-${wave}`);
  assert.ok((await store.run('appeal.file', { decision, text, freshAppeal, ...at })).ok);
  const link = brandId<SignInLinkId>(`link-of-${wave}`);
  assert.ok((await store.run('link.give', { link, of: ANA, by: null, ...at })).ok);
  const used = await store.run('link.use', {
    link,
    name: ANA,
    freshMember: brandId<MemberId>(`member-of-${wave}`),
    credential: {
      by: 'password',
      password: { hash: 'a-hash', secret, step: 1, recoveryCodes: [] },
    },
    session: brandId<ConsoleSessionId>(`session-of-${wave}`),
    replaces: null,
    ...at,
  });
  assert.ok(used.ok);
  const notes = await notesReported(store, SIEGED.length);
  assert.deepEqual(
    notes.toSorted(),
    SIEGED.map((one) => `reported-${one} ${TIDY}`).toSorted(),
    'whole, but for what a terminal would act on',
  );
  const shown = await store.run('case.show', { case: of, by: BEN, ...at });
  assert.ok(shown.ok && shown.value.decisions[0]?.note === note, 'it is kept');
  return [note, text, secret];
}

/** Waits until the reports are in cases. Returns their notes as a member reads them. */
async function notesReported(store: ModerationStore, count: number): Promise<readonly string[]> {
  for (;;) {
    const at = { by: BEN, nowMs: nowMs() };
    const queue = await store.run('queue.read', at);
    assert.ok(queue.ok);
    const notes: string[] = [];
    for (const { of } of queue.value.rows) {
      const shown = await store.run('case.show', { case: of.id, ...at });
      assert.ok(shown.ok);
      notes.push(...shown.value.reports.flatMap(({ words }) => words?.note ?? []));
    }
    if (notes.length >= count) return notes;
    await new Promise(setImmediate);
  }
}

test('[GW-70, ST-10] leaks no user text to log, metrics or files', async (t) => {
  const siege = await besiege(t, { env: RECORDED });
  const { server } = siege;
  const waves: (readonly string[])[] = [];
  const series: (readonly string[])[] = [];
  for (const wave of SIEGED) {
    const isFirst = waves.length === 0;
    await siege.withstand(async () => {
      waves.push(await leaveMarks(t, siege, wave));
    }, ['report-stored', ...(isFirst ? ['origin-not-listed', 'proxy-not-listed'] : [])]);
    series.push(seriesIn(await server.metrics()));
  }
  waves.push(await leaveMarksAtDesk(t, siege, 'desk'));
  const metrics = await server.metrics();
  const output = server.output();
  for (const line of server.log()) {
    assert.deepEqual(
      Object.keys(line).filter((field) => !FIELDS.has(field)),
      [],
    );
  }
  const controls = Array.from(output).filter((letter) => letter < ' ' && letter !== '\n');
  assert.deepEqual(controls, [], 'a terminal is told nothing');
  const files = filesIn(server.dataDir);
  assert.ok(files.size > 1);
  for (const kept of ['report-one', 'decision-of-desk']) {
    assert.ok(
      [...files.values()].some((bytes) => bytes.includes(kept)),
      `${kept} is kept`,
    );
  }
  for (const secret of waves.flat()) {
    assert.ok(secret.length >= 5, 'too short to be looked for');
    assert.ok(!output.includes(secret) && !metrics.includes(secret), secret);
    for (const [name, bytes] of files) assert.ok(!bytes.includes(secret), `${secret} in ${name}`);
  }

  // User text must not create a metric series.
  assert.deepEqual(series[1], series[0]);
  for (const label of (series[1] ?? []).flatMap((one) => Array.from(one.matchAll(/="([^"]*)"/g)))) {
    assert.match(label[1] ?? '', /^(?:[a-z-]+|[0-9.]+|\+Inf)$/);
  }
  await siege.canary.stop();
});

function seriesIn(exposition: string): readonly string[] {
  return exposition
    .split('\n')
    .filter((line) => line.startsWith('farandole_'))
    .map((line) => line.slice(0, line.lastIndexOf(' ')))
    .toSorted();
}

function filesIn(folder: string): ReadonlyMap<string, Buffer> {
  return new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name))]),
  );
}
