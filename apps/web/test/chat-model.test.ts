import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LINE_CHARS_MAX, TYPING_LASTS_MS } from '@farandole/protocol/limits';
import { privateDetailOf } from '@farandole/protocol/private-details';
import { signal } from '@preact/signals';
import { ChatModel } from '../src/chat/chat-model.ts';
import {
  OFFLINE_LINES_MAX,
  PENDING_LINES_MAX,
  QUIET_FROM_MINUTES,
  QUIET_SHOWN_MINUTES_MAX,
  TYPING_AGAIN_AFTER_MS,
} from '../src/chat/limits.ts';
import { FakeTime } from '../src/fakes/fake-time.ts';
import { taggedLine } from '../src/fakes/lines.ts';
import type { Outgoing } from '../src/signal/frame-stream.ts';
import { callRestored } from './support/calls.ts';

/** Time by the node's clock at which the call starts. */
const STARTED_AT_MS = 1_800_000_000_000;
const CALL = { match: 'match-0001', epoch: 1 } as const;

class Desk {
  readonly time = new FakeTime();
  readonly online = signal(true);
  readonly sent: Outgoing[] = [];
  readonly typing: boolean[] = [];
  /** False while the page has no session, so the chat model can't send. */
  takes = true;
  #ids = 0;
  readonly chat = new ChatModel({
    send: (message) => {
      if (this.takes) this.sent.push(message);
      return this.takes;
    },
    pass: ({ active }) => this.typing.push(active),
    scheduler: this.time,
    freshId: () => {
      this.#ids += 1;
      return `line-${String(this.#ids).padStart(4, '0')}`;
    },
    isOnline: this.online,
    isShown: signal(true),
    fetchDetector: () => Promise.resolve(privateDetailOf),
  });

  constructor() {
    this.chat.open({ ...CALL, side: 'a', startedAtMs: STARTED_AT_MS });
  }

  write(text: string): void {
    this.chat.setDraft(text);
    this.chat.sendLine();
  }

  hear(place: number, id = `their-${place}`): void {
    const line = taggedLine('b', [0, place], id);
    this.chat.receive({ type: 'chat.line', seq: place, ...CALL, line });
  }

  refuse(id: string, reason: 'too-fast' | 'bad-characters'): void {
    this.chat.receive({ type: 'chat.refused', seq: 1, ...CALL, id, reason });
  }

  get view() {
    return this.chat.view.value ?? assert.fail('no chat is open');
  }

  get states(): string[] {
    return this.view.lines.map((line) => line.state);
  }

  get sentIds(): string[] {
    return this.sent.flatMap((message) => (message.type === 'chat.send' ? [message.id] : []));
  }
}

test('moves a chat line from message box to pending to sent', () => {
  const desk = new Desk();
  desk.write('hello');
  assert.deepEqual(desk.states, ['pending']);
  assert.equal(desk.view.draft, '');
  const key = desk.view.lines[0]?.key;
  const line = taggedLine('a', [1, 0], 'line-0001', 'hello');
  desk.chat.receive({ type: 'chat.line', seq: 1, ...CALL, line });
  assert.deepEqual(desk.states, ['sent']);
  assert.equal(desk.view.lines[0]?.key, key);
});

test('[PR-51] keeps invalid text in the message box with the reason', () => {
  const desk = new Desk();
  for (const [text, fault] of [
    ['   ', 'empty'],
    ['x'.repeat(LINE_CHARS_MAX + 1), 'too-long'],
    ['a bell \u0007', 'bad-characters'],
  ] as const) {
    desk.write(text);
    assert.equal(desk.view.draft, text);
    assert.equal(desk.view.draftFault, fault);
  }
  assert.deepEqual(desk.sent, []);
  desk.chat.setDraft('mended');
  assert.equal(desk.view.draftFault, null);
});

test('shows how many characters remain or exceed the message limit', () => {
  const desk = new Desk();
  desk.chat.setDraft('x'.repeat(LINE_CHARS_MAX));
  assert.deepEqual([desk.view.draftRemaining, desk.view.draftFault], [0, null]);
  desk.chat.setDraft('x'.repeat(LINE_CHARS_MAX + 1));
  assert.deepEqual([desk.view.draftRemaining, desk.view.draftFault], [-1, 'too-long']);
});

test('limits pending chat lines and keeps the next one in the box', () => {
  for (const [isOnline, max] of [
    [true, PENDING_LINES_MAX],
    [false, OFFLINE_LINES_MAX],
  ] as const) {
    const desk = new Desk();
    desk.online.value = isOnline;
    for (let n = 1; n <= max; n++) desk.write(`line ${n}`);
    assert.deepEqual(
      desk.states,
      Array.from({ length: max }, () => (isOnline ? 'pending' : 'waiting')),
    );
    desk.write('one more');
    assert.deepEqual([desk.view.draft, desk.view.draftFault], ['one more', 'queue-full']);
    assert.equal(desk.view.lines.length, max);
  }
});

test('[PR-51] lets the user resend, edit or drop a refused line', () => {
  const desk = new Desk();
  desk.write('too fast');
  desk.refuse('line-0001', 'too-fast');
  assert.deepEqual([desk.states, desk.view.lines[0]?.refusal], [['refused'], 'too-fast']);
  desk.chat.retryLine('line-0001');
  assert.deepEqual([desk.states, desk.sentIds], [['pending'], ['line-0001', 'line-0002']]);
  desk.refuse('line-0002', 'bad-characters');
  desk.chat.setDraft('something else');
  desk.chat.retryLine('line-0002');
  assert.equal(desk.view.draft, 'something else', 'a draft is never overwritten');
  desk.chat.setDraft('');
  desk.chat.retryLine('line-0002');
  assert.deepEqual([desk.view.draft, desk.view.lines], ['too fast', []]);
});

test('queues chat lines without a session; sends them once restored', () => {
  const desk = new Desk();
  desk.write('said before');
  desk.takes = false;
  desk.online.value = false;
  desk.write('written without');
  assert.deepEqual(desk.states, ['waiting', 'waiting']);
  assert.deepEqual(desk.chat.restoring().received, [0, 0]);
  desk.takes = true;
  desk.online.value = true;
  desk.chat.restored(restored(2, [0, 0], [0, 0]));
  assert.deepEqual(desk.sentIds, ['line-0001', 'line-0001', 'line-0002']);
  assert.ok(desk.sent.slice(1).every((message) => 'epoch' in message && message.epoch === 2));
});

test('[PR-61] replays missing chat lines before new ones, with their original tags', () => {
  const desk = new Desk();
  desk.hear(1);
  desk.hear(2);
  desk.write('mine');
  const { received, latest } = desk.chat.restoring();
  assert.deepEqual([received, latest?.id], [[0, 2], 'their-2']);
  desk.chat.restored(restored(2, [0, 2], [0, 1]));
  const [, replay, mine] = desk.sent;
  assert.ok(replay?.type === 'chat.replay' && mine?.type === 'chat.send');
  assert.deepEqual(replay.line, taggedLine('b', [0, 2], 'their-2'));
});

test("[PR-64] replays earlier lines to the peer's reloaded page before sending", () => {
  const desk = new Desk();
  desk.hear(1);
  desk.hear(2);
  desk.write('said, and not taken');
  desk.chat.restored({ ...restored(2, [0, 2], [0, 0]), newPage: true });
  assert.deepEqual(
    desk.sent.slice(1).map((message) => message.type),
    ['chat.replay', 'chat.replay', 'chat.send'],
  );
});

test("[PR-64] sends a reloaded page's lines after the conversation was replayed", () => {
  const desk = new Desk();
  desk.chat.openAgain({ ...CALL, side: 'a', startedAtMs: STARTED_AT_MS });
  desk.write('I am back');
  assert.deepEqual(desk.sent, []);
  desk.chat.restored({ ...restored(2, [0, 7], [0, 7]), newPage: true });
  assert.deepEqual(desk.sent, []);
  for (const place of [6, 7]) {
    const line = taggedLine('b', [0, place], `their-${place}`);
    desk.chat.receive({ type: 'chat.line', seq: place, match: CALL.match, epoch: 2, line });
  }
  assert.deepEqual(desk.sentIds, ['line-0001']);
  assert.deepEqual(desk.chat.restoring().received, [0, 7]);
});

function restored(
  epoch: number,
  counters: [number, number],
  peerReceived: [number, number],
): Parameters<ChatModel['restored']>[0] {
  return callRestored({ match: CALL.match, epoch, mode: 'text', counters, peerReceived });
}

test('[PR-52] shows and counts a repeated chat line once', () => {
  const desk = new Desk();
  desk.chat.setVisible(false);
  desk.hear(1);
  desk.hear(1);
  assert.deepEqual([desk.states, desk.view.unread], [['sent'], 1]);
});

test("counts the peer's lines as unread while the chat is hidden", () => {
  const desk = new Desk();
  desk.hear(1);
  assert.equal(desk.view.unread, 0);
  desk.chat.setVisible(false);
  desk.hear(2);
  desk.hear(3);
  const own = taggedLine('a', [1, 3], 'line-0009');
  desk.chat.receive({ type: 'chat.line', seq: 9, ...CALL, line: own });
  assert.equal(desk.view.unread, 2);
  desk.chat.setVisible(true);
  assert.equal(desk.view.unread, 0);
});

test('[PR-26] sends typing at intervals; withdraws it when the box empties', async () => {
  const desk = new Desk();
  desk.chat.setDraft('h');
  desk.chat.setDraft('he');
  assert.deepEqual(desk.typing, [true]);
  await desk.time.advance(TYPING_AGAIN_AFTER_MS);
  desk.chat.setDraft('hel');
  assert.deepEqual(desk.typing, [true, true]);
  desk.chat.setDraft('');
  assert.deepEqual(desk.typing, [true, true, false]);
});

test("hides the peer's typing after a line, a withdrawal or a timeout", async () => {
  const desk = new Desk();
  const types = (active: boolean): void =>
    desk.chat.receive({ type: 'chat.typing', ...CALL, active });
  types(true);
  assert.equal(desk.view.peerTyping, true);
  await desk.time.advance(TYPING_LASTS_MS - 1);
  assert.equal(desk.view.peerTyping, true);
  await desk.time.advance(1);
  assert.equal(desk.view.peerTyping, false);
  types(true);
  desk.hear(1);
  assert.equal(desk.view.peerTyping, false);
  types(true);
  types(false);
  assert.equal(desk.view.peerTyping, false);
});

test('keeps chat log and unaccepted text after the call; sends nothing', () => {
  const desk = new Desk();
  desk.hear(1);
  desk.write('too late');
  desk.chat.end();
  assert.deepEqual([desk.states, desk.view.open], [['sent', 'refused'], false]);
  desk.write('even later');
  assert.equal(desk.view.draft, 'even later');
  desk.hear(2);
  assert.equal(desk.view.lines.length, 2);
  desk.chat.clear();
  assert.equal(desk.chat.view.value, null);
});

test('hides chat lines of other calls', () => {
  const desk = new Desk();
  const line = taggedLine('b', [0, 1], 'their-1');
  desk.chat.receive({ type: 'chat.line', seq: 1, match: 'match-0000', epoch: 1, line });
  desk.chat.receive({ type: 'chat.typing', match: 'match-0000', epoch: 1, active: true });
  assert.deepEqual([desk.view.lines, desk.view.peerTyping], [[], false]);
});

test('warns once about private details but never blocks sending', async () => {
  const desk = new Desk();
  await desk.time.quiet();
  desk.write('call +33 1 99 00 12 34');
  assert.deepEqual([desk.view.caution, desk.view.draft], ['phone', 'call +33 1 99 00 12 34']);
  assert.deepEqual(desk.sentIds, []);
  desk.chat.setDraft('call me maybe');
  assert.equal(desk.view.caution, null);
  desk.chat.setDraft('www.example.org');
  desk.chat.sendLine();
  assert.equal(desk.view.caution, 'link');
  desk.chat.sendLine();
  assert.deepEqual([desk.sentIds.length, desk.view.caution, desk.view.draft], [1, null, '']);
});

test('sends a message without warning until the private-details detector has loaded', () => {
  const desk = new Desk();
  desk.write('www.example.org');
  assert.equal(desk.sentIds.length, 1, 'it has not come yet');
});

test('shows from two minutes on how long the peer is silent', async () => {
  const desk = new Desk();
  await desk.time.advance(QUIET_FROM_MINUTES * 60_000 - 1);
  assert.equal(desk.view.peerQuietMinutes, 0);
  await desk.time.advance(1);
  assert.equal(desk.view.peerQuietMinutes, QUIET_FROM_MINUTES);
  await desk.time.advance(60_000);
  assert.equal(desk.view.peerQuietMinutes, QUIET_FROM_MINUTES + 1);
  desk.chat.receive({ type: 'chat.typing', ...CALL, active: true });
  assert.equal(desk.view.peerQuietMinutes, 0);
  await desk.time.advance((QUIET_SHOWN_MINUTES_MAX + 5) * 60_000);
  assert.equal(desk.view.peerQuietMinutes, QUIET_SHOWN_MINUTES_MAX, 'and told of no longer');
  desk.chat.end();
  assert.equal(desk.view.peerQuietMinutes, 0);
});

test("gives each chat line's time since the start of the call", () => {
  const desk = new Desk();
  const line = { ...taggedLine('b', [0, 1], 'their-1'), atMs: STARTED_AT_MS + 65_000 };
  desk.chat.receive({ type: 'chat.line', seq: 1, ...CALL, line });
  assert.equal(desk.view.lines[0]?.sinceStartMs, 65_000);
});
