import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ACK_AFTER_FRAMES,
  ACK_AFTER_MS,
  RESUME_GRACE_MS,
  UNACKED_FRAMES_MAX,
} from '@farandole/protocol/limits';
import { CREDIT_LIMITS } from '../src/limits.ts';
import type { TestClient } from './support/test-client.ts';
import { joined, joinedAdult, type Pair, paired, World } from './support/world.ts';

/** Ada's page puts acknowledgements into its messages. Bo's page is an older one. */
function pairedWithAcks(): Pick<Pair, 'world' | 'ada' | 'bo'> {
  const world = new World();
  const ada = world.joinAdult('ada', { carriesAcks: true });
  const bo = world.joinAdult('bo');
  for (const client of [ada, bo]) client.searchFor('text');
  world.settle();
  return { world, ada, bo };
}

test('[PR-20] numbers sequenced frames from 1 in each direction without gaps', () => {
  const { world, ada } = paired();
  ada.sayLine('hello');
  world.flush();
  const places = ada.received.flatMap((message) => ('seq' in message ? [message.seq] : []));
  assert.deepEqual(
    places,
    places.map((_, at) => at + 1),
  );
  assert.ok(places.length >= 4);
});

test('[PR-21] handles a frame once even if it arrives twice', () => {
  const { world, ada, bo } = paired();
  const frame = frameOf(ada, 'hello', nextPlace(ada));
  ada.saySequenced(frame);
  ada.sayRaw(frame);
  world.flush();
  assert.equal(bo.call?.lines.length, 1);
  assert.ok(ada.isAttached);
});

test('[PR-21] ends the session on a gap in the page’s sequence numbers', () => {
  const { world, ada, bo } = paired();
  ada.sayRaw(frameOf(ada, 'hello', nextPlace(ada) + 1));
  world.flush();
  assert.equal(ada.closedBy, 'out-of-order');
  assert.equal(bo.last('call.ended').reason, 'lost');
  assert.equal(world.gateway.counts().online, 1);
});

test('[PR-22] acknowledges at once when many received frames are unacknowledged', () => {
  const { world, ada } = joined();
  const said = (count: number): void => {
    for (let i = 0; i < count; i++) ada.withdraw('no-such-ticket');
    world.flush();
  };
  said(ACK_AFTER_FRAMES - 1);
  assert.equal(ada.all('link.ack').length, 0);
  said(1);
  assert.equal(ada.last('link.ack').ack, ACK_AFTER_FRAMES);
});

test('[PR-22] acknowledges several received frames together after a delay', () => {
  const { world, ada } = joined();
  ada.withdraw('no-such-ticket');
  ada.withdraw('no-such-ticket');
  world.pass(ACK_AFTER_MS - 1);
  assert.equal(ada.all('link.ack').length, 0);
  world.pass(1);
  assert.deepEqual(
    ada.all('link.ack').map(({ ack }) => ack),
    [2],
  );
  world.pass(10 * ACK_AFTER_MS);
  assert.equal(ada.all('link.ack').length, 1, 'nothing new is nothing to tell');
  ada.withdraw('no-such-ticket');
  world.pass(ACK_AFTER_MS);
  assert.equal(ada.last('link.ack').ack, 3);
});

test('[PR-22] adds a pending acknowledgement to the next frame it sends', () => {
  const { world, ada, bo } = paired();
  const told = (): readonly string[] => ada.received.slice(before).map(({ type }) => type);
  let before = ada.received.length;
  ada.sayLine('hello');
  world.flush();
  assert.deepEqual(told(), ['chat.line', 'link.ack'], 'one write for both');
  assert.equal(ada.last('link.ack').ack, nextPlace(ada) - 1);
  before = ada.received.length;
  world.pass(10 * ACK_AFTER_MS);
  assert.ok(!told().includes('link.ack'));
  ada.withdraw('no-such-ticket');
  world.flush();
  assert.deepEqual(told().includes('link.ack'), false, 'nothing was said that it could follow');
  bo.sayLine('and hello');
  world.flush();
  assert.deepEqual(told().slice(-2), ['chat.line', 'link.ack'], 'a word of the other’s will do');
});

test('[PR-222a] puts acknowledgements into messages only after the page has', () => {
  const { world, ada, bo } = pairedWithAcks();
  const told = (): readonly string[] => ada.received.slice(before).map(({ type }) => type);
  let before = ada.received.length;
  ada.sayLine('hello');
  bo.sayLine('and hello');
  world.flush();
  world.pass(ACK_AFTER_MS);
  assert.deepEqual(told(), ['chat.line', 'chat.line'], 'no frame only for an acknowledgement');
  assert.equal(ada.unacknowledgedCount, 0);
  before = ada.received.length;
  ada.sayLine('once more');
  world.flush();
  const line = ada.last('chat.line');
  assert.equal(line.ack, nextPlace(ada) - 1);
  assert.deepEqual(told(), ['chat.line']);
  assert.ok(
    bo.all('chat.line').every(({ ack }) => ack === undefined),
    'bo’s page put none',
  );
  assert.ok(bo.all('link.ack').length > 0);
});

test('[PR-222] handles an acknowledgement in a message, without credits of `link`', () => {
  const { world, ada } = joinedAdult();
  const say = (ack: number): void => {
    const seq = nextPlace(ada);
    ada.saySequenced(
      JSON.stringify({ type: 'ticket.withdraw', seq, ticket: 'no-such-ticket', ack }),
    );
    world.clock.advance(CREDIT_LIMITS.control.everyMs);
    world.flush();
  };
  const { link } = CREDIT_LIMITS;
  for (let sent = 0; sent < link.burst; sent++) ada.sayRaw('{"type":"link.ack","ack":0}');
  say(1);
  say(0);
  assert.equal(ada.closedBy, null);
  // The node no longer has the frame, so a resume can't begin before it.
  world.lose(ada);
  world.connect(ada);
  assert.equal(ada.all('session.resumed').length, 1);
});

test('[PR-222] handles an acknowledgement in a repeated message', () => {
  const { world, ada, bo } = paired();
  ada.sayLine('hello');
  world.flush();
  world.pass(ACK_AFTER_MS);
  const sent = bo.received.filter((message) => 'seq' in message).length;
  const seq = nextPlace(bo) - 1;
  const fields = { type: 'ticket.withdraw', seq, ticket: 'no-such-ticket' };
  bo.sayRaw(JSON.stringify({ ...fields, ack: sent }));
  world.flush();
  assert.equal(bo.closedBy, null);
  bo.sayRaw(JSON.stringify({ ...fields, ack: sent + 1 }));
  world.flush();
  assert.equal(bo.closedBy, 'out-of-order');
});

test('[PR-23] resends a frame without the acknowledgement that it carried', () => {
  const { world, ada } = pairedWithAcks();
  ada.sayLine('hello');
  world.flush();
  const frames: string[] = [];
  const hear = ada.frameArrived.bind(ada);
  ada.frameArrived = (text) => void frames.push(text);
  ada.sayLine('once more');
  world.flush();
  world.lose(ada);
  ada.frameArrived = (text) => {
    frames.push(text);
    hear(text);
  };
  world.connect(ada);
  const [first, again] = frames.filter((text) => text.includes('"chat.line"'));
  assert.match(first ?? '', /,"seq":\d+,"ack":\d+,/);
  assert.equal(again, first?.replace(/"ack":\d+,/, ''));
  assert.deepEqual(ada.texts, ['hello', 'once more']);
});

test('[PR-22] answers a ping with the ping’s number and an acknowledgement', () => {
  const { world, ada } = joined();
  ada.withdraw('no-such-ticket');
  ada.ping();
  world.flush();
  const { n, ack } = ada.last('link.pong');
  assert.deepEqual({ n, ack }, { n: 1, ack: 1 });
  world.pass(10 * ACK_AFTER_MS);
  assert.equal(ada.all('link.ack').length, 0, 'the pong has told it');
});

test('[PR-23] resends missed frames by ascending number, identical byte for byte', () => {
  const { world, ada, bo } = paired();
  const hear = ada.frameArrived.bind(ada);
  ada.acknowledge();
  world.lose(ada);
  for (const text of ['one', 'two', 'three']) bo.sayLine(text);
  // The first resume loses every frame that follows its reply. The client then resumes a second
  // time.
  const rounds: string[][] = [];
  for (const isHeard of [false, true]) {
    const round: string[] = [];
    rounds.push(round);
    ada.frameArrived = (text) => {
      const isSequenced = text.includes('"seq"');
      if (isSequenced) round.push(text);
      if (isHeard || !isSequenced) hear(text);
    };
    world.connect(ada);
    if (!isHeard) world.lose(ada);
  }
  const [lost, arrived] = rounds;
  assert.equal(lost?.length, 3);
  assert.deepEqual(arrived, lost);
  assert.deepEqual(ada.texts, ['one', 'two', 'three']);
});

test('[PR-52] despite losses, shows each chat line once, in the order sent', () => {
  const { world, ada, bo } = paired();
  for (let round = 0; round < 12; round++) {
    const [one, other] = round % 2 === 0 ? [ada, bo] : [bo, ada];
    one.sayLine(`from ${one.name} ${round}`);
    if (round % 3 === 0) world.flush();
    // The node's frames are lost, so the client's new lines wait for the resume.
    world.lose(one);
    one.sayLine(`offline ${round}`);
    other.sayLine(`to ${one.name} ${round}`);
    world.pass(2_000);
    world.connect(one);
    world.pass(2_000);
  }
  assert.equal(ada.call?.lines.length, 36);
  assert.deepEqual(ada.call?.lines, bo.call?.lines);
});

test('[PR-24] closes a client that never acknowledges as `slow-consumer`', () => {
  const { world, ada, bo } = paired('video');
  ada.frameArrived = () => undefined;
  flood(world, bo);
  assert.equal(ada.closedBy, 'slow-consumer');
  assert.equal(bo.last('call.ended').reason, 'lost');
  assert.equal(world.gateway.counts().online, 1);
});

test('[PR-24] ends an overflowing session without a socket; resuming gets `unknown-session`', () => {
  const { world, ada, bo } = paired('video');
  world.lose(ada);
  flood(world, bo);
  assert.equal(bo.last('call.ended').reason, 'lost');
  assert.equal(world.gateway.counts().detached, 0);
  world.connect(ada);
  assert.equal(ada.last('session.opened').reset, 'unknown-session');
});

test('[PR-24] ends the session in the event-loop turn of the first excess frame', () => {
  const { world, ada, bo } = paired();
  ada.frameArrived = () => undefined;
  // Counts the frames that Ada has received but not acknowledged.
  const before = bo.received.filter((message) => 'seq' in message).length;
  for (let told = before; told < UNACKED_FRAMES_MAX; told++) {
    bo.sayMedia();
    world.pass(250);
  }
  assert.equal(ada.closedBy, null);
  world.lose(bo);
  assert.equal(ada.closedBy, 'slow-consumer', 'the news that bo’s socket is gone is one too many');
});

test('[PR-24] ends a session whose buffer overflows by the refusal of a search', () => {
  const { world, ada } = joinedAdult();
  ada.frameArrived = () => undefined;
  // Ada's age declaration was answered with one frame. Each search causes two more, so the answer
  // to the last search exceeds the limit by one frame.
  for (let told = 1; told < UNACKED_FRAMES_MAX - 1; told += 2) {
    ada.withdraw(ada.searchFor('text'));
    world.clock.advance(2_000);
  }
  ada.searchFor('text');
  world.flush();
  assert.equal(ada.closedBy, null);
  world.gateway.drain(world.now);
  world.flush();
  assert.equal(ada.closedBy, 'slow-consumer');
});

test('[PR-25] ends a session that acknowledges a frame never sent', () => {
  const frames = [
    '{"type":"link.ack","ack":9}',
    '{"type":"link.ping","n":1,"ack":9}',
    '{"type":"ticket.withdraw","seq":2,"ticket":"no-such-ticket","ack":9}',
  ];
  for (const frame of frames) {
    const { world, ada } = joinedAdult();
    ada.sayRaw(frame);
    world.flush();
    assert.equal(ada.closedBy, 'out-of-order');
  }
});

test('[PR-26] doesn’t buffer unsequenced messages for a session without a socket', () => {
  const { world, ada, bo } = paired();
  world.lose(ada);
  bo.type(true);
  world.connect(ada);
  assert.equal(ada.all('chat.typing').length, 0);
  bo.type(true);
  world.flush();
  assert.equal(ada.all('chat.typing').length, 1);
});

test('[PR-44] resumes the same call after both users lost their sockets', () => {
  const { world, ada, bo } = paired();
  world.lose(ada);
  world.lose(bo);
  world.connect(bo);
  world.connect(ada);
  assert.deepEqual(
    bo.all('peer.presence').map(({ present }) => present),
    [false, true],
  );
  assert.deepEqual(
    ada.all('peer.presence').map(({ present }) => present),
    [false, true],
  );
  bo.sayLine('hello again');
  world.flush();
  assert.equal(ada.call?.lines.length, 1);
});

test('[PR-13] ends a call as `lost` when a user’s grace period ends', () => {
  const { world, ada, bo } = paired();
  world.lose(ada);
  world.pass(RESUME_GRACE_MS - 1);
  assert.ok(bo.call !== null);
  world.pass(1);
  assert.equal(bo.last('call.ended').reason, 'lost');
  assert.deepEqual(world.gateway.counts(), { online: 1, detached: 0, waiting: 0, calls: 0 });
});

test('[GW-14] a session’s new socket doesn’t reset the session’s rate limits', () => {
  const { world, ada } = paired();
  for (let i = 0; i < 12; i++) ada.sayLine('again');
  world.flush();
  const refused = ada.all('chat.refused').length;
  assert.ok(refused > 0);
  world.lose(ada);
  world.connect(ada);
  ada.sayLine('again');
  world.flush();
  assert.equal(ada.all('chat.refused').length, refused + 1);
});

/** Sends the peer more frames than may stay unacknowledged, as fast as the rate limits allow. */
function flood(world: World, from: TestClient): void {
  for (let i = 0; i <= UNACKED_FRAMES_MAX && from.call !== null; i++) {
    from.sayCandidate('');
    world.pass(100);
  }
}

function nextPlace(client: TestClient): number {
  return client.unacknowledgedCount + client.acknowledgedCount + 1;
}

function frameOf(client: TestClient, text: string, seq: number): string {
  return JSON.stringify({ type: 'chat.send', seq, ...client.inCall(), id: 'line-raw', text });
}
