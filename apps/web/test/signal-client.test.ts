import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLOSES, type CloseReason } from '@farandole/protocol/close-codes';
import {
  ACK_AFTER_FRAMES,
  ACK_AFTER_MS,
  ACK_ALONG_AFTER_MS,
  LINK_DEAD_AFTER_MS,
  LINK_PING_AFTER_MS,
  UNACKED_FRAMES_MAX,
} from '@farandole/protocol/limits';
import type { FakeNode, FakeSession } from '../src/fakes/fake-node.ts';
import { settle } from '../src/fakes/fake-time.ts';
import {
  CALM_RETRY_FLOOR_MS,
  GIVE_UP_AFTER_MS,
  IDLE_RETRY_CEILING_MS,
  RETRY_CEILINGS_MS,
  URGENT_RETRY_CEILING_MS,
  URGENT_SILENCE_MS,
} from '../src/signal/limits.ts';
import type { SignalClient } from '../src/signal/signal-client.ts';
import { type ClientHarness, clientHarness, nthMessage } from './support/client-harness.ts';

/** @param prepare changes the fake node before the client opens its session */
async function online(
  prepare: (node: FakeNode) => void = () => {},
): Promise<ClientHarness & { session: () => FakeSession }> {
  const harness = clientHarness();
  prepare(harness.node);
  harness.client.start();
  await harness.time.quiet();
  assert.equal(harness.client.state.state, 'online');
  return { ...harness, session: () => onlySession(harness) };
}

function onlySession(harness: ClientHarness): FakeSession {
  const [session, ...more] = harness.node.sessions.values();
  assert.ok(session !== undefined && more.length === 0);
  return session;
}

/**
 * The state is read by a function call, because the compiler would keep the type that an earlier
 * assertion narrowed.
 */
const stateOf = (client: SignalClient): string => client.state.state;

test('[PR-10] opens a session by ticket, challenge and hello', async () => {
  const { node, client, states, opened } = await online();
  assert.deepEqual(
    states.map((state) => state.state),
    ['connecting', 'online'],
  );
  assert.equal(node.ticketsGiven, 1);
  assert.equal(opened(), 1);
  assert.notEqual(client.receipt, null);
  assert.deepEqual(node.faults, []);
});

test('[PR-11] signs the ticket in the first hello, the session id on resume', async () => {
  const { node, time } = await online();
  node.link.cutNow('close');
  await time.advance(1_000);
  assert.equal(node.hellos.length, 2);
  assert.equal(node.hellos[0]?.resume, undefined);
  assert.notEqual(node.hellos[1]?.resume, undefined);
  assert.equal(node.hellos[1]?.ticket, undefined, 'a resume needs no ticket');
  // The absence of a fault shows that the node verified both signatures.
  assert.deepEqual(node.faults, []);
});

test('[PR-63] marks only the first session of a page load as new', async () => {
  const { node, client, time } = await online();
  assert.equal(node.hellos[0]?.newPage, true);
  client.leave();
  client.start();
  await time.quiet();
  assert.equal(node.hellos.length, 2);
  assert.equal(node.hellos[1]?.newPage, undefined);
});

test('[PR-13] resumes the session after its socket is lost', async () => {
  const { node, time, client, states, opened } = await online();
  node.link.cutNow('close');
  await time.quiet();
  assert.equal(client.state.state, 'reconnecting');
  await time.advance(1_000);
  assert.equal(client.state.state, 'online');
  assert.equal(opened(), 1);
  assert.equal(node.ticketsGiven, 1);
  assert.deepEqual(
    states.map((state) => state.state),
    ['connecting', 'online', 'reconnecting', 'online'],
  );
});

test('[PR-13] sends the latest resume secret with each resume', async () => {
  const { node, time, session } = await online();
  const given = [session().secret];
  for (let resume = 1; resume <= 2; resume++) {
    node.link.cutNow('close');
    await time.advance(1_000);
    given.push(session().secret);
  }
  const shown = node.hellos.slice(1).map((hello) => hello.resume?.secret);
  assert.deepEqual(shown, given.slice(0, 2));
  assert.equal(new Set(given).size, 3);
});

test('resets the retry delay after a session that lasted long enough', async () => {
  const { node, time, client } = await online();
  node.link.breakOff();
  await time.advance(60_000);
  node.link.mode = 'pass';
  await time.advance(20_000);
  assert.equal(stateOf(client), 'online');
  node.link.cutNow('close');
  await time.advance(100);
  assert.equal(stateOf(client), 'online');
});

test('ignores frames that arrive on an abandoned socket', async () => {
  const { node, client, heard, session } = await online();
  const frame = JSON.stringify({ type: 'online.count', online: 21 });
  const { socket } = session();
  socket?.send(frame);
  client.leave();
  node.link.deliverLate(frame);
  assert.deepEqual(heard, []);
});

test('[PR-14] replaces a lost session within two retries and reports the replacement', async () => {
  const { node, time, client, opened } = await online();
  node.restart();
  await time.advance(RETRY_CEILINGS_MS[0] + RETRY_CEILINGS_MS[1]);
  assert.equal(client.state.state, 'online');
  assert.equal(opened(), 2);
  assert.equal(node.ticketsGiven, 2);
  assert.deepEqual(node.faults, []);
});

test('refuses to send messages without a session', async () => {
  const harness = clientHarness();
  assert.equal(harness.client.send(nthMessage(1)), false);
  harness.client.start();
  await harness.time.quiet();
  assert.equal(harness.client.send(nthMessage(2)), true);
  await harness.time.quiet();
  assert.equal(onlySession(harness).taken, 1);
});

test('[PR-22] acknowledges received frames after a number of frames or a delay', async () => {
  const { node, time, session } = await online();
  const tell = (): void =>
    node.send(session(), { type: 'ticket.withdrawn', ticket: 'ticket-0001' });
  for (let n = 1; n < ACK_AFTER_FRAMES; n++) tell();
  await time.quiet();
  assert.equal(session().kept.length, ACK_AFTER_FRAMES - 1);
  tell();
  await time.quiet();
  assert.equal(session().kept.length, 0);
  tell();
  await time.advance(ACK_AFTER_MS - 1);
  assert.equal(session().kept.length, 1);
  await time.advance(1);
  assert.equal(session().kept.length, 0);
});

test('[PR-212] acknowledges along with a message, of frames that have waited', async () => {
  const { client, node, time, session } = await online((made) => {
    made.readsAcks = () => false;
  });
  const tell = (): void =>
    node.send(session(), { type: 'ticket.withdrawn', ticket: 'ticket-0001' });
  const typing = { match: 'match-of-two', epoch: 1 } as const;
  const say: readonly (() => void)[] = [
    () => client.send(nthMessage(1)),
    () => client.pass({ type: 'chat.typing', ...typing, active: true }),
  ];
  for (const send of say) {
    tell();
    await time.advance(ACK_ALONG_AFTER_MS - 1);
    tell();
    send();
    await time.quiet();
    assert.equal(session().kept.length, 2, 'the frames came just now');
    await time.advance(1);
    send();
    await time.quiet();
    assert.equal(session().kept.length, 0);
  }
});

test('[PR-222a] acknowledges in the next message instead of in a frame', async () => {
  const { client, node, time, session } = await online();
  node.send(session(), { type: 'ticket.withdrawn', ticket: 'ticket-0001' });
  await time.quiet();
  const before = node.link.delivered;
  client.send(nthMessage(1));
  await time.quiet();
  assert.deepEqual(session().kept, []);
  await time.advance(2 * ACK_AFTER_MS);
  assert.equal(node.link.delivered, before + 1);
});

test('[PR-222] forgets messages that the node acknowledges in a message', async () => {
  const { client, node, time, session } = await online();
  session().readsAcks = true;
  client.send(nthMessage(1));
  client.send(nthMessage(2));
  await time.quiet();
  node.send(session(), { type: 'ticket.withdrawn', ticket: 'ticket-0001' });
  await time.quiet();
  node.link.cutNow('swallow');
  for (let n = 1; n <= UNACKED_FRAMES_MAX; n++) assert.equal(client.send(nthMessage(n)), true);
  assert.equal(client.send(nthMessage(0)), false);
});

test('[PR-25] opens a new session when a message acknowledges an unsent frame', async () => {
  const { node, time, session, opened } = await online();
  Object.assign(session(), { readsAcks: true, taken: 7 });
  node.send(session(), { type: 'ticket.withdrawn', ticket: 'ticket-0001' });
  await time.advance(1_000);
  assert.equal(opened(), 2);
});

test('[PR-23] repeats a message without its acknowledgement, for an older node too', async () => {
  const { client, node, time, session } = await online();
  node.send(session(), { type: 'ticket.withdrawn', ticket: 'ticket-0001' });
  await time.quiet();
  node.readsAcks = () => false;
  node.link.cutNow('swallow');
  client.send(nthMessage(1));
  client.doubt();
  await time.advance(LINK_DEAD_AFTER_MS + 1_000);
  assert.equal(session().taken, 1);
  assert.deepEqual(session().kept, []);
  assert.deepEqual(node.faults, []);
});

test('[PR-23] repeats frames before a message that a feature sends on resume', async () => {
  const harness = clientHarness();
  const { client, node, time } = harness;
  client.start();
  await time.quiet();
  node.link.cutNow('close');
  client.send(nthMessage(1));
  harness.entered = ({ state }) => {
    if (state === 'online') client.send(nthMessage(2));
  };
  await time.advance(1_000);
  assert.deepEqual(node.faults, []);
  assert.equal(onlySession(harness).taken, 2);
  assert.equal(node.hellos.length, 2);
});

test('resumes the session on a gap in the received frames', async () => {
  const { node, time, session, heard } = await online();
  const { socket } = session();
  // The node stores a frame without sending it, which is the same for the client as a lost frame.
  session().socket = null;
  node.send(session(), { type: 'ticket.withdrawn', ticket: 'ticket-0001' });
  session().socket = socket;
  node.send(session(), { type: 'ticket.withdrawn', ticket: 'ticket-0002' });
  await time.advance(1_000);
  assert.deepEqual(
    heard.map((message) => 'ticket' in message && message.ticket),
    ['ticket-0001', 'ticket-0002'],
  );
});

test('[PR-3] counts a sequenced message of unknown type, and ignores it', async () => {
  const { node, time, session, heard, opened } = await online();
  const later = { type: 'later.message', seq: session().sent + 1 };
  session().sent += 1;
  session().socket?.send(JSON.stringify(later));
  node.send(session(), { type: 'ticket.withdrawn', ticket: 'ticket-0001' });
  await time.advance(1_000);
  assert.equal(heard.at(-1)?.type, 'ticket.withdrawn');
  assert.equal(node.hellos.length, 1, 'the socket stays open');
  assert.equal(opened(), 1);
});

test('[PR-25] opens a new session when the node acknowledges an unsent frame', async () => {
  const { node, time, session, opened } = await online();
  node.pass(session(), { type: 'link.ack', ack: 7 });
  await time.advance(1_000);
  assert.equal(opened(), 2);
});

test('pings after 2 s without a frame, drops the socket after 4', async () => {
  const { node, time, client } = await online();
  client.setUrgent(true);
  node.link.cutNow('swallow');
  await time.advance(LINK_PING_AFTER_MS);
  assert.equal(stateOf(client), 'online');
  await time.advance(LINK_DEAD_AFTER_MS - LINK_PING_AFTER_MS - 1);
  assert.equal(stateOf(client), 'online');
  await time.advance(1);
  assert.equal(stateOf(client), 'reconnecting');
  await time.advance(200);
  assert.equal(stateOf(client), 'online');
});

test('pings a silent connection only while a search or call needs it', async () => {
  const { node, time, client, states } = await online();
  const before = node.link.delivered;
  await time.advance(60_000);
  assert.equal(node.link.delivered, before);
  client.setUrgent(true);
  await time.advance(60_000);
  assert.ok(node.link.delivered >= before + 2 * 29, 'a question and an answer each two seconds');
  assert.equal(states.length, 2);
});

test('pings after the machine slept instead of dropping the socket', async () => {
  const { node, time, client, states } = await online();
  client.setUrgent(true);
  time.sleep(3_600_000);
  const { opened } = node.link;
  await time.advance(10_000);
  assert.equal(node.link.opened, opened);
  assert.equal(states.length, 2);
});

test('gives up a hanging connection attempt; a later attempt succeeds', async () => {
  const { node, time, client } = await online();
  client.setUrgent(true);
  node.link.mode = 'swallow';
  node.link.cutNow('swallow');
  await time.advance(LINK_DEAD_AFTER_MS + URGENT_SILENCE_MS + 500);
  assert.equal(client.state.state, 'reconnecting');
  assert.ok(node.link.opened >= 3);
  node.link.mode = 'pass';
  await time.advance(5_000);
  assert.equal(client.state.state, 'online');
});

test('restores a call within 3 s after any silent network returns', async () => {
  for (let awayMs = LINK_DEAD_AFTER_MS; awayMs <= 30_000; awayMs += 250) {
    const { node, time, client } = await online();
    client.setUrgent(true);
    node.link.mode = 'swallow';
    node.link.cutNow('swallow');
    await time.advance(awayMs);
    assert.equal(stateOf(client), 'reconnecting');
    node.link.mode = 'pass';
    await time.advance(URGENT_SILENCE_MS);
    assert.equal(stateOf(client), 'online', `away for ${awayMs} ms`);
  }
});

test('continues a slow connection attempt that still receives answers', async () => {
  const { node, time, client } = clientHarness();
  const { link } = node;
  client.setUrgent(true);
  client.start();
  await settle();
  assert.equal(link.opened, 1);
  // The challenge and the message `session.opened` each arrive 100 ms before the timeout.
  for (const frames of [1, 2]) {
    link.mode = 'swallow';
    await time.advance(URGENT_SILENCE_MS - 100);
    link.mode = 'pass';
    assert.equal(link.pump(), true);
    await settle();
    assert.equal(link.delivered, frames);
  }
  await time.quiet();
  assert.equal(stateOf(client), 'online');
  assert.equal(link.opened, 1);
});

test('retries the connection at once when the network returns', async () => {
  const { node, time, client, setOnline } = await online();
  node.link.mode = 'refuse';
  setOnline(false);
  node.link.cutNow('close');
  await time.advance(60_000);
  assert.equal(client.state.state, 'reconnecting');
  node.link.mode = 'pass';
  setOnline(true);
  await time.quiet();
  assert.equal(client.state.state, 'online');
});

test('pings an open socket at once after a network change', async () => {
  const { node, time, client, setOnline } = await online();
  node.link.cutNow('swallow');
  setOnline(true);
  await time.advance(LINK_DEAD_AFTER_MS - LINK_PING_AFTER_MS);
  assert.equal(client.state.state, 'reconnecting');
});

test('stops reconnecting after 15 minutes until the user requests a retry', async () => {
  const { node, time, client } = await online();
  node.link.breakOff();
  await time.advance(GIVE_UP_AFTER_MS + 60_000);
  assert.deepEqual(client.state, { state: 'stopped', reason: 'gave-up' });
  assert.equal(time.pending, 0);
  node.link.mode = 'pass';
  client.start();
  await time.quiet();
  assert.equal(client.state.state, 'online');
});

test("stops before hello if the server doesn't support the page's version", async () => {
  const harness = clientHarness();
  harness.node.versions = { min: 2, max: 3 };
  harness.client.start();
  await harness.time.advance(60_000);
  assert.deepEqual(harness.client.state, { state: 'stopped', reason: 'version-unsupported' });
  assert.equal(harness.node.hellos.length, 0);
});

test('retries failed HTTP requests, waits when crowded, stops when refused', async () => {
  for (const fault of ['unreachable', 'crowded', 'refused'] as const) {
    const { node, time, client } = clientHarness();
    node.httpFault = fault;
    client.start();
    await time.quiet();
    node.httpFault = null;
    if (fault === 'refused') {
      assert.deepEqual(client.state, { state: 'stopped', reason: 'refused-here' });
      continue;
    }
    await time.advance(CALM_RETRY_FLOOR_MS - 1);
    assert.equal(client.state.state, fault === 'unreachable' ? 'online' : 'connecting');
    await time.advance(CALM_RETRY_FLOOR_MS + 1);
    assert.equal(client.state.state, 'online');
  }
});

for (const reason of Object.keys(CLOSES) as CloseReason[]) {
  const { after } = CLOSES[reason];
  test(`[PR-7] reacts to close reason ${reason} with "${after}"`, async () => {
    const { node, time, client, session, opened } = await online();
    node.close(session(), reason);
    await time.quiet();
    if (after === 'stop') {
      assert.deepEqual(client.state, { state: 'stopped', reason });
      await time.advance(60_000);
      assert.equal(node.link.opened, 1);
      return;
    }
    await time.advance(CALM_RETRY_FLOOR_MS - 1);
    assert.equal(client.state.state, after === 'wait' ? 'reconnecting' : 'online');
    await time.advance(CALM_RETRY_FLOOR_MS + 1);
    assert.equal(client.state.state, 'online');
    assert.equal(opened(), after === 'resume' ? 1 : 2);
  });
}

test('[PR-15] tells the node that the page leaves; never reconnects', async () => {
  const { node, time, client } = await online();
  client.leave();
  await time.advance(60_000);
  assert.equal(node.sessions.size, 0);
  assert.deepEqual(client.state, { state: 'stopped', reason: null });
  assert.equal(time.pending, 0);
});

for (const unit of [0.1, 0.5, 0.9]) {
  test(`waits ${unit} of each retry ceiling when the random number is ${unit}`, async () => {
    const { node, time, client } = clientHarness(1, () => unit);
    client.start();
    await time.quiet();
    node.link.breakOff();
    await time.quiet();
    for (const [tried, ceilingMs] of [...RETRY_CEILINGS_MS, IDLE_RETRY_CEILING_MS].entries()) {
      assert.equal(node.link.opened, 1 + tried);
      await time.advance(unit * ceilingMs - 1);
      assert.equal(node.link.opened, 1 + tried, 'not sooner');
      await time.advance(1);
      assert.equal(node.link.opened, 2 + tried);
    }
  });
}

test('retries as during a call while a message waits for the server', async () => {
  const { node, time, client } = clientHarness(1, () => 0.9);
  client.start();
  await time.quiet();
  node.link.breakOff();
  await time.quiet();
  client.send(nthMessage(1));
  for (const ceilingMs of [...RETRY_CEILINGS_MS, URGENT_RETRY_CEILING_MS]) {
    const { opened } = node.link;
    await time.advance(0.9 * ceilingMs);
    assert.equal(node.link.opened, opened + 1);
  }
});
