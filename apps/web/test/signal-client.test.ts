import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLOSES, type CloseReason } from '@farandole/protocol/close-codes';
import {
  ACK_AFTER_FRAMES,
  ACK_AFTER_MS,
  LINK_DEAD_AFTER_MS,
  LINK_PING_AFTER_MS,
} from '@farandole/protocol/limits';
import type { FakeSession } from '../src/fakes/fake-node.ts';
import { settle } from '../src/fakes/fake-time.ts';
import {
  CALM_RETRY_FLOOR_MS,
  GIVE_UP_AFTER_MS,
  IDLE_RETRY_CEILING_MS,
  RETRY_CEILINGS_MS,
  URGENT_SILENCE_MS,
} from '../src/signal/limits.ts';
import type { SignalClient } from '../src/signal/signal-client.ts';
import { type ClientHarness, clientHarness, nthMessage } from './support/client-harness.ts';

async function online(): Promise<ClientHarness & { session: () => FakeSession }> {
  const harness = clientHarness();
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

/** Through a call, since the compiler would take an earlier assertion for the state's last word. */
const stateOf = (client: SignalClient): string => client.state.state;

test('[PR-10] a ticket, a challenge, a hello, and a session stands', async () => {
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

test('[PR-11] the answer to the challenge is over the ticket, and over the session in a resume', async () => {
  const { node, time } = await online();
  node.link.cutNow('close');
  await time.advance(1_000);
  assert.equal(node.hellos.length, 2);
  assert.equal(node.hellos[0]?.resume, undefined);
  assert.notEqual(node.hellos[1]?.resume, undefined);
  assert.equal(node.hellos[1]?.ticket, undefined, 'a resume needs no ticket');
  // The node has checked both signatures against their bearers.
  assert.deepEqual(node.faults, []);
});

test('[PR-63] only the first session of a page says that the page is new', async () => {
  const { node, client, time } = await online();
  assert.equal(node.hellos[0]?.newPage, true);
  client.leave();
  client.start();
  await time.quiet();
  assert.equal(node.hellos.length, 2);
  assert.equal(node.hellos[1]?.newPage, undefined);
});

test('[PR-13] a lost socket is followed by a resume of the same session', async () => {
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

test('[PR-13] each resume shows the secret that the last reply gave', async () => {
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

test('a session that stood for a while was a success: the next trouble is met as fast as the first', async () => {
  const { node, time, client } = await online();
  node.link.mode = 'refuse';
  node.link.cutNow('close');
  await time.advance(60_000);
  node.link.mode = 'pass';
  await time.advance(20_000);
  assert.equal(stateOf(client), 'online');
  node.link.cutNow('close');
  await time.advance(100);
  assert.equal(stateOf(client), 'online');
});

test('what an abandoned socket still brings is not heard', async () => {
  const { node, client, heard, session } = await online();
  const frame = JSON.stringify({ type: 'online.count', online: 21 });
  const { socket } = session();
  socket?.send(frame);
  client.leave();
  node.link.deliverLate(frame);
  assert.deepEqual(heard, []);
});

test('[PR-14] a session that is gone is replaced at once by a new one, and the loss is said', async () => {
  const { node, time, client, opened } = await online();
  node.restart();
  await time.advance(200);
  assert.equal(client.state.state, 'online');
  assert.equal(opened(), 2);
  assert.equal(node.ticketsGiven, 2);
  assert.deepEqual(node.faults, []);
});

test('what is said while no session stands is refused, not kept for another session', async () => {
  const harness = clientHarness();
  assert.equal(harness.client.send(nthMessage(1)), false);
  harness.client.start();
  await harness.time.quiet();
  assert.equal(harness.client.send(nthMessage(2)), true);
  await harness.time.quiet();
  assert.equal(onlySession(harness).taken, 1);
});

test('[PR-22] frames are acknowledged after so many, or after so long', async () => {
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

test('a gap in the stream is healed by a resume', async () => {
  const { node, time, session, heard } = await online();
  const { socket } = session();
  // A frame that is kept and never sent is what a lost frame looks like.
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

test('[PR-25] a node that acknowledges what was never sent gets a new session', async () => {
  const { node, time, session, opened } = await online();
  node.pass(session(), { type: 'link.ack', ack: 7 });
  await time.advance(1_000);
  assert.equal(opened(), 2);
});

test('a silent link is asked after two seconds and given up after four, while it matters', async () => {
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

test('a link that answers is left alone, and one that nobody needs is not asked', async () => {
  const { node, time, client, states } = await online();
  const before = node.link.delivered;
  await time.advance(60_000);
  assert.equal(node.link.delivered, before);
  client.setUrgent(true);
  await time.advance(60_000);
  assert.ok(node.link.delivered >= before + 2 * 29, 'a question and an answer each two seconds');
  assert.equal(states.length, 2);
});

test('after the machine slept, the link is asked before it is judged', async () => {
  const { node, time, client, states } = await online();
  client.setUrgent(true);
  time.sleep(3_600_000);
  const { opened } = node.link;
  await time.advance(10_000);
  assert.equal(node.link.opened, opened);
  assert.equal(states.length, 2);
});

test('a try that hangs is given up, and the next one may succeed', async () => {
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

test('whenever a network comes back that went without a word, a call is back within three seconds', async () => {
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

test('a try that hears something goes on, in a network that takes long for each answer', async () => {
  const { node, time, client } = clientHarness();
  const { link } = node;
  client.setUrgent(true);
  client.start();
  await settle();
  assert.equal(link.opened, 1);
  // The challenge comes late, and so does the session.
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

test('when the network comes back, a try is made at once', async () => {
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

test('a change of network under an open socket asks at once whether it lives', async () => {
  const { node, time, client, setOnline } = await online();
  node.link.cutNow('swallow');
  setOnline(true);
  await time.advance(LINK_DEAD_AFTER_MS - LINK_PING_AFTER_MS);
  assert.equal(client.state.state, 'reconnecting');
});

test('after a quarter of an hour the page stops trying, until it is asked', async () => {
  const { node, time, client } = await online();
  node.link.mode = 'refuse';
  node.link.cutNow('close');
  await time.advance(GIVE_UP_AFTER_MS + 60_000);
  assert.deepEqual(client.state, { state: 'stopped', reason: 'gave-up' });
  assert.equal(time.pending, 0);
  node.link.mode = 'pass';
  client.start();
  await time.quiet();
  assert.equal(client.state.state, 'online');
});

test('a page of another version stops before it says hello', async () => {
  const harness = clientHarness();
  harness.node.versions = { min: 2, max: 3 };
  harness.client.start();
  await harness.time.advance(60_000);
  assert.deepEqual(harness.client.state, { state: 'stopped', reason: 'version-unsupported' });
  assert.equal(harness.node.hellos.length, 0);
});

test('HTTP that fails is tried again, that is crowded later, that refuses never', async () => {
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
  test(`[PR-7] after a close as ${reason}, the page does what "${after}" says`, async () => {
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

test('[PR-15] leaving says so and closes for good', async () => {
  const { node, time, client } = await online();
  client.leave();
  await time.advance(60_000);
  assert.equal(node.sessions.size, 0);
  assert.deepEqual(client.state, { state: 'stopped', reason: null });
  assert.equal(time.pending, 0);
});

for (const unit of [0.1, 0.5, 0.9]) {
  test(`retries after ${unit} of each ceiling when chance draws ${unit}`, async () => {
    const { node, time, client } = clientHarness(1, () => unit);
    client.start();
    await time.quiet();
    node.link.mode = 'refuse';
    node.link.cutNow('close');
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
