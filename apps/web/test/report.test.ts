import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TaggedLine } from '@farandole/protocol/fields';
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
import { rangeAfterToggle, reportableLines } from '../src/report/report-lines.ts';
import { type ReportMaterial, ReportModel } from '../src/report/report-model.ts';
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
      report.setNote(words);
      const { linesAttached } = report.view.value ?? assert.fail();
      report.send('recording-or-sharing');
      const frame = new FrameStream().push(sent[0] ?? assert.fail());
      assert.ok(frame !== null && Buffer.byteLength(frame) <= CLIENT_FRAME_BYTES_MAX);
      // The message has as many chat lines as the report sheet showed, or one more because ids
      // differ in length.
      const attached = sent[0]?.type === 'report.create' ? sent[0].lines.length : -1;
      assert.ok(attached >= linesAttached && attached <= linesAttached + 1);
    }),
    { numRuns: 100 },
  );
});

const material = (lines: readonly TaggedLine[]): ReportMaterial => ({
  lines,
  pictures: [],
});

function desk() {
  const sent: Outgoing[] = [];
  const kept: (readonly [string, string])[] = [];
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
    leaveCall: () => assert.fail('there is no call'),
    keep: (match, message) => void kept.push([match, message.id]),
    drop: () => assert.fail('none was held'),
    sendPictures: () => Promise.reject(new Error('there are none')),
  });
  const setTakes = (next: boolean): void => {
    takes = next;
    online.value = next;
  };
  return { sent, kept, report, setTakes };
}

test('reports with two presses: Report and a reason', () => {
  const { sent, report } = desk();
  report.openFor({ ...CALL, ...material(conversation(['one', 'two'])) });
  assert.deepEqual(report.view.value, {
    state: 'choosing',
    reason: null,
    goesInMs: null,
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
  assert.equal(report.wasSent('match-0001'), false);
  report.send('hate');
  assert.equal(report.wasSent('match-0001'), true);
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

test("sends a report's note up to the limit, rejects a longer one", () => {
  const { sent, report } = desk();
  report.openFor({ ...CALL, ...material([]) });
  report.setNote('x'.repeat(REPORT_NOTE_CHARS_MAX + 1));
  report.send('other');
  assert.deepEqual([sent.length, report.view.value?.noteRemaining], [0, -1]);
  report.setNote('x'.repeat(REPORT_NOTE_CHARS_MAX));
  report.send('other');
  assert.equal(sent.length, 1);
});

test('[PR-71] resends an offline report under one id until answered', () => {
  const { sent, report, setTakes } = desk();
  report.openFor({ ...CALL, ...material([]) });
  setTakes(false);
  report.send('scam-or-spam');
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
  report.setNote('they said so twice');
  report.send('hate');
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
  blocks.ask('match-0001', RECEIPT);
  blocks.receive({ type: 'block.accepted', seq: 1, match: 'match-0001' });
  blocks.ask('match-0001', RECEIPT);
  assert.equal(sent.length, 1);
  blocks.forget('match-0001');
  assert.equal(blocks.stateOf('match-0001'), 'none');
  blocks.ask('match-0001', RECEIPT);
  assert.equal(sent.length, 2);
});

test('[PR-71] requests a block once per session until the node answers', () => {
  const sent: Outgoing[] = [];
  const blocks = new BlockModel((message) => {
    sent.push(message);
    return true;
  });
  blocks.ask('match-0001', RECEIPT);
  blocks.ask('match-0001', RECEIPT);
  blocks.ask('match-0002', 'receipt-of-another');
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
  blocks.ask('match-0001', RECEIPT);
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
  report.send('hate');
  const [message] = sent;
  assert.ok(message?.type === 'report.create');
  assert.deepEqual(
    message.lines.map(({ text }) => text),
    ['three', 'four'],
  );
});

test('offers to report an ended call until its report is sent', async () => {
  const { ada } = await met('text');
  ada.app.report.open();
  assert.equal(ada.app.call.ended.value?.reason, 'you');
  ada.app.report.close();
  assert.equal(ada.app.call.ended.value?.reason, 'you');
  assert.equal(ada.app.call.ended.value?.canReport, true);
  ada.app.report.open();
  assert.equal(ada.app.report.view.value?.state, 'choosing');
});
