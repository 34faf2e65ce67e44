import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { may, ROLES, type Role } from '@farandole/accounts/roles';
import { brandId } from '@farandole/kernel/id';
import { ok, refused } from '@farandole/kernel/result';
import type { WaitingApproval } from '@farandole/moderation/approvals/waiting-approvals';
import type { Case } from '@farandole/moderation/cases/case-machine';
import type { AppealId, DecisionId, PictureId, ReportId } from '@farandole/moderation/ids';
import {
  ASSIGNMENT_MS,
  AUDIT_PAGE_MAX,
  NOTE_UNITS_MAX,
  UNDO_MS,
} from '@farandole/moderation/limits';
import {
  CONSOLE_BEAT_MS,
  type ConsoleCounts,
  type ConsoleDesk,
} from '@farandole/protocol/console-api';
import { CONSOLE_NETWORKS_MAX } from '@farandole/protocol/limits';
import {
  AUDIT_VERIFIED_FOR_MS,
  CONSOLE_BODY_BYTES_MAX,
  LIVE_FEEDS_MAX,
  LIVE_FEEDS_PER_MEMBER_MAX,
  LIVE_POLL_EVERY_MS,
  LIVE_UNREAD_EVENTS_MAX,
} from '../src/limits.ts';
import { ConsoleDesk as Desk, errorOf } from './support/console-desk.ts';

const DECISION = { measure: 'suspend-1d', reason: 'threat-or-violence', note: '' } as const;

const DAYS = '?from=2027-01-01&until=2027-12-31';

test('refuses every console request without a session', async () => {
  const desk = new Desk();
  for (const path of ['desk', 'queue', 'cases/case-from-1', 'live', 'audit', 'nothing']) {
    assert.deepEqual(await errorOf(await desk.get('nobody', path)), [401, 'signed-out'], path);
  }
  const posted = await desk.post('nobody', 'cases/case-from-1/decision', DECISION);
  assert.deepEqual(await errorOf(posted), [401, 'signed-out']);
});

test('serves each console address to exactly the roles in the table', async () => {
  const desk = new Desk();
  const of = await desk.report(1);
  const addresses = {
    queue: (role: Role) => may([role], 'queue.read'),
    [`cases/${of}`]: (role: Role) => may([role], 'case.read'),
    approvals: (role: Role) => may([role], 'approval.give') || may([role], 'sanction.permanent'),
    appeals: (role: Role) => may([role], 'appeal.decide'),
    samples: (role: Role) => may([role], 'sample.review'),
    numbers: (role: Role) => may([role], 'numbers.read'),
    'numbers.csv': (role: Role) => may([role], 'numbers.read'),
    [`transparency/statements.ndjson${DAYS}`]: (role: Role) => may([role], 'transparency.read'),
    [`transparency/parts.zip${DAYS}`]: (role: Role) => may([role], 'transparency.read'),
    audit: (role: Role) => may([role], 'audit.read'),
    'audit.ndjson': (role: Role) => may([role], 'audit.read'),
    sealed: (role: Role) => may([role], 'evidence.delete-early'),
  };
  for (const role of ROLES) {
    await desk.hire(role, role);
    assert.equal((await desk.get(role, 'desk')).status, 200);
    for (const [path, isAllowed] of Object.entries(addresses)) {
      const { status } = await desk.get(role, path);
      assert.equal(status, isAllowed(role) ? 200 : 403, `${role} ${path}`);
    }
    const step = await desk.post(role, `cases/${of}/step`, { event: 'assign' });
    assert.equal(step.status, may([role], 'case.assign') ? 200 : 403, `${role} takes`);
    const decided = await desk.post(role, `cases/${of}/decision`, DECISION);
    assert.equal(decided.status, may([role], 'case.decide') ? 200 : 403, `${role} decides`);
    if (decided.ok) await desk.post(role, `cases/${of}/undo`, {});
    desk.nowMs += ASSIGNMENT_MS;
  }
});

test('lets only the assignee decide a case; allows undo before the deadline', async () => {
  const desk = new Desk();
  await desk.hire('ana', 'moderator');
  await desk.hire('ben', 'moderator');
  const of = await desk.report(1);
  assert.equal((await desk.post('ana', `cases/${of}/step`, { event: 'assign' })).status, 200);
  const taken = await desk.post('ben', `cases/${of}/step`, { event: 'assign' });
  assert.deepEqual(await errorOf(taken), [409, 'taken']);
  const others = await desk.post('ben', `cases/${of}/decision`, DECISION);
  assert.deepEqual(await errorOf(others), [409, 'not-yours']);
  assert.equal(desk.decided, 0);
  const decided = await desk.post('ana', `cases/${of}/decision`, DECISION);
  assert.equal(decided.status, 200);
  assert.equal(desk.decided, 1, 'the node hears of it at once');
  const { sanctions } = (await decided.json()) as { sanctions: readonly { id: string }[] };
  assert.equal((await desk.post('ana', `sanctions/${sanctions[0]?.id}/lift`, {})).status, 403);
  assert.equal(desk.decided, 1);
  await desk.hire('sol', 'senior');
  assert.equal((await desk.post('sol', `sanctions/${sanctions[0]?.id}/lift`, {})).status, 200);
  assert.equal(desk.decided, 2);
  const twice = await desk.post('ana', `cases/${of}/decision`, DECISION);
  assert.deepEqual(await errorOf(twice), [409, 'not-now']);
  desk.nowMs += UNDO_MS - 1;
  assert.equal((await desk.post('ana', `cases/${of}/undo`, {})).status, 200);
  assert.equal(desk.decided, 3);
  await desk.post('ana', `cases/${of}/step`, { event: 'assign' });
  await desk.post('ana', `cases/${of}/decision`, DECISION);
  desk.nowMs += UNDO_MS;
  const late = await desk.post('ana', `cases/${of}/undo`, {});
  assert.deepEqual(await errorOf(late), [409, 'too-late']);
});

test("records which member ticked a step of a child-safety case's hand-over", async () => {
  const desk = new Desk();
  await desk.hire('ana', 'child-safety');
  await desk.hire('ben', 'moderator');
  const told = (await (await desk.get('ana', 'desk')).json()) as ConsoleDesk;
  assert.deepEqual(told.handOver, { hotline: 'A hotline', authority: null });
  const of = await desk.report(1);
  const path = `cases/${of}/hand-over`;
  const tick = { step: 'hotline-told', done: true };
  assert.deepEqual(await errorOf(await desk.post('ana', path, tick)), [409, 'not-now']);
  await desk.post('ben', `cases/${of}/step`, { event: 'assign' });
  await desk.post('ben', `cases/${of}/step`, { event: 'escalate', to: 'child-safety' });
  assert.deepEqual(await errorOf(await desk.post('ben', path, tick)), [403, 'not-allowed']);
  for (const body of [{}, { ...tick, step: 'other' }, { ...tick, done: 1 }]) {
    assert.deepEqual(await errorOf(await desk.post('ana', path, body)), [400, 'bad-request']);
  }
  const ticked = await desk.post('ana', path, tick);
  const { handOver } = (await ticked.json()) as Case;
  assert.deepEqual(
    handOver?.map(({ step, by }) => [step, by]),
    [['hotline-told', 'member-ana']],
  );
  // An undecided case keeps its encrypted content.
  assert.deepEqual(await errorOf(await desk.post('ana', `cases/${of}/shred`, {})), [
    409,
    'not-now',
  ]);
  const unseal = (name: string) => desk.post(name, 'pictures/picture-of-nobody/unseal', {});
  assert.deepEqual(await errorOf(await unseal('ana')), [404, 'unknown']);
  assert.deepEqual(await errorOf(await unseal('ben')), [403, 'not-allowed']);
  await desk.post('ana', `cases/${of}/step`, { event: 'assign' });
  await desk.post('ana', `cases/${of}/decision`, { ...DECISION, measure: 'dismiss' });
  assert.equal((await desk.post('ana', `cases/${of}/shred`, {})).status, 200);
  assert.deepEqual(await (await desk.get('ana', 'sealed')).json(), []);
});

test('refuses unreadable requests with a reason and changes nothing', async () => {
  const desk = new Desk();
  await desk.hire('ana', 'moderator');
  const of = await desk.report(1);
  await desk.post('ana', `cases/${of}/step`, { event: 'assign' });
  const before = await desk.store.run('desk.version', null);
  const path = `cases/${of}/decision`;
  const note = (text: string) => desk.post('ana', path, { ...DECISION, note: text });
  const bell = await note('a\u0007b');
  assert.deepEqual(await errorOf(bell), [400, 'note-has-control-characters']);
  const long = await note('n'.repeat(NOTE_UNITS_MAX + 1));
  assert.deepEqual(await errorOf(long), [400, 'note-too-long']);
  const whole = JSON.stringify(DECISION);
  const huge = `${' '.repeat(CONSOLE_BODY_BYTES_MAX - whole.length + 1)}${whole}`;
  assert.deepEqual(await errorOf(await desk.send('ana', path, huge)), [413, 'too-large']);
  for (const body of ['', '{', '[]', 'null', '{"measure":"warn"}', '{"__proto__":{}}']) {
    assert.deepEqual(await errorOf(await desk.send('ana', path, body)), [400, 'bad-request'], body);
  }
  const network = { network: 'n'.repeat(43), family: 'v4', bits: 24 };
  for (const networks of [
    [{ ...network, network: 'n'.repeat(42) }],
    [{ ...network, bits: 0 }],
    [{ ...network, scope: 'subject' }],
    Array.from({ length: CONSOLE_NETWORKS_MAX + 1 }, () => network),
  ]) {
    const answered = await desk.post('ana', path, { ...DECISION, networks });
    assert.deepEqual(await errorOf(answered), [400, 'bad-request']);
  }
  // A moderator has no permission to sanction a network.
  const beyond = await desk.post('ana', path, { ...DECISION, networks: [network] });
  assert.deepEqual(await errorOf(beyond), [403, 'not-allowed']);
  const extra = await desk.post('ana', path, { ...DECISION, by: 'member-ben' });
  assert.deepEqual(await errorOf(extra), [400, 'bad-request']);
  const form = await desk.send('ana', path, whole, 'text/plain');
  assert.deepEqual(await errorOf(form), [415, 'not-json']);
  for (const wrong of ['x', `${of}%00`, 'case-that-is-not']) {
    const answered = await desk.post('ana', `cases/${wrong}/decision`, DECISION);
    assert.deepEqual(await errorOf(answered), [404, 'unknown'], wrong);
  }
  assert.deepEqual(await errorOf(await desk.get('ana', 'audit?until=-1')), [400, 'bad-request']);
  assert.equal(await desk.store.run('desk.version', null), before);
  const fits = `${' '.repeat(CONSOLE_BODY_BYTES_MAX - whole.length)}${whole}`;
  assert.equal((await desk.send('ana', path, fits)).status, 200);
});

test('requires a second member to approve proposals and answer appeals', async () => {
  const desk = new Desk();
  await desk.hire('ana', 'moderator');
  await desk.hire('ben', 'senior');
  await desk.hire('cleo', 'moderator');
  const of = await desk.report(1);
  const propose = async (): Promise<string> => {
    await desk.post('ana', `cases/${of}/step`, { event: 'assign' });
    const permanently = { ...DECISION, measure: 'suspend-permanently' };
    const answered = await desk.post('ana', `cases/${of}/decision`, permanently);
    const { approval } = (await answered.json()) as { approval: string };
    return approval;
  };
  const first = await propose();
  const own = await desk.post('ana', `approvals/${first}/answer`, { answer: 'approved' });
  assert.deepEqual(await errorOf(own), [403, 'not-allowed']);
  assert.equal(desk.decided, 1, 'a proposal keeps somebody out');
  assert.equal((await desk.post('ana', `approvals/${first}/withdraw`, {})).status, 200);
  assert.equal(desk.decided, 2);
  const second = await propose();
  const approved = await desk.post('ben', `approvals/${second}/answer`, { answer: 'approved' });
  const { decision } = (await approved.json()) as { decision: { id: DecisionId } };
  const freshAppeal = brandId<AppealId>('appeal-of-mallory');
  const input = { decision: decision.id, text: 'No.', freshAppeal, nowMs: desk.nowMs };
  assert.ok((await desk.store.run('appeal.file', input)).ok);
  const overturn = { outcome: 'overturn', endsAtMs: null };
  const answerOf = (name: string) => desk.post(name, `appeals/${freshAppeal}/answer`, overturn);
  assert.deepEqual(await errorOf(await answerOf('ben')), [409, 'same-person']);
  assert.equal(desk.decided, 4, 'the second yes counts');
  assert.equal((await answerOf('cleo')).status, 200);
  assert.equal(desk.decided, 5);
  assert.deepEqual(await errorOf(await answerOf('cleo')), [409, 'answered']);
});

test('[MO-61] shows the second member that a proposal came by command line', async () => {
  const desk = new Desk();
  await desk.hire('ana', 'moderator');
  await desk.hire('ben', 'senior');
  const of = await desk.report(1);
  await desk.post('ana', `cases/${of}/step`, { event: 'assign' });
  const proposed = await desk.store.run('case.decide', {
    case: of,
    by: brandId<MemberId>('member-ana'),
    decision: { ...DECISION, measure: 'suspend-permanently' },
    networks: [],
    freshDecision: brandId('decision-one'),
    freshApproval: brandId('approval-one'),
    nowMs: desk.nowMs,
    via: 'operator',
  });
  assert.ok(proposed.ok);
  const listed = async (name: string) =>
    ((await (await desk.get(name, 'approvals')).json()) as readonly WaitingApproval[]).map(
      ({ approval, may: can }) => [approval.id, approval.via, can],
    );
  assert.deepEqual(await listed('ben'), [['approval-one', 'operator', 'answer']]);
  assert.deepEqual(await listed('ana'), [['approval-one', 'operator', 'withdraw']]);
  const answer = await desk.post('ben', 'approvals/approval-one/answer', { answer: 'approved' });
  assert.equal(answer.status, 200);
});

test('lets only a senior lift a sanction, and only once', async () => {
  const desk = new Desk();
  await desk.hire('ana', 'moderator');
  await desk.hire('ben', 'senior');
  const of = await desk.report(1);
  await desk.post('ana', `cases/${of}/step`, { event: 'assign' });
  assert.equal((await desk.post('ana', `cases/${of}/decision`, DECISION)).status, 200);
  const holding = async () => {
    const standing = await desk.store.run('standing.read', { nowMs: desk.nowMs, unless: null });
    return standing?.sanctions ?? [];
  };
  const [sanction, ...others] = await holding();
  assert.ok(sanction !== undefined);
  const lift = (name: string) => desk.post(name, `sanctions/${sanction.id}/lift`, {});
  assert.deepEqual(await errorOf(await lift('ana')), [403, 'not-allowed']);
  assert.equal((await lift('ben')).status, 200);
  assert.deepEqual(await holding(), others);
  assert.deepEqual(await errorOf(await lift('ben')), [404, 'unknown']);
});

test('returns the audit page by page and caches its verification result', async () => {
  const desk = new Desk();
  await desk.hire('ada', 'auditor');
  const read = async () =>
    (await (await desk.get('ada', 'audit')).json()) as {
      rows: { seq: number }[];
      verdict: { ok: boolean; head: number };
    };
  assert.deepEqual((await read()).verdict, { ok: true, rows: 1, head: 1 });
  await desk.report(1);
  const { rows } = await read();
  assert.deepEqual(
    rows.map(({ seq }) => seq),
    [2, 1],
  );
  const page = await desk.get('ada', 'audit?until=1');
  assert.equal(((await page.json()) as { rows: unknown[] }).rows.length, 1);
  assert.equal((await read()).verdict.head, 1, 'of a moment ago');
  desk.nowMs += AUDIT_VERIFIED_FOR_MS;
  assert.equal((await read()).verdict.head, 2);
});

async function listenTo(desk: Desk, name: string) {
  const response = await desk.get(name, 'live');
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
  const body: ReadableStream<Uint8Array> | null = response.body;
  assert.ok(body !== null);
  const reader = body.getReader();
  const decoder = new TextDecoder();
  return {
    cancel: () => reader.cancel(),
    next: async (): Promise<ConsoleCounts | null> => {
      const { done, value } = await reader.read();
      if (done) return null;
      const [, data = ''] = /^event: counts\ndata: (.*)\n\n$/u.exec(decoder.decode(value)) ?? [];
      return JSON.parse(data) as ConsoleCounts;
    },
  };
}

test('notifies a console when the console opens, on changes and periodically', async () => {
  const desk = new Desk();
  await desk.hire('ana', 'moderator');
  const { next } = await listenTo(desk, 'ana');
  await desk.look();
  const first = await next();
  assert.equal(first?.counts.waiting, 0);
  await desk.report(1);
  await desk.look();
  const second = await next();
  assert.equal(second?.counts.waiting, 1);
  assert.notEqual(second.version, first?.version);
  for (let waitedMs = 0; waitedMs < CONSOLE_BEAT_MS; waitedMs += LIVE_POLL_EVERY_MS) {
    await desk.look();
  }
  const beat = await next();
  assert.equal(beat?.version, second.version);
  assert.equal(beat.atMs - second.atMs, CONSOLE_BEAT_MS);
  assert.deepEqual(desk.failed, []);
});

test("ends an update stream when the member's session or membership ends", async () => {
  const desk = new Desk();
  await desk.hire('ana', 'moderator');
  await desk.hire('ben', 'moderator');
  const ana = await listenTo(desk, 'ana');
  const ben = await listenTo(desk, 'ben');
  await desk.look();
  assert.deepEqual(desk.asked, ['desk.revision', 'desk.counts'], 'once for both');
  await Promise.all([ana.next(), ben.next()]);
  desk.revoked.add('ana');
  const id = brandId<MemberId>('member-ben');
  assert.ok((await desk.store.run('member.remove', { id, by: null, nowMs: desk.nowMs })).ok);
  await desk.look();
  assert.equal(await ana.next(), null);
  assert.equal(await ben.next(), null);
  assert.equal(desk.live.size, 0);
});

test("limits open update streams and ends one whose client doesn't read", async () => {
  const desk = new Desk();
  for (let n = 0; desk.live.size < LIVE_FEEDS_MAX; n++) {
    await desk.hire(`ana-${n}`, 'moderator');
    const opened = await Promise.all(
      Array.from({ length: LIVE_FEEDS_PER_MEMBER_MAX }, () => listenTo(desk, `ana-${n}`)),
    );
    assert.equal(opened.length, LIVE_FEEDS_PER_MEMBER_MAX);
    const one = await desk.get(`ana-${n}`, 'live');
    assert.deepEqual(await errorOf(one), [429, 'too-many']);
  }
  await desk.hire('ben', 'moderator');
  assert.deepEqual(await errorOf(await desk.get('ben', 'live')), [429, 'too-many']);
  for (let n = 0; n < LIVE_UNREAD_EVENTS_MAX; n++) {
    await desk.report(n, `person-${n}`);
    await desk.look();
  }
  assert.equal(desk.live.size, LIVE_FEEDS_MAX);
  await desk.report(LIVE_UNREAD_EVENTS_MAX, 'one-more');
  await desk.look();
  assert.equal(desk.live.size, 0);
  const { cancel } = await listenTo(desk, 'ben');
  await cancel();
  assert.equal(desk.live.size, 0, 'one that went away is forgotten');
});

test('[MO-112, MO-111] serves uncached pictures to permitted roles; refuses others with a reason', async () => {
  const desk = new Desk();
  await desk.report(1);
  const picture = brandId<PictureId>('picture-one');
  const report = brandId<ReportId>('report-1');
  const pictures = [
    {
      ...({ id: picture, lane: 'normal', digest: 'd', bytes: 3, agoMs: 500 } as const),
      keys: [{ role: 'moderator', wrapped: 'a key' }],
      sealed: Buffer.from('sealed'),
    },
  ] as const;
  assert.ok((await desk.store.run('pictures.add', { report, pictures, nowMs: desk.nowMs })).ok);
  const reveal = async (name: string, id: string = picture) =>
    await desk.post(name, `pictures/${id}/reveal`, {});
  for (const role of ROLES) {
    await desk.hire(role, role);
    const { status } = await reveal(role);
    assert.equal(status, may([role], 'evidence.reveal') ? 409 : 403, role);
  }
  for (const [reason, status] of [
    ['key-missing', 409],
    ['file-missing', 410],
    ['damaged', 410],
  ] as const) {
    desk.opened = refused(reason);
    assert.deepEqual(await errorOf(await reveal('moderator')), [status, reason]);
  }
  assert.deepEqual(await errorOf(await reveal('moderator', 'picture-none')), [404, 'unknown']);
  assert.deepEqual(await errorOf(await reveal('moderator', '..')), [404, 'not-found']);
  assert.deepEqual(await errorOf(await reveal('nobody')), [401, 'signed-out']);
  desk.opened = ok(Buffer.from('abc'));
  const shown = await reveal('moderator');
  assert.equal(await shown.text(), 'abc');
  assert.deepEqual(
    ['content-type', 'cache-control'].map((name) => shown.headers.get(name)),
    ['application/octet-stream', 'no-store'],
  );
  assert.equal((await desk.get('moderator', `pictures/${picture}/reveal`)).status, 404);
});

test('[MO-93, ST-20] downloads statistics as CSV and the complete audit as JSON lines', async () => {
  const desk = new Desk();
  await desk.hire('ana', 'moderator', 'auditor');
  const csv = async () => {
    const answered = await desk.get('ana', 'numbers.csv');
    assert.match(answered.headers.get('Content-Disposition') ?? '', /^attachment; /);
    return await answered.text();
  };
  assert.match(await csv(), /\r\nreports_per_1000_calls,\r\n/, 'what is not known is empty');
  const of = await desk.report(1);
  await desk.post('ana', `cases/${of}/step`, { event: 'assign' });
  await desk.post('ana', `cases/${of}/decision`, DECISION);
  assert.match(await csv(), /\r\nreports,1\r\n/);
  assert.match(await csv(), /\r\ndecisions_suspend-1d,1\r\n/);
  for (let n = 2; n <= AUDIT_PAGE_MAX; n++) await desk.report(n);
  const text = await (await desk.get('ana', 'audit.ndjson')).text();
  const rows = text
    .trimEnd()
    .split('\n')
    .map((row) => (JSON.parse(row) as { seq: number }).seq);
  const head = await desk.store.run('desk.version', null);
  assert.ok(head > AUDIT_PAGE_MAX);
  assert.deepEqual(
    rows,
    Array.from({ length: head }, (_, at) => at + 1),
  );
});

test('[MO-97] downloads statements of reasons and template parts for requested days', async () => {
  const desk = new Desk();
  await desk.hire('ana', 'moderator', 'auditor');
  const of = await desk.report(1);
  await desk.post('ana', `cases/${of}/step`, { event: 'assign' });
  await desk.post('ana', `cases/${of}/decision`, DECISION);
  const lines = async (days: string) => {
    const answered = await desk.get('ana', `transparency/statements.ndjson${days}`);
    assert.equal(answered.headers.get('Cache-Control'), 'no-store');
    return await answered.text();
  };
  const told = await lines(DAYS);
  assert.match(told, /^\{"puid":"[^"]+","application_date":"2027-01-1\d",.*"measure":"suspend-1d"/);
  assert.doesNotMatch(told, /subject-|case-|member-|report-1/);
  assert.equal(await lines('?from=2026-01-01&until=2026-12-31'), '');
  const zipped = await desk.get('ana', `transparency/parts.zip${DAYS}`);
  assert.match(await zipped.text(), /^PK.*TOTAL,,1,,1,/s);
  for (const days of ['', '?from=2027-01-01', '?from=2027-12-31&until=2027-01-01']) {
    const answered = await desk.get('ana', `transparency/parts.zip${days}`);
    assert.deepEqual(await errorOf(answered), [400, 'bad-request'], days);
  }
});
