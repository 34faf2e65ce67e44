import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Counters, PairSeat, TaggedLine } from '@farandole/protocol/fields';
import { LINE_CHARS_MAX } from '@farandole/protocol/limits';
import fc from 'fast-check';
import { clockOf } from '../src/a11y/durations.ts';
import {
  type ChatLog,
  draftFaultOf,
  dropLine,
  endLog,
  lackingAt,
  mayResend,
  openLog,
  receivedOf,
  refuseLine,
  replayFor,
  restoreLog,
  sayLine,
  takeLine,
  writeLine,
} from '../src/chat/chat-log.ts';
import type { LineView } from '../src/chat/chat-view.ts';
import { REPLAYED_CHARS_MAX, REPLAYED_LINES_MAX } from '../src/chat/limits.ts';
import { transcriptOf } from '../src/chat/transcript.ts';
import { nextLine, sum, taggedLine } from '../src/fakes/lines.ts';

const idsOf = (log: ChatLog): string[] => log.lines.map((line) => line.id);

test('[PR-52] orders chat lines by position and shows each line once', () => {
  const lines = [
    taggedLine('a', [1, 0], 'line-1'),
    taggedLine('b', [1, 1], 'line-2'),
    taggedLine('a', [2, 1], 'line-3'),
    taggedLine('b', [2, 2], 'line-4'),
  ];
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 3 }), { minLength: 0, maxLength: 30 }), (order) => {
      const log = [...order, 0, 1, 2, 3].reduce(
        (before, at) => takeLine(before, lines[at] ?? assert.fail()),
        openLog('a'),
      );
      assert.deepEqual(idsOf(log), ['line-1', 'line-2', 'line-3', 'line-4']);
    }),
  );
});

test('keeps a chat line pending, with its id, until the node accepts', () => {
  let log = sayLine(writeLine(openLog('a'), 'line-1', 'hello'), 'line-1');
  assert.deepEqual(log.own, [{ id: 'line-1', text: 'hello', state: 'said', refusal: null }]);
  log = takeLine(log, taggedLine('b', [0, 1], 'line-1'));
  assert.equal(log.own.length, 1, 'the other side may use the same id');
  log = takeLine(log, taggedLine('a', [1, 1], 'line-1'));
  assert.deepEqual(log.own, []);
});

test("[PR-51] keeps a refused line's text until the user drops it", () => {
  const refused = refuseLine(writeLine(openLog('b'), 'line-1', 'hello'), 'line-1', 'too-fast');
  assert.deepEqual(refused.own, [
    { id: 'line-1', text: 'hello', state: 'refused', refusal: 'too-fast' },
  ]);
  assert.deepEqual(dropLine(refused, 'line-1').own, []);
});

test('[PR-64] counts received lines in a log that starts mid-conversation', () => {
  const lines = [4, 5, 6].map((place) => taggedLine('b', [0, place], `line-${place}`));
  const log = lines.reduce(takeLine, openLog('a', true));
  assert.deepEqual(receivedOf(log), { received: [0, 6], latest: lines[2] });
  assert.equal(mayResend(restoreLog(log, [0, 6])), true);
  assert.deepEqual(receivedOf(openLog('a', true)), { received: [0, 0], latest: null });
  assert.deepEqual(receivedOf(lines.reduce(takeLine, openLog('a'))).received, [0, 0]);
});

test('[PR-64] replays the last chat lines to a reloaded page, up to limits', () => {
  const logOf = (count: number, text: string): ChatLog =>
    Array.from({ length: count }, (_, at) =>
      taggedLine('b', [0, at + 1], `line-${at}`, text),
    ).reduce(takeLine, openLog('a'));
  assert.equal(replayFor(logOf(0, '')).length, 0);
  assert.equal(replayFor(logOf(REPLAYED_LINES_MAX, 'short')).length, REPLAYED_LINES_MAX);
  const last = replayFor(logOf(REPLAYED_LINES_MAX + 1, 'short'));
  assert.deepEqual([last[0]?.id, last.length], ['line-1', REPLAYED_LINES_MAX]);
  const long = 'x'.repeat(1_024);
  const fits = REPLAYED_CHARS_MAX / 1_024;
  assert.equal(replayFor(logOf(fits, long)).length, fits);
  assert.equal(replayFor(logOf(fits + 1, long)).length, fits);
});

test('keeps the text of unaccepted lines after the call, with the reason', () => {
  const log = endLog(sayLine(writeLine(openLog('a'), 'line-1', 'hello'), 'line-1'));
  assert.deepEqual(log.own, [
    { id: 'line-1', text: 'hello', state: 'refused', refusal: 'call-over' },
  ]);
});

test('[PR-60] counts received chat lines up to the first gap', () => {
  let log = openLog('a');
  assert.deepEqual(receivedOf(log), { received: [0, 0], latest: null });
  const first = taggedLine('a', [1, 0], 'line-1');
  log = takeLine(takeLine(log, first), taggedLine('b', [1, 2], 'line-3'));
  assert.deepEqual(receivedOf(log), { received: [1, 0], latest: first });
  assert.deepEqual(idsOf(log), ['line-1', 'line-3']);
});

test('[PR-61] replays only chat lines that the peer lacks, none after a gap', () => {
  const lines = [1, 2, 3, 5].map((n) => taggedLine('a', [n, 0], `line-${n}`));
  const log = lines.reduce(takeLine, openLog('b'));
  assert.deepEqual(
    lackingAt(log, [1, 0]).map((line) => line.id),
    ['line-2', 'line-3'],
  );
  assert.deepEqual(lackingAt(log, [3, 0]), []);
});

test("resends the user's lines only after the node's replay is complete", () => {
  let log = sayLine(writeLine(openLog('a'), 'line-1', 'hello'), 'line-1');
  log = restoreLog(log, [2, 0]);
  assert.equal(log.own[0]?.state, 'unsaid');
  assert.equal(mayResend(log), false);
  log = takeLine(log, taggedLine('a', [1, 0], 'line-1'));
  assert.equal(mayResend(log), false);
  log = takeLine(log, taggedLine('a', [2, 0], 'line-2'));
  assert.equal(mayResend(log), true);
  assert.deepEqual(log.own, [], 'it was among them, and is not said again');
});

test("resends the user's lines once a later line proves the replay complete", () => {
  const log = restoreLog(writeLine(openLog('a'), 'line-9', 'hello'), [2, 0]);
  assert.equal(mayResend(takeLine(log, taggedLine('b', [2, 1], 'line-3'))), true);
});

test('accepts chat text up to the limit and rejects one character more', () => {
  assert.equal(draftFaultOf('x'.repeat(LINE_CHARS_MAX)), null);
  assert.equal(draftFaultOf('x'.repeat(LINE_CHARS_MAX + 1)), 'too-long');
  assert.equal(draftFaultOf(' \n\t'), 'empty');
  assert.equal(draftFaultOf('two\nlines\tand a tab'), null);
  assert.equal(draftFaultOf('a bell \u0007'), 'bad-characters');
  assert.equal(draftFaultOf('half a pair \ud800'), 'bad-characters');
});

/**
 * Two chat logs and a node that counts lines as in SPEC.md. Lines arrive in order, at a random
 * pace for each user. A server restart loses the lines in transit; then both users' pages
 * restore the log.
 */
class Conversation {
  readonly logs: Record<PairSeat, ChatLog> = { a: openLog('a'), b: openLog('b') };
  readonly written: Record<PairSeat, string[]> = { a: [], b: [] };
  restarts = 0;
  #counters: Counters = [0, 0];
  #toNode: { side: PairSeat; id: string; text: string }[] = [];
  #toSide: Record<PairSeat, TaggedLine[]> = { a: [], b: [] };

  write(side: PairSeat): void {
    const id = `${side}-line-${this.written[side].length + 1}`;
    this.written[side].push(id);
    this.logs[side] = writeLine(this.logs[side], id, `text of ${id}`);
    this.#flush(side);
  }

  accept(): void {
    const sent = this.#toNode.shift();
    if (sent === undefined) return;
    const line = nextLine(sent.side, this.#counters, sent.id, sent.text);
    this.#counters = line.counters;
    this.#toSide.a.push(line);
    this.#toSide.b.push(line);
  }

  deliver(side: PairSeat): void {
    const line = this.#toSide[side].shift();
    if (line === undefined) return;
    this.logs[side] = takeLine(this.logs[side], line);
    this.#flush(side);
  }

  restart(): void {
    this.restarts += 1;
    this.#toNode = [];
    this.#toSide = { a: [], b: [] };
    const a = receivedOf(this.logs.a).received;
    const b = receivedOf(this.logs.b).received;
    this.#counters = sum(a) >= sum(b) ? a : b;
    for (const [side, peer] of [
      ['a', b],
      ['b', a],
    ] as const) {
      // The node replays missing chat lines first, because it delays new lines after a restart.
      this.#toSide[side === 'a' ? 'b' : 'a'].push(...lackingAt(this.logs[side], peer));
      this.logs[side] = restoreLog(this.logs[side], this.#counters);
    }
    this.#flush('a');
    this.#flush('b');
  }

  settle(): void {
    for (let quiet = false; !quiet; ) {
      quiet = this.#toNode.length + this.#toSide.a.length + this.#toSide.b.length === 0;
      this.accept();
      this.deliver('a');
      this.deliver('b');
    }
  }

  #flush(side: PairSeat): void {
    for (;;) {
      const log = this.logs[side];
      const line = log.own.find((candidate) => candidate.state === 'unsaid');
      if (line === undefined || !mayResend(log)) return;
      this.#toNode.push({ side, id: line.id, text: line.text });
      this.logs[side] = sayLine(log, line.id);
    }
  }
}

test('[PR-52] [PR-61] shows every chat line once, in order, despite restarts', () => {
  const step = fc.constantFrom(
    'write-a',
    'write-b',
    'accept',
    'accept',
    'deliver-a',
    'deliver-b',
    'restart',
  );
  let restarts = 0;
  let lines = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 100, size: 'max' }), (steps) => {
      const conversation = new Conversation();
      for (const what of steps) {
        if (what === 'restart') conversation.restart();
        else if (what === 'accept') conversation.accept();
        else if (what === 'write-a' || what === 'write-b') {
          conversation.write(what === 'write-a' ? 'a' : 'b');
        } else conversation.deliver(what === 'deliver-a' ? 'a' : 'b');
      }
      conversation.settle();
      const { logs, written } = conversation;
      restarts += conversation.restarts;
      lines += logs.a.lines.length;
      assert.deepEqual(logs.a.lines, logs.b.lines);
      for (const side of ['a', 'b'] as const) {
        assert.deepEqual(logs[side].own, []);
        const shown = logs[side].lines.filter((line) => line.side === side);
        assert.deepEqual(
          shown.map((line) => line.id),
          written[side],
        );
        assert.equal(sum(receivedOf(logs[side]).received), logs[side].lines.length);
      }
    }),
    { numRuns: 2_000 },
  );
  assert.ok(restarts > 2_000 && lines > 10_000, `${restarts} restarts, ${lines} lines`);
});

const WORDS = {
  notice: 'Keep it to yourself.',
  author: ({ from, seat }: LineView) => (from === 'you' ? 'You' : `Person ${seat}`),
  clock: clockOf,
};

function lineView(change: Partial<LineView>): LineView {
  return {
    key: 'line',
    id: 'line',
    from: 'peer',
    seat: 'b',
    text: 'hello',
    atMs: 1,
    sinceStartMs: 65_000,
    state: 'sent',
    refusal: null,
    ...change,
  };
}

test('copies the conversation in order with times, below a notice', () => {
  const lines = [
    lineView({}),
    lineView({ from: 'you', text: 'hi', sinceStartMs: 70_000 }),
    lineView({ seat: 'c', text: 'hey', sinceStartMs: 75_000 }),
  ];
  assert.equal(
    transcriptOf(lines, WORDS),
    'Keep it to yourself.\n\n[1:05] Person b: hello\n[1:10] You: hi\n[1:15] Person c: hey\n',
  );
});

test('omits undelivered lines from the copied conversation', () => {
  const lines = [
    lineView({ state: 'refused', refusal: 'too-fast' }),
    lineView({ state: 'waiting' }),
  ];
  assert.equal(transcriptOf(lines, WORDS), 'Keep it to yourself.\n\n');
});

test('keeps a line break in copied text from imitating another speaker', () => {
  const [, , ...said] = transcriptOf([lineView({ text: 'a\n[1:06] You: b' })], WORDS).split('\n');
  assert.deepEqual(said, ['[1:05] Person b: a', '    [1:06] You: b', '']);
});
