import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TaggedLine } from '@farandole/protocol/fields';
import { withAck } from '@farandole/protocol/frame-ack';
import {
  CLIENT_FRAME_BYTES_MAX,
  LINE_CHARS_MAX,
  REPORT_LINES_MAX,
  REPORT_NOTE_CHARS_MAX,
  REPORT_TEXT_BYTES_MAX,
} from '@farandole/protocol/limits';
import { signal } from '@preact/signals';
import fc from 'fast-check';
import { FakeTime } from '../src/fakes/fake-time.ts';
import { taggedLine } from '../src/fakes/lines.ts';
import { BlockModel } from '../src/report/block-model.ts';
import { PENDING_REPORT_MS } from '../src/report/limits.ts';
import { rangeAfterToggle, reportableLines } from '../src/report/report-lines.ts';
import { ReportModel } from '../src/report/report-model.ts';
import type { ReportMaterial } from '../src/report/report-ports.ts';
import { FrameStream, type Outgoing } from '../src/signal/frame-stream.ts';
import { met } from './support/opened.ts';

const RECEIPT = 'receipt-of-a-call';
const CALL = { match: 'match-0001', receipt: RECEIPT, side: 'a' } as const;
const ACCEPTED = {
  type: 'report.accepted',
  seq: 1,
  code: 'FD-2345',
  outcome: 'FD-2345.proof',
} as const;

function conversation(texts: readonly string[]): TaggedLine[] {
  return texts.map((text, i) => taggedLine('b', [0, i + 1], `line-${i + 1}`, text));
}

test('[PR-73] attaches the last chat lines up to the limit', () => {
  const lines = conversation(Array.from({ length: REPORT_LINES_MAX + 1 }, (_, i) => `line ${i}`));
  const chosen = reportableLines(lines, 200);
  assert.deepEqual(chosen, lines.slice(1));
});

test('[PR-73] attaches chat text up to the limit in bytes', () => {
  const line = 'é'.repeat(512);
  const exact = conversation(Array.from({ length: REPORT_TEXT_BYTES_MAX / 1024 }, () => line));
  assert.equal(reportableLines(exact, 200).length, exact.length);
  assert.equal(
    reportableLines(conversation(['x', ...exact.map(({ text }) => text)]), 200).length,
    exact.length,
  );
});

test('[PR-73] ends the attached chat lines at a gap in the conversation', () => {
  const lines = conversation(['one', 'two', 'three', 'four']).toSpliced(1, 1);
  assert.deepEqual(
    reportableLines(lines, 200).map((line) => line.text),
    ['three', 'four'],
  );
});

test('[PR-2] fits every report into a frame', () => {
  const text = fc.oneof(
    fc.string({ minLength: 1, maxLength: LINE_CHARS_MAX, unit: 'binary' }),
    fc.constantFrom('"'.repeat(LINE_CHARS_MAX), '\\'.repeat(400), '語'.repeat(LINE_CHARS_MAX)),
  );
  const note = fc.string({ maxLength: REPORT_NOTE_CHARS_MAX, unit: 'binary' });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 60, size: 'max' }), note, (texts, words) => {
      const { sent, report } = desk();
      const lines = conversation(texts.map((said) => said.slice(0, LINE_CHARS_MAX)));
      report.openFor({ ...{ ...CALL, receipt: 'r'.repeat(1_024) }, ...material(lines) });
      report.send('recording-or-sharing');
      report.setNote(words);
      const { linesAttached } = report.view.value ?? assert.fail();
      report.sendNow();
      const frame = new FrameStream().push(sent[0] ?? assert.fail()) ?? assert.fail();
      assert.ok(Buffer.byteLength(withAck(frame, 2 ** 31)) <= CLIENT_FRAME_BYTES_MAX);
      // The message has as many chat lines as the report sheet showed, or one more because ids
      // differ in length.
      const attached = sent[0]?.type === 'report.create' ? sent[0].lines.length : -1;
      assert.ok(attached >= linesAttached && attached <= linesAttached + 1);
    }),
    { numRuns: 100 },
  );
});

test('[PR-2] leaves room in a full report for sequence number and acknowledgement', () => {
  const lines = conversation(Array.from({ length: 40 }, () => '"'.repeat(200)));
  const sizes = Array.from({ length: 60 }, (_, place) => {
    const { sent, report } = desk();
    report.openFor({ ...CALL, ...material(lines) });
    report.send('recording-or-sharing');
    report.setNote('n'.repeat(place * 8));
    report.sendNow();
    const frame = new FrameStream().push(sent[0] ?? assert.fail()) ?? assert.fail();
    return Buffer.byteLength(withAck(frame.replace('"seq":1', `"seq":${2 ** 31}`), 2 ** 31));
  });
  const largest = Math.max(...sizes);
  assert.ok(largest <= CLIENT_FRAME_BYTES_MAX, `${largest}`);
  assert.ok(largest > CLIENT_FRAME_BYTES_MAX - 8 * 2, 'no report fills a frame');
});

const material = (lines: readonly TaggedLine[]): ReportMaterial => ({
  lines,
  pictures: [],
});

function desk() {
  const sent: Outgoing[] = [];
  const kept: (readonly [string, string])[] = [];
  const blocked: string[] = [];
  const online = signal(true);
  let ids = 0;
  let takes = true;
  const report = new ReportModel({
    send: (message) => {
      if (takes) sent.push(message);
      return takes;
    },
    freshId: () => {
      ids += 1;
      return `report-${String(ids).padStart(4, '0')}`;
    },
    isOnline: online,
    scheduler: new FakeTime(),
    setAside: () => assert.fail('there is no call'),
    takeUp: () => {},
    leaveCall: () => null,
    block: ({ match }) => blocked.push(match) > 0,
    unblock: () => assert.fail('nothing is undone'),
    keep: (match, message) => void kept.push([match, message.id]),
    drop: () => assert.fail('none was undone'),
    sendPictures: () => Promise.reject(new Error('there are none')),
  });
  const setTakes = (next: boolean): void => {
    takes = next;
    online.value = next;
  };
  return { sent, kept, blocked, report, setTakes };
}

test('reports and blocks with two presses: Report and a reason', () => {
  const { sent, blocked, report } = desk();
  report.openFor({ ...CALL, ...material(conversation(['one', 'two'])) });
  assert.deepEqual([report.view.value?.state, blocked], ['choosing', []]);
  assert.equal(report.wasReported('match-0001'), false);
  report.send('hate');
  assert.deepEqual(blocked, ['match-0001']);
  assert.equal(report.wasReported('match-0001'), true);
  assert.deepEqual(report.view.value, {
    whom: false,
    state: 'pending',
    reason: 'hate',
    goesInMs: PENDING_REPORT_MS,
    note: '',
    noteRemaining: REPORT_NOTE_CHARS_MAX,
    linesAttached: 2,
    lines: [
      { place: 1, from: 'peer', text: 'one', attached: true, afterGap: false },
      { place: 2, from: 'peer', text: 'two', attached: true, afterGap: false },
    ],
    pictures: [],
    picturesState: 'none',
    picturesAttached: 0,
    code: null,
    merged: false,
    refusal: null,
  });
  report.sendNow();
  assert.equal(report.view.value?.state, 'sending');
  const [message] = sent;
  assert.ok(message?.type === 'report.create');
  assert.deepEqual([message.receipt, message.reason, message.lines.length], [RECEIPT, 'hate', 2]);
  assert.equal('note' in message, false);
  report.receive({ ...ACCEPTED, id: message.id, merged: true });
  const { state, code, merged } = report.view.value ?? assert.fail();
  assert.deepEqual([state, code, merged], ['accepted', 'FD-2345', true]);
  report.close();
  assert.equal(report.view.value, null);
});

for (const reason of [
  'may-be-under-18',
  'self-harm',
  'urging-self-harm',
  'threat-or-violence',
] as const) {
  test(`sends a report of ${reason} without delay`, () => {
    const { sent, blocked, report } = desk();
    report.openFor({ ...CALL, ...material([]) });
    report.send(reason);
    assert.deepEqual([report.view.value?.state, blocked.length], ['sending', 1]);
    assert.equal(sent[0]?.type === 'report.create' && sent[0].reason, reason);
  });
}

test('delays every other report', () => {
  const later = [
    'sexual-content',
    'hate',
    'recording-or-sharing',
    'scam-or-spam',
    'other',
  ] as const;
  for (const reason of later) {
    const { sent, report } = desk();
    report.openFor({ ...CALL, ...material([]) });
    report.send(reason);
    assert.deepEqual([report.view.value?.state, sent.length], ['pending', 0], reason);
  }
});

test("cuts a report's note at the limit", () => {
  const { sent, report } = desk();
  report.openFor({ ...CALL, ...material([]) });
  report.send('other');
  report.setNote(`${'x'.repeat(REPORT_NOTE_CHARS_MAX)}y`);
  assert.equal(report.view.value?.noteRemaining, -1);
  report.sendNow();
  const [message] = sent;
  assert.equal(
    message?.type === 'report.create' && message.note,
    'x'.repeat(REPORT_NOTE_CHARS_MAX),
  );
});

test('[PR-71] resends an offline report under one id until answered', () => {
  const { sent, report, setTakes } = desk();
  report.openFor({ ...CALL, ...material([]) });
  setTakes(false);
  report.send('scam-or-spam');
  report.sendNow();
  assert.deepEqual([sent.length, report.view.value?.state], [0, 'waiting']);
  setTakes(true);
  report.sessionOpened();
  report.sessionOpened();
  assert.deepEqual(
    sent.map((message) => message.type === 'report.create' && message.id),
    ['report-0001', 'report-0001'],
  );
  report.receive({ ...ACCEPTED, id: 'report-0001', merged: false });
  report.sessionOpened();
  assert.equal(sent.length, 2);
});

test('finishes sending a report after the report sheet closes', () => {
  const { sent, report, setTakes } = desk();
  setTakes(false);
  report.openFor({ ...CALL, ...material([]) });
  report.send('hate');
  report.close();
  report.openFor({
    ...{ match: 'match-0002', receipt: 'receipt-of-another', side: 'a' },
    ...material([]),
  });
  assert.equal(report.view.value?.state, 'choosing');
  setTakes(true);
  report.sessionOpened();
  assert.equal(sent.length, 1);
  report.receive({ type: 'report.refused', seq: 1, id: 'report-0001', reason: 'too-fast' });
  assert.equal(report.view.value?.state, 'choosing', 'its answer is not taken for this one’s');
});

test("resends a report without chat lines if the server couldn't verify them", () => {
  const { report, sent } = desk();
  report.openFor({ ...CALL, ...material(conversation(['one', 'two'])) });
  report.send('hate');
  report.sendNow();
  const first = sent.at(-1);
  assert.ok(first?.type === 'report.create' && first.lines.length > 0);
  report.receive({ type: 'report.refused', seq: 1, id: first.id, reason: 'bad-lines' });
  report.send('hate');
  const again = sent.at(-1);
  assert.ok(again?.type === 'report.create' && again.id !== first.id);
  assert.deepEqual(again.lines, []);
});

test("keeps a refused report's note so that the user can resend it", () => {
  const { sent, report } = desk();
  report.openFor({ ...CALL, ...material([]) });
  report.send('hate');
  report.setNote('they said so twice');
  report.sendNow();
  report.receive({ type: 'report.refused', seq: 1, id: 'report-0001', reason: 'not-stored' });
  const { state, refusal, note } = report.view.value ?? assert.fail();
  assert.deepEqual([state, refusal, note], ['refused', 'not-stored', 'they said so twice']);
  report.send('hate');
  assert.equal(sent.length, 2);
});

test('lets the user block the same stranger again after an unblock', () => {
  const sent: string[] = [];
  const blocks = new BlockModel((message) => {
    sent.push(message.type);
    return true;
  });
  blocks.ask({ match: 'match-0001', receipt: RECEIPT });
  blocks.receive({ type: 'block.accepted', seq: 1, match: 'match-0001' });
  blocks.ask({ match: 'match-0001', receipt: RECEIPT });
  assert.equal(sent.length, 1);
  blocks.forget('match-0001');
  assert.equal(blocks.stateOf('match-0001'), 'none');
  blocks.ask({ match: 'match-0001', receipt: RECEIPT });
  assert.equal(sent.length, 2);
});

test('[PR-71] requests a block once per session until the node answers', () => {
  const sent: Outgoing[] = [];
  const blocks = new BlockModel((message) => {
    sent.push(message);
    return true;
  });
  blocks.ask({ match: 'match-0001', receipt: RECEIPT });
  blocks.ask({ match: 'match-0001', receipt: RECEIPT });
  blocks.ask({ match: 'match-0002', receipt: 'receipt-of-another' });
  assert.equal(sent.length, 2);
  blocks.sessionOpened();
  assert.equal(sent.length, 4);
  blocks.receive({ type: 'block.accepted', seq: 1, match: 'match-0002' });
  assert.deepEqual(
    [blocks.stateOf('match-0001'), blocks.stateOf('match-0002')],
    ['asked', 'accepted'],
  );
  blocks.receive({ type: 'block.refused', seq: 2, reason: 'not-stored' });
  assert.equal(blocks.stateOf('match-0001'), 'refused');
  blocks.ask({ match: 'match-0001', receipt: RECEIPT });
  assert.equal(blocks.stateOf('match-0001'), 'asked');
  assert.equal(blocks.stateOf('match-0003'), 'none');
});

test('[PR-73] attaches adjacent chat lines including the pressed one', () => {
  const places = fc
    .uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 })
    .map((all) => all.toSorted((a, b) => a - b));
  const presses = fc.array(fc.nat(), { maxLength: 20 });
  fc.assert(
    fc.property(places, presses, (all, pressed) => {
      let attached: readonly number[] = [];
      for (const press of pressed) {
        const place = all[press % all.length] ?? assert.fail();
        const was = attached.includes(place);
        const { from, to } = rangeAfterToggle(all, attached, place);
        attached = all.filter((one) => one >= from && one <= to);
        assert.equal(attached.includes(place), !was);
        for (const [at, one] of attached.entries()) {
          if (at > 0) assert.equal(one, (attached[at - 1] ?? 0) + 1);
        }
      }
    }),
  );
});

test('sends only the chat lines that the user selected', () => {
  const { sent, report } = desk();
  const lines = conversation(['one', 'two', 'three', 'four', 'five']).toSpliced(1, 1);
  report.openFor({ ...CALL, ...material(lines) });
  report.send('hate');
  const attached = (): readonly number[] =>
    (report.view.value?.lines ?? []).filter((line) => line.attached).map(({ place }) => place);
  assert.deepEqual(attached(), [3, 4, 5]);
  assert.deepEqual(
    report.view.value?.lines.map(({ afterGap }) => afterGap),
    [false, true, false, false],
  );
  report.toggleLine(5);
  assert.deepEqual(attached(), [3, 4]);
  report.toggleLine(1);
  assert.deepEqual(attached(), [1], 'beyond a gap another range begins');
  report.toggleLine(1);
  assert.deepEqual(attached(), []);
  report.toggleLine(4);
  report.toggleLine(3);
  report.sendNow();
  const [message] = sent;
  assert.ok(message?.type === 'report.create');
  assert.deepEqual(
    message.lines.map(({ text }) => text),
    ['three', 'four'],
  );
});

test('continues the call with the stranger covered when Report is cancelled', async () => {
  const { world, ada, bo } = await met('video');
  ada.app.call.show();
  await world.time.quiet();
  ada.app.report.open();
  // The stranger is covered synchronously, so these assertions run before any await.
  assert.equal(ada.app.call.view.value?.cover, 'covered');
  assert.equal(ada.app.call.peerStream.value, null);
  await world.time.quiet();
  const { camera, microphone, cover } = bo.app.call.view.value?.peer ?? assert.fail();
  assert.deepEqual([camera, microphone, cover], ['paused', 'off', 'covered']);
  ada.app.report.close();
  await world.time.quiet();
  assert.equal(ada.app.screen.value, 'call-video');
  assert.equal(ada.app.call.view.value?.cover, 'covered');
  assert.equal(bo.app.call.view.value?.peer.camera, 'on');
  ada.app.call.show();
  assert.equal(ada.app.call.view.value?.cover, 'shown');
  world.assertNoFault();
});

test('keeps the stranger covered while the report sheet is open', async () => {
  const { ada } = await met('video');
  ada.app.report.open();
  ada.app.call.show();
  assert.equal(ada.app.call.view.value?.cover, 'covered');
});

test('blocks without a report from the report sheet', async () => {
  const { world, ada, bo } = await met('text');
  ada.app.report.open();
  ada.app.report.blockOnly();
  await world.time.quiet();
  assert.equal(ada.app.report.view.value, null);
  const { reason, block, canReport } = ada.app.call.ended.value ?? assert.fail();
  assert.deepEqual([reason, block, canReport], ['blocked', 'accepted', true]);
  assert.equal(bo.app.call.ended.value?.reason, 'left');
  assert.equal(world.server.reports.length, 0);
});

test('reports the stranger of an ended call from the call’s card', async () => {
  const { world, ada, bo } = await met('text');
  bo.app.navigation.stop();
  await world.time.quiet();
  ada.app.report.open();
  ada.app.report.close();
  const { reason, canReport } = ada.app.call.ended.value ?? assert.fail();
  assert.deepEqual([reason, canReport], ['left', true]);
  ada.app.report.open();
  ada.app.report.send('hate');
  assert.equal(ada.app.call.ended.value?.canReport, false);
});
