import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RESTART_AFTER_MS, RESTART_PAUSE_MS } from '../src/call/limits.ts';
import type { PeerLink, PeerLinkOptions } from '../src/call/peer-link.ts';
import { type FakeConnection, readFakeSdp } from '../src/fakes/fake-rtc.ts';
import { PeerPair } from './support/peers.ts';

function assertConnected(pair: PeerPair): void {
  assert.equal(pair.state('offerer'), 'connected');
  assert.equal(pair.state('answerer'), 'connected');
}

function find(pair: PeerPair, role: PeerLinkOptions['role']): FakeConnection {
  const found = pair.network.connections.find(({ options }) => options.role === role);
  return found ?? assert.fail(`there is no ${role}`);
}

test('[PR-42] connects two peer links without prepared offers', async () => {
  const pair = await PeerPair.connected();
  assertConnected(pair);
  assert.deepEqual(pair.said.offerer, ['signal.offer', 'signal.candidate']);
  assert.deepEqual(pair.said.answerer, ['signal.answer', 'signal.candidate']);
  assert.deepEqual(pair.told, { offerer: ['connected'], answerer: ['connected'] });
});

test('[PR-34] answers the offer in a match synchronously', async () => {
  const pair = new PeerPair();
  const connection = pair.connect('offerer');
  const { sdp } = await connection.offer();
  await pair.time.quiet();
  const written = connection.localDescription()?.sdp ?? sdp;
  const answerer = pair.connect('answerer');
  pair.link('answerer', { offer: written }, { connection: answerer, offer: null, candidates: [] });
  // The browser's queue must contain the offer before any await.
  assert.equal(answerer.queued, 1);
  pair.link('offerer', { offerUsed: true }, { connection, offer: null, candidates: [] });
  await pair.time.quiet();
  assertConnected(pair);
  assert.equal(pair.said.offerer.includes('signal.offer'), false, 'it is not sent twice');
});

test('sends ICE candidates found after the offer once there is a match', async () => {
  const pair = new PeerPair();
  pair.network.gathersAtOnce = false;
  const connection = pair.connect('offerer');
  const candidates: Parameters<FakeConnection['addCandidate']>[0][] = [];
  connection.listen({
    candidate: (candidate) => {
      if (candidate !== null) candidates.push(candidate);
    },
    stateChanged: () => {},
    remoteTrack: () => {},
  });
  const offer = await connection.offer();
  connection.gather();
  pair.link('answerer', { offer: offer.sdp });
  pair.link('offerer', { offerUsed: true }, { connection, offer, candidates });
  await pair.time.quiet();
  assert.deepEqual(pair.said.offerer, ['signal.candidate']);
  find(pair, 'answerer').gather();
  await pair.time.quiet();
  assertConnected(pair);
});

test("sends a prepared offer unchanged if the match didn't contain it", async () => {
  const pair = new PeerPair();
  const connection = pair.connect('offerer');
  const offer = await connection.offer();
  await pair.time.quiet();
  pair.link('answerer');
  pair.link('offerer', {}, { connection, offer, candidates: [] });
  assert.deepEqual(pair.said.offerer, ['signal.offer'], 'in the very turn');
});

test('buffers ICE candidates until their description arrives', async () => {
  const pair = new PeerPair();
  pair.link('offerer');
  await pair.time.quiet();
  const [offer, candidate] = pair.queues.offerer.splice(0, 2);
  assert.ok(offer?.type === 'signal.offer' && candidate?.type === 'signal.candidate');
  const answerer = pair.link('answerer');
  await answerer.receive(candidate);
  await answerer.receive(offer);
  await pair.time.quiet();
  assertConnected(pair);
});

test("[PR-42] drops the polite side's offer in a collision and connects", async () => {
  const pair = await PeerPair.connected();
  pair.network.breakPaths();
  pair.links.offerer?.resignal();
  pair.links.answerer?.resignal();
  await pair.time.quiet();
  assertConnected(pair);
  const offers = (said: readonly string[]): number =>
    said.filter((type) => type === 'signal.offer').length;
  assert.equal(offers(pair.said.offerer), 2);
  assert.equal(offers(pair.said.answerer), 1);
  assert.equal(
    pair.said.offerer.includes('signal.answer'),
    false,
    'the impolite side gives up nothing',
  );
});

test('[PR-42] handles a repeated offer without a collision or rollback', async () => {
  const pair = await PeerPair.connected();
  pair.isHeld = true;
  pair.network.breakPaths();
  pair.links.offerer?.resignal();
  await pair.time.quiet();
  while (pair.hear('offerer'));
  await pair.time.quiet();
  pair.links.answerer?.resignal();
  await pair.time.quiet();
  // The offerer sends its signals a second time before it receives the answer.
  pair.links.offerer?.resignal();
  await pair.time.quiet();
  while (pair.hear('offerer'));
  await pair.time.quiet();
  assert.equal(find(pair, 'answerer').signalingState, 'have-local-offer');
  pair.isHeld = false;
  await pair.time.quiet();
  assertConnected(pair);
  assert.deepEqual(
    pair.said.answerer.filter((type) => type !== 'signal.candidate'),
    ['signal.answer', 'signal.answer', 'signal.offer', 'signal.answer'],
  );
});

test('sends each answer before its ICE candidates for two concurrent offers', async () => {
  const pair = await PeerPair.connected();
  pair.isHeld = true;
  const connection = find(pair, 'offerer');
  const repeated = connection.localDescription() ?? assert.fail('nothing was offered');
  for (const { sdp } of [repeated, await connection.offer()]) {
    void pair.links.answerer?.receive({ type: 'signal.offer', sdp });
  }
  await pair.time.quiet();
  const described = new Set<number>();
  for (const signal of pair.queues.answerer) {
    if (signal.type !== 'signal.candidate') described.add(readFakeSdp(signal.sdp).round);
    else assert.ok(described.has(readFakeSdp(signal.candidate.candidate).round));
  }
  assert.equal(pair.queues.answerer.at(-1)?.type, 'signal.candidate');
});

test('connects for any order of ICE restarts and signal deliveries', async () => {
  const step = fc.constantFrom('offerer', 'answerer', 'hear-offerer', 'hear-answerer', 'turn');
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 30, size: 'max' }),
      async (steps) => {
        const pair = new PeerPair();
        pair.both();
        await pair.time.quiet();
        pair.network.breakPaths();
        for (const what of steps) {
          if (what === 'turn') await Promise.resolve();
          else if (what === 'offerer' || what === 'answerer') pair.links[what]?.resignal();
          else {
            pair.hear(what === 'hear-offerer' ? 'offerer' : 'answerer');
          }
        }
        // Waits for the ICE restarts that follow while the path is broken.
        await pair.time.advance(30_000);
        assertConnected(pair);
      },
    ),
    { numRuns: 200 },
  );
});

test('reports a broken path at once; lets the impolite side restart ICE', async () => {
  const pair = await PeerPair.connected();
  pair.network.breakPaths();
  assert.deepEqual(pair.told.offerer, ['connected', 'interrupted']);
  await pair.time.advance(RESTART_AFTER_MS - 1);
  assert.equal(pair.state('offerer'), 'disconnected');
  await pair.time.advance(1);
  assertConnected(pair);
  assert.equal(find(pair, 'offerer').restarts, 1);
  assert.equal(find(pair, 'answerer').restarts, 0);
  assert.deepEqual(pair.told.answerer, ['connected', 'interrupted', 'connected']);
  assert.equal(pair.iceRequests, 1, 'with fresh servers');
});

test("doesn't restart ICE on a path that recovers in time", async () => {
  const pair = await PeerPair.connected();
  const connection = find(pair, 'offerer');
  connection.enter('disconnected');
  await pair.time.advance(RESTART_AFTER_MS - 1);
  connection.enter('connected');
  await pair.time.advance(60_000);
  assert.equal(connection.restarts, 0);
});

test('retries ICE during a long network outage and recovers after it', async () => {
  const pair = await PeerPair.connected();
  pair.network.reachable = false;
  pair.network.breakPaths();
  await pair.time.advance(20_000);
  assert.ok(find(pair, 'offerer').restarts >= 4);
  pair.network.reachable = true;
  await pair.time.advance(RESTART_PAUSE_MS);
  assertConnected(pair);
});

test("reports a failed first connection and doesn't retry ICE", async () => {
  const pair = new PeerPair();
  pair.network.reachable = false;
  pair.both();
  await pair.time.quiet();
  find(pair, 'offerer').enter('failed');
  await pair.time.advance(60_000);
  assert.deepEqual(pair.told.offerer, ['failed']);
  assert.equal(find(pair, 'offerer').restarts, 0);
});

test('ignores unexpected answers and invalid signals', async () => {
  const pair = await PeerPair.connected();
  await pair.links.offerer?.receive({ type: 'signal.answer', sdp: '{"type":"answer"}' });
  await pair.links.offerer?.receive({ type: 'signal.offer', sdp: 'nonsense' });
  await pair.links.answerer?.receive({
    type: 'signal.candidate',
    candidate: { candidate: '{"from":99,"round":1}', sdpMid: '0', sdpMLineIndex: 0 },
  });
  assertConnected(pair);
  assert.deepEqual(pair.told, { offerer: ['connected'], answerer: ['connected'] });
});

test('reports failure when the browser rejects the first description', async () => {
  const pair = new PeerPair();
  pair.link('answerer', { offer: 'nonsense' });
  await pair.time.quiet();
  assert.deepEqual(pair.told.answerer, ['failed']);
});

test('[PR-44] restarts ICE once without the relay when both users agree', async () => {
  const pair = new PeerPair();
  for (const role of ['offerer', 'answerer'] as const) relayed(pair, role);
  await pair.time.quiet();
  assert.equal(await pair.links.offerer?.way(), 'relay');
  for (let word = 0; word < 2; word++) {
    for (const role of ['offerer', 'answerer'] as const) pair.links[role]?.allowDirect(true);
    await pair.time.quiet();
  }
  assertConnected(pair);
  assert.equal(await pair.links.answerer?.way(), 'direct');
  assert.equal(find(pair, 'offerer').restarts + find(pair, 'answerer').restarts, 1);
  for (const role of ['offerer', 'answerer'] as const) pair.links[role]?.allowDirect(false);
  await pair.time.quiet();
  assert.equal(await pair.links.offerer?.way(), 'relay');
});

test("[PR-44] applies the users' last choice of route after repeated changes", async () => {
  const side = fc.constantFrom('offerer', 'answerer');
  const step = fc.oneof(
    fc.record({ what: fc.constantFrom('hear', 'stalls', 'flows'), side }),
    fc.record({ what: fc.constantFrom('allowed', 'forbidden', 'turn', 'time') }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 30, size: 'max' }),
      fc.boolean(),
      async (steps, last) => {
        const pair = new PeerPair();
        const both = { offerer: relayed(pair, 'offerer'), answerer: relayed(pair, 'answerer') };
        await pair.time.quiet();
        pair.isHeld = true;
        const tellBoth = (isAllowed: boolean): void => {
          for (const link of Object.values(both)) link.allowDirect(isAllowed);
        };
        for (const each of steps) {
          if (each.what === 'turn') await Promise.resolve();
          else if (each.what === 'time') await pair.time.advance(RESTART_AFTER_MS);
          else if (!('side' in each)) tellBoth(each.what === 'allowed');
          else if (each.what === 'hear') pair.hear(each.side);
          else both[each.side].setStalled(each.what === 'stalls');
        }
        tellBoth(last);
        pair.isHeld = false;
        for (const link of Object.values(both)) link.setStalled(false);
        await pair.time.advance(30_000);
        assertConnected(pair);
        for (const link of Object.values(both)) {
          assert.equal(await link.way(), last ? 'direct' : 'relay');
        }
      },
    ),
    { numRuns: 2_000 },
  );
});

function relayed(pair: PeerPair, role: PeerLinkOptions['role']): PeerLink {
  const connection = pair.connect(role, 'relay');
  return pair.link(role, { policy: 'relay' }, { connection, offer: null, candidates: [] });
}

test('resends signals that were lost while the link was connecting', async () => {
  const pair = new PeerPair();
  pair.link('offerer');
  await pair.time.quiet();
  // Simulates that the offer is lost on its way to the peer.
  pair.queues.offerer.length = 0;
  pair.link('answerer');
  await pair.time.quiet();
  assert.notEqual(pair.state('offerer'), 'connected');
  pair.links.offerer?.resignal();
  pair.links.answerer?.resignal();
  await pair.time.quiet();
  assertConnected(pair);
});

test("doesn't disturb flowing media when signalling returns", async () => {
  const pair = await PeerPair.connected();
  pair.links.offerer?.resignal();
  await pair.time.advance(10_000);
  assert.equal(find(pair, 'offerer').restarts, 0);
});

test('the peer link sends and reports nothing after close()', async () => {
  const pair = new PeerPair();
  pair.both();
  for (const link of [pair.links.offerer, pair.links.answerer]) link?.close();
  await pair.time.advance(60_000);
  assert.deepEqual(pair.told, { offerer: [], answerer: [] });
  assert.deepEqual(pair.said, { offerer: [], answerer: [] });
  assert.equal(pair.time.pending, 0);
});

test('restarts ICE on a dead path that the browser reports as connected', async () => {
  const pair = await PeerPair.connected();
  pair.links.offerer?.setStalled(true);
  assert.deepEqual(pair.told.offerer, ['connected', 'interrupted']);
  await pair.time.advance(RESTART_AFTER_MS);
  assert.equal(find(pair, 'offerer').restarts, 1);
  pair.links.offerer?.setStalled(false);
  assert.deepEqual(pair.told.offerer, ['connected', 'interrupted', 'connected']);
  await pair.time.advance(10 * RESTART_PAUSE_MS);
  assert.equal(find(pair, 'offerer').restarts, 1, 'what flows again is left alone');
});

test('delays an ICE restart until signalling works', async () => {
  const pair = await PeerPair.connected();
  pair.canSignal = false;
  pair.network.reachable = false;
  pair.network.breakPaths();
  await pair.time.advance(20_000);
  assert.equal(find(pair, 'offerer').restarts + find(pair, 'answerer').restarts, 0);
  pair.canSignal = true;
  pair.network.reachable = true;
  pair.links.offerer?.signallingBack();
  pair.links.answerer?.signallingBack();
  await pair.time.advance(0);
  assert.equal(find(pair, 'offerer').restarts, 1);
  assertConnected(pair);
  // The link doesn't restart a working path when signalling returns.
  pair.links.offerer?.signallingBack();
  await pair.time.advance(RESTART_PAUSE_MS);
  assert.equal(find(pair, 'offerer').restarts, 1);
});

test('lets the offerer make the first ICE restart', async () => {
  const pair = new PeerPair();
  pair.both();
  await pair.time.advance(100);
  pair.network.reachable = false;
  pair.network.breakPaths();
  await pair.time.advance(RESTART_AFTER_MS);
  const restarts = (): readonly number[] =>
    (['offerer', 'answerer'] as const).map((role) => find(pair, role).restarts);
  assert.deepEqual(restarts(), [1, 0]);
  // The test holds the offerer's signals back, so the answerer restarts ICE halfway between two
  // attempts of the offerer.
  pair.isHeld = true;
  await pair.time.advance(RESTART_PAUSE_MS / 2 - 1);
  assert.deepEqual(restarts(), [1, 0]);
  await pair.time.advance(1);
  assert.deepEqual(restarts(), [1, 1]);
});
