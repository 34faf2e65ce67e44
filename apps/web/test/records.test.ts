import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Result } from '@farandole/kernel/result';
import type { OwnWarning, ReportOutcome } from '@farandole/protocol/http-api';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { KeyValueStore } from '../src/base/ports.ts';
import { FakeRecords } from '../src/fakes/fake-records.ts';
import { FakeTime } from '../src/fakes/fake-time.ts';
import { REGULAR, World } from '../src/fakes/world.ts';
import {
  CODE_KEPT_MS,
  CODES_MAX,
  MET_KEPT_MS,
  MET_MAX,
  NEWS_ASKED_EVERY_MS,
  REPORT_KEPT_MS,
} from '../src/report/limits.ts';
import { ownReportsOf } from '../src/report/own-records.ts';
import { putAwayIn, Records } from '../src/report/records.ts';
import type { ReportCreate, StoredReport } from '../src/report/stored-records.ts';

const MESSAGE: ReportCreate = {
  type: 'report.create',
  id: 'report-0001',
  receipt: 'receipt-of-a-call',
  reason: 'hate',
  lines: [],
};
const ACCEPTED = {
  type: 'report.accepted',
  seq: 1,
  id: 'report-0001',
  code: 'K7QM-4T01',
  outcome: 'K7QM-4T01.proof',
  merged: false,
} as const;

function deviceOf(
  outcomes: readonly Result<ReportOutcome>[] = [],
  warnings: Result<OwnWarning | null>[] = [],
) {
  const store = new FakeRecords();
  const texts = new Map<string, string>();
  const kept: KeyValueStore = {
    read: (key) => texts.get(key) ?? null,
    write: (key, value) => texts.set(key, value),
    remove: (key) => texts.delete(key),
  };
  const time = new FakeTime();
  const asked: string[] = [];
  const visit = async () =>
    await Records.open({
      store,
      clock: time,
      askOutcome: async (proof) => {
        asked.push(proof);
        return outcomes[asked.length - 1] ?? { ok: true, value: 'received' };
      },
      askWarning: async () => warnings.shift() ?? { ok: true, value: null },
      warned: putAwayIn(kept),
    });
  return { store, time, asked, visit };
}

test('stores a report before sending; deletes its text once delivered', async () => {
  const { store, visit } = deviceOf();
  const first = await visit();
  first.keep('match-0001', MESSAGE);
  const second = await visit();
  assert.deepEqual(second.waiting, [{ match: 'match-0001', message: MESSAGE }]);
  for (const reason of ['too-fast', 'not-stored'] as const) {
    second.answered({ type: 'report.refused', seq: 1, id: MESSAGE.id, reason });
    assert.equal(second.waiting.length, 1, 'what the server takes later waits on');
  }
  second.answered(ACCEPTED);
  assert.deepEqual(second.waiting, []);
  assert.ok(!JSON.stringify([...store.kept.values()]).includes('receipt-of-a-call'));
  const third = await visit();
  assert.equal(third.reports.value[0]?.state.state, 'accepted');
  // Another tab's page reports the outcome again with another code, which must have no effect.
  third.answered({ ...ACCEPTED, code: 'ANOTHER' });
  assert.equal(
    third.reports.value[0]?.state.state === 'accepted' && third.reports.value[0].state.code,
    'K7QM-4T01',
  );
});

test('deletes a report that the user withdraws before sending', async () => {
  const { store, visit } = deviceOf();
  const records = await visit();
  records.keep('match-0001', MESSAGE);
  records.drop(MESSAGE.id);
  assert.deepEqual([records.waiting, records.reports.value, store.kept.size], [[], [], 0]);
});

test("marks an expired report as expired and doesn't resend it", async () => {
  const { visit } = deviceOf();
  const records = await visit();
  records.keep('match-0001', MESSAGE);
  records.answered({ type: 'report.refused', seq: 1, id: MESSAGE.id, reason: 'bad-receipt' });
  assert.deepEqual(records.waiting, []);
  const [kept] = (await visit()).reports.value;
  assert.deepEqual(kept?.state, { state: 'refused', refusal: 'bad-receipt' });
});

test("requests a report's outcome at intervals and marks each new outcome as unseen", async () => {
  const outcomes: Result<ReportOutcome>[] = [
    { ok: true, value: 'in-review' },
    { ok: true, value: 'action-taken' },
    { ok: true, value: 'no-breach' },
    { ok: false, reason: 'unreachable' },
  ];
  const { asked, time, visit } = deviceOf(outcomes);
  const records = await visit();
  records.keep('match-0001', MESSAGE);
  records.answered(ACCEPTED);
  const now = () => {
    const [report] = records.reports.value;
    assert.ok(report?.state.state === 'accepted');
    return [report.state.outcome, report.state.seen];
  };
  await records.askNews(false);
  assert.deepEqual(now(), ['in-review', true], 'that somebody looks is no news');
  await records.askNews(false);
  assert.equal(asked.length, 1, 'not so soon again');
  time.sleep(NEWS_ASKED_EVERY_MS);
  await records.askNews(false);
  assert.deepEqual(now(), ['action-taken', false]);
  records.startViewing();
  assert.deepEqual(now(), ['action-taken', true]);
  await records.askNews(true);
  assert.deepEqual(now(), ['no-breach', false]);
  await records.askNews(true);
  assert.deepEqual(now(), ['no-breach', false], 'without an answer all stays as it was');
  assert.deepEqual(new Set(asked), new Set(['K7QM-4T01.proof']));
});

test("keeps a report's proof as long as the server keeps its data", () => {
  const proofOf = (outcome: ReportOutcome) => {
    const state = {
      state: 'accepted',
      code: 'K7QM',
      proof: 'a.proof',
      outcome,
      seen: true,
    } as const;
    const kept: StoredReport = { id: 'report-0001', match: 'm', reason: 'hate', atMs: 0, state };
    return ownReportsOf([kept])[0]?.proof;
  };
  assert.equal(proofOf('received'), 'a.proof');
  assert.equal(proofOf('no-breach'), 'a.proof');
  assert.equal(proofOf('gone'), null);
});

test('shows a warning until dismissed, and shows a newer warning again', async () => {
  const first: OwnWarning = { atMs: 1_000, reason: 'hate' };
  const second: OwnWarning = { atMs: 2_000, reason: 'scam-or-spam' };
  const told = [first, first, first, second, null].map((value) => ({ ok: true, value }) as const);
  const { visit } = deviceOf([], [{ ok: false, reason: 'unreachable' }, ...told]);
  const records = await visit();
  await records.askNews(true);
  assert.equal(records.warning.value, null);
  await records.askNews(true);
  assert.deepEqual(records.warning.value, first);
  const later = await visit();
  await later.askNews(true);
  assert.deepEqual(later.warning.value, first);
  later.understood();
  assert.equal(later.warning.value, null);
  await later.askNews(true);
  assert.equal(later.warning.value, null, 'it was read');
  const last = await visit();
  await last.askNews(true);
  assert.deepEqual(last.warning.value, second);
  await last.askNews(true);
  assert.equal(last.warning.value, null, 'it was taken back');
});

test('remembers a dismissed warning without storage until the page closes', () => {
  const blocked = (): never => {
    throw new Error('storage is blocked');
  };
  const nowhere = putAwayIn({ read: blocked, write: blocked, remove: blocked });
  nowhere.write(1_000);
  assert.equal(nowhere.read(), 0);
});

test('stores recent meetings for a day, with their newest receipt', async () => {
  const { store, time, visit } = deviceOf();
  const records = await visit();
  for (let n = 0; n <= MET_MAX; n++) {
    records.met({ match: `match-${n}`, receipt: `receipt-${n}`, mode: 'text' });
    time.sleep(1);
  }
  assert.equal(records.meetings.value.length, MET_MAX);
  assert.equal(store.met.size, MET_MAX);
  assert.ok(!store.met.has('match-0'));
  records.met({ match: 'match-1', receipt: 'a-newer-receipt', mode: 'video' });
  assert.equal(store.met.get('match-1')?.receipt, 'a-newer-receipt');
  assert.equal(records.meetings.value.length, MET_MAX);
  time.sleep(MET_KEPT_MS - MET_MAX);
  const later = await visit();
  assert.ok(later.meetings.value.length > 0);
  time.sleep(MET_MAX);
  assert.deepEqual((await visit()).meetings.value, []);
  assert.equal(store.met.size, 0);
});

test("stores a decision's code and last reported end date until the decision expires", async () => {
  const { store, time, visit } = deviceOf();
  const first = await visit();
  const told = { code: 'code-0', may: 'nothing', endsAtMs: 9_000 } as const;
  first.decided(told);
  const { atMs } = store.told.get('code-0') ?? assert.fail();
  time.sleep(1_000);
  const later = await visit();
  later.decided(told);
  later.decided({ ...told, endsAtMs: 5_000 });
  assert.deepEqual(later.decisions.value, [{ ...told, atMs, endsAtMs: 5_000 }]);
  assert.deepEqual([...store.told.values()], later.decisions.value);
  for (let n = 1; n <= CODES_MAX; n++) {
    time.sleep(1);
    later.decided({ code: `code-${n}`, may: 'text', endsAtMs: null });
  }
  assert.equal(later.decisions.value.length, CODES_MAX);
  assert.ok(!store.told.has('code-0') && store.told.size === CODES_MAX);
  time.sleep(CODE_KEPT_MS - CODES_MAX);
  assert.ok((await visit()).decisions.value.length > 0);
  time.sleep(CODES_MAX);
  assert.deepEqual([(await visit()).decisions.value, store.told.size], [[], 0]);
});

test('stores codes only of decisions about this user', async () => {
  const world = new World();
  const records = new FakeRecords();
  const ada = world.person('ada', { records });
  await world.time.advance(10);
  const tell = (told: Partial<ServerMessageOf<'standing.changed'>>) => {
    const [session] = world.node.sessions.values();
    assert.ok(session !== undefined);
    world.node.pass(session, { type: 'standing.changed', may: 'nothing', ...told });
  };
  tell({ because: 'network' });
  tell({ because: 'hold', endsAtMs: 7_000, appeal: 'auto-a-code-of-a-hold' });
  tell({ may: 'meet', limited: { endsAtMs: 7_000, appeal: 'auto-a-code' } });
  tell({ because: 'decision', appeal: 'near-a-device-of-others' });
  await world.time.advance(10);
  assert.deepEqual(ada.app.records.decisions.value, []);
  tell({ may: 'text', because: 'decision', appeal: 'a-code-of-a-decision' });
  tell({ may: 'meet' });
  await world.time.advance(10);
  assert.deepEqual(
    ada.app.records.decisions.value.map(({ code, may, endsAtMs }) => [code, may, endsAtMs]),
    [['a-code-of-a-decision', 'text', null]],
  );
  assert.equal(records.told.size, 1);
});

test('deletes expired records, and on request all but unsent reports', async () => {
  const { store, time, visit } = deviceOf();
  const records = await visit();
  records.keep('match-0001', MESSAGE);
  records.keep('match-0002', { ...MESSAGE, id: 'report-0002' });
  records.answered(ACCEPTED);
  records.met({ match: 'match-0001', receipt: 'receipt', mode: 'text' });
  records.decided({ code: 'code-1', may: 'text', endsAtMs: null });
  records.forget();
  assert.equal(store.told.size, 0);
  assert.deepEqual([...store.kept.keys()], ['report-0002']);
  assert.equal(store.met.size, 0);
  records.answered({ ...ACCEPTED, id: 'report-0002' });
  time.sleep(REPORT_KEPT_MS - 1);
  assert.equal((await visit()).reports.value.length, 1);
  time.sleep(1);
  assert.equal((await visit()).reports.value.length, 0);
  assert.equal(store.kept.size, 0);
});

test('keeps records in memory without storage until the page closes', async () => {
  const { store, visit } = deviceOf();
  store.fails = true;
  const records = await visit();
  records.keep('match-0001', MESSAGE);
  records.met({ match: 'match-0001', receipt: 'receipt', mode: 'text' });
  assert.equal(records.waiting.length, 1);
  records.answered(ACCEPTED);
  assert.equal(records.reports.value[0]?.state.state, 'accepted');
  records.forget();
  assert.deepEqual(records.reports.value, []);
});

test('[PR-71, PR-72] delivers a report made offline once, at the next visit', async () => {
  const world = new World();
  const records = new FakeRecords();
  const [ada] = await world.meet('text', records);
  assert.equal(records.met.size, 1);

  world.node.link.breakOff();
  ada.setOnline(false);
  await world.time.quiet();
  ada.app.report.open();
  ada.app.report.send('hate');
  assert.equal(ada.app.screen.value, 'ended');
  ada.app.report.sendNow();
  await world.time.quiet();
  assert.equal(ada.app.report.view.value?.state, 'waiting');
  assert.equal(world.server.reports.length, 0);
  assert.equal([...records.kept.values()][0]?.state.state, 'waiting');
  ada.app.pageHidden();

  world.node.link.mode = 'pass';
  const again = world.person('ada', { preferences: REGULAR, records });
  await world.time.advance(10);
  assert.equal(world.server.reports.length, 1);
  assert.equal([...records.kept.values()][0]?.state.state, 'accepted');
  assert.deepEqual(
    again.app.records.reports.value.map(({ state }) => state),
    ['received'],
  );
  again.app.pageHidden();
  world.person('ada', { preferences: REGULAR, records });
  await world.time.advance(10);
  assert.equal(world.server.reports.length, 1, 'it is not sent again');
});

test("keeps a meeting's date when its receipt is renewed", async () => {
  const { store, time, visit } = deviceOf();
  const records = await visit();
  records.met({ match: 'match-0001', receipt: 'receipt-of-text', mode: 'text' });
  const atMs = time.wallMs();
  await time.advance(60_000);
  records.met({ match: 'match-0001', receipt: 'receipt-of-video', mode: 'video' });
  const renewed = { match: 'match-0001', receipt: 'receipt-of-video', mode: 'video', atMs };
  assert.deepEqual(records.meetings.value, [renewed]);
  assert.deepEqual([...store.met.values()], [renewed]);
});
