import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId, type MatchId } from '@farandole/kernel/id';
import { LINE_CHARS_MAX } from '@farandole/protocol/limits';
import { verifyLine } from '../src/line-tag.ts';
import type { TestClient } from './support/test-client.ts';
import { joined, paired, World } from './support/world.ts';

test('[PR-50] sends a chat line to both users with counters, time and tag', () => {
  const { world, ada, bo } = paired();
  const id = ada.sayLine('hello');
  world.pass(2_500);
  bo.sayLine('hi');
  world.flush();
  const [one, other] = [ada.call?.lines, bo.call?.lines];
  assert.deepEqual(one, other);
  const [first, second] = one ?? [];
  assert.ok(first !== undefined && second !== undefined);
  assert.equal(first.id, id);
  assert.deepEqual([first.side, second.side], [ada.call?.side, bo.call?.side]);
  assert.equal(first.counters[0] + first.counters[1], 1);
  assert.deepEqual(second.counters, [1, 1]);
  assert.equal(second.atMs - first.atMs, 2_500);
  const match = brandId<MatchId>(ada.inCall().match);
  assert.ok(verifyLine(world.signer, match, first) && verifyLine(world.signer, match, second));
});

test('[PR-51] refuses an empty, too long or invalid chat line, naming its id', () => {
  const { world, ada, bo } = paired();
  for (const [text, reason] of [
    ['', 'empty'],
    [' \t\n\u00a0\u2003', 'empty'],
    ['x'.repeat(LINE_CHARS_MAX + 1), 'too-long'],
    ['\ud83d\ude00'.repeat(LINE_CHARS_MAX / 2 + 1), 'too-long'],
    ['a\ud800', 'bad-characters'],
    ['\udc00a', 'bad-characters'],
    ['nul\u0000', 'bad-characters'],
    ['bell\u0007', 'bad-characters'],
    ['return\r', 'bad-characters'],
    ['delete\u007f', 'bad-characters'],
    ['next line\u0085', 'bad-characters'],
    ['\u009f', 'bad-characters'],
  ] as const) {
    const id = ada.sayLine(text);
    world.pass(500);
    const refused = ada.last('chat.refused');
    assert.deepEqual([refused.id, refused.reason], [id, reason], JSON.stringify(text));
  }
  assert.equal(bo.call?.lines.length, 0);
});

test('[PR-51] relays any text of maximum length unchanged', () => {
  const { world, ada, bo } = paired();
  const texts = [
    'x'.repeat(LINE_CHARS_MAX),
    '\ud83d\ude00'.repeat(LINE_CHARS_MAX / 2),
    '\tindented\n\nand on',
    ' spaces stay ',
    '<script>alert(1)</script> "quoted" \\ \u2028',
    'سلام \u200f— שלום',
  ];
  for (const text of texts) {
    ada.sayLine(text);
    world.pass(500);
  }
  assert.deepEqual(bo.texts, texts);
});

test('[PR-51] refuses chat lines above the rate limit but keeps the session', () => {
  const { world, ada, bo } = paired();
  for (let i = 0; i < 12; i++) ada.sayLine(`line ${i}`);
  world.flush();
  assert.equal(bo.call?.lines.length, 10);
  assert.deepEqual(
    ada.all('chat.refused').map(({ reason }) => reason),
    ['too-fast', 'too-fast'],
  );
  world.pass(500);
  ada.sayLine('slower');
  world.flush();
  assert.equal(bo.call?.lines.length, 11);
});

test('[PR-52] gives a refused chat line no number', () => {
  const { world, ada, bo } = paired();
  ada.sayLine('');
  ada.sayLine('hello');
  world.flush();
  const [line] = bo.call?.lines ?? [];
  assert.equal((line?.counters[0] ?? 0) + (line?.counters[1] ?? 0), 1);
});

test('[PR-26] relays typing notices only to the peer', () => {
  const { world, ada, bo } = paired();
  ada.type(true);
  ada.type(false);
  world.flush();
  assert.deepEqual(
    bo.all('chat.typing').map(({ active }) => active),
    [true, false],
  );
  assert.equal(ada.all('chat.typing').length, 0);
});

test('[GW-61] drops typing notices above the rate limit but relays chat lines', () => {
  const { world, ada, bo } = paired();
  for (let i = 0; i < 40; i++) ada.type(i % 2 === 0);
  ada.sayLine('hello');
  world.flush();
  assert.equal(bo.all('chat.typing').length, 20);
  assert.equal(bo.call?.lines.length, 1);
});

test('[GW-61] closes a client that keeps exceeding rate limits as `too-fast`', () => {
  const { world, ada, bo } = paired();
  const overdraft = 60;
  for (let i = 0; i < 10 + overdraft; i++) ada.sayLine('again');
  world.flush();
  assert.ok(ada.isAttached);
  ada.sayLine('again');
  world.flush();
  assert.equal(ada.closedBy, 'too-fast');
  assert.equal(bo.last('call.ended').reason, 'lost');
});

test('[GW-61] closes a client if messages without a refusal exceed the rate limit', () => {
  const { world, ada } = joined();
  for (let i = 0; i < 60; i++) ada.withdraw('no-such-ticket');
  assert.ok(ada.isAttached);
  ada.withdraw('no-such-ticket');
  world.flush();
  assert.equal(ada.closedBy, 'too-fast');
});

test('[GW-62] counts frames against the rate limit before parsing, even before hello', () => {
  const world = new World();
  const ada = world.newClient('ada');
  world.openSocket(ada);
  world.flush();
  // Sends the same frame repeatedly. A duplicate costs one frame credit and no credit of its
  // message kind.
  const frame = '{"type":"ticket.withdraw","seq":1,"ticket":"no-such-ticket"}';
  for (let i = 0; i < 599; i++) ada.sayRaw(frame);
  world.flush();
  assert.ok(ada.isAttached);
  ada.sayRaw(frame);
  world.flush();
  assert.equal(ada.closedBy, 'too-fast');
});

test('[GW-62] rate-limits a frame by the time at which the node read it', () => {
  const world = new World();
  const ada = world.newClient('ada');
  const connection = world.connect(ada);
  const frame = '{"type":"link.ping","n":1,"ack":0}';
  const readAtMs = world.now.monotonicMs;
  // The hello used one credit of the rate limit. The loop uses the others. None is regained,
  // although the clock advances, because all frames have the same read time.
  for (let i = 0; i < 599; i++) {
    world.pass(100);
    world.gateway.receive(connection, frame, frame.length, world.now, readAtMs);
  }
  assert.ok(ada.isAttached);
  world.gateway.receive(connection, frame, frame.length, world.now, readAtMs);
  world.flush();
  assert.equal(ada.closedBy, 'too-fast');
});

test('[GW-62c] ends the session and the call of a socket that sends too many frames at once', () => {
  const world = new World();
  const ada = world.newClient('ada');
  const connection = world.connect(ada);
  ada.declareAge('adult', 1);
  const bo = world.joinAdult('bo');
  for (const client of [ada, bo]) client.searchFor('text');
  world.settle();
  world.gateway.flooded(connection, world.now);
  world.flush();
  assert.equal(ada.closedBy, 'too-fast');
  assert.equal(bo.last('call.ended').reason, 'lost');
  // The node may report a flood on a socket that is already closed.
  world.gateway.flooded(connection, world.now);
});

test('[PR-52] delivers 1,000 chat lines both ways exactly once, in the order sent', () => {
  const { world, ada, bo } = paired();
  for (let i = 0; i < 500; i++) {
    for (const client of [ada, bo] satisfies readonly TestClient[]) client.sayLine(`line ${i}`);
    world.pass(500);
  }
  assert.equal(ada.call?.lines.length, 1_000);
  assert.deepEqual(ada.call?.lines, bo.call?.lines);
});
