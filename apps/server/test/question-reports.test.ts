import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReportRecord } from '@farandole/gateway/ports';
import { assertDefined } from '@farandole/kernel/assert';
import type { Seat } from '@farandole/protocol/fields';
import {
  Desk,
  device,
  given,
  matchId,
  networkId,
  START_MS,
  subject,
} from '@farandole/storage/test/desk';
import { memoryStore } from '@farandole/storage/test/memory-store';
import { PairRecorder } from '../src/outbox/pair-recorder.ts';
import { reportInputOf } from '../src/outbox/report-input.ts';

const PEOPLE = { a: subject('ada'), b: subject('bob'), c: subject('cleo') };
const DEVICES = { a: device('ada'), b: device('bob'), c: device('cleo') };
const ROLES = { a: 'asker', b: 'answerer', c: 'answerer' };
const MATCH = matchId(1);

function recordOf(by: Seat, of: Seat, change: Partial<ReportRecord> = {}): ReportRecord {
  return {
    ...{ kind: 'report', id: `asked-${by}${of}`, code: `CODE-${by}${of}`, match: MATCH },
    ...{ by: PEOPLE[by], of: PEOPLE[of], ofDevice: DEVICES[of], reason: 'other', note: null },
    lines: [{ side: 'a', counters: [1, 0, 0], atMs: START_MS, text: 'Tea or coffee?' }],
    call: { mode: 'question', roles: { reporter: ROLES[by], reported: ROLES[of] } },
    ...{ reporterSide: by, reportedSide: of, atWallMs: START_MS + 60_000 },
    ...change,
  };
}

/** A store that knows the meetings of a call of three. */
async function setUp() {
  const store = memoryStore();
  const desk = new Desk(store);
  desk.nowMs = START_MS + 60_000;
  const pairs = new PairRecorder({ store, wallMs: () => START_MS, age: 'declared', policy: 3 });
  pairs.began(MATCH, [PEOPLE.a, PEOPLE.b, PEOPLE.c], [DEVICES.a, DEVICES.b, DEVICES.c]);
  pairs.observe({ event: 'match-found', mode: 'question', waitedMs: 0, match: MATCH });
  pairs.ended(MATCH);
  await pairs.close();
  let cases = 0;
  const take = (record: ReportRecord) =>
    store.run(
      'report.take',
      reportInputOf(record, { caseId: `case-${++cases}`, noticeDelayMs: 0 }),
    );
  return { store, desk, take };
}

const SEATS = ['a', 'b', 'c'] as const;
const BOTH_WAYS = SEATS.flatMap((by) =>
  SEATS.filter((of) => of !== by).map((of) => [by, of] as const),
);

test('[MO-190] keeps a report of each of three about each other one', async () => {
  const { take } = await setUp();
  for (const [by, of] of BOTH_WAYS) {
    const taken = await take(recordOf(by, of));
    assert.notEqual(taken.intake, 'merged', `${by} about ${of}`);
    assert.equal(taken.first.id, `asked-${by}${of}`);
  }
  for (const [by, of] of BOTH_WAYS) {
    const again = await take(recordOf(by, of, { id: 'another', code: 'ANOTHER' }));
    assert.equal(again.intake, 'merged');
    assert.deepEqual(again.first, { id: `asked-${by}${of}`, code: `CODE-${by}${of}` });
  }
});

test('[MO-190] shows the mode, both roles and the reported seat in a case', async () => {
  for (const [by, of] of BOTH_WAYS) {
    const { desk, take } = await setUp();
    const { case: id } = await take(recordOf(by, of));
    const maya = await desk.hire('maya', 'moderator', 'senior');
    const shown = given(await desk.run('case.show', { case: id, by: maya }));
    const [report] = shown.reports;
    assert.equal(report?.pair?.mode, 'question');
    assert.equal(report?.pair?.reportedIn, 'question');
    assert.deepEqual(report?.pair?.roles, { reporter: ROLES[by], reported: ROLES[of] });
    assert.equal(report?.pair?.reportedSide, of);
    assert.equal(report?.words?.lines[0]?.text, 'Tea or coffee?');
  }
});

test('[MO-191] stores a meeting of every two users, with its end', async () => {
  const { store } = await setUp();
  const page = { what: 'pairs', after: null, limit: 10, nowMs: START_MS } as const;
  const { notes } = await store.run('apart.read', page);
  const met = notes.flatMap((note) => (note.kind === 'encounter' ? [note.subjects] : []));
  assert.deepEqual(
    met.map((two) => two.toSorted().join()).toSorted(),
    [
      [PEOPLE.a, PEOPLE.b],
      [PEOPLE.a, PEOPLE.c],
      [PEOPLE.b, PEOPLE.c],
    ]
      .map((two) => two.toSorted().join())
      .toSorted(),
  );
});

test('[MO-210] returns a proven asker’s questions of the last hour and their reports', async () => {
  const { store, desk, take } = await setUp();
  await desk.prove('ada', 'bob');
  const read = async (nowMs: number, withQuestions = true) => {
    const people = (['a', 'b'] as const).map((at) => ({
      subject: PEOPLE[at],
      device: DEVICES[at],
    }));
    const found = await store.run('person.read', { people, nowMs, withQuestions });
    return found.map(({ questions }) => questions);
  };
  const nowMs = START_MS + 60_000;
  assert.deepEqual(await read(nowMs), [{ asked: [START_MS], reported: [] }, undefined]);
  const networks = ['one', 'two'].map((name) => networkId(name));
  const from = (at: number) => ({
    network: assertDefined(networks[at], 'two networks'),
    parent: networkId('parent'),
  });
  await take(recordOf('b', 'a', { from: from(0) }));
  await take(recordOf('c', 'a', { from: from(1) }));
  await take(recordOf('c', 'b', { from: from(1) }));
  await take(recordOf('a', 'c', { from: from(1) }));
  const reported = networks.map((network) => ({ text: 'Tea or coffee?', network, atMs: nowMs }));
  assert.deepEqual(await read(nowMs), [{ asked: [START_MS], reported }, undefined]);
  assert.deepEqual(await read(nowMs, false), [undefined, undefined]);
  const hourMs = 60 * 60_000;
  assert.deepEqual(await read(START_MS + hourMs - 1), [{ asked: [START_MS], reported }, undefined]);
  assert.deepEqual(await read(START_MS + hourMs), [{ asked: [], reported }, undefined]);
  const monthMs = 30 * 24 * hourMs;
  assert.deepEqual(await read(nowMs + monthMs - 1), [{ asked: [], reported }, undefined]);
  assert.deepEqual(await read(nowMs + monthMs), [undefined, undefined]);
});
