import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkConnection } from '../src/call/connection-check.ts';
import { CONNECT_RETRIES_MAX, CONNECT_TIMEOUT_MS } from '../src/call/limits.ts';
import { FakeRtcNetwork } from '../src/fakes/fake-rtc.ts';
import { FakeTime } from '../src/fakes/fake-time.ts';
import { World } from '../src/fakes/world.ts';
import { hasRelay } from '../src/screens/conversation/has-relay.ts';

const RELAY = [{ urls: ['turn:relay.example.org'], username: 'u', credential: 'c' }];

async function found(
  change: Partial<FakeRtcNetwork>,
  policy: 'relay' | 'all',
  iceServers = RELAY,
): Promise<string> {
  const network = Object.assign(new FakeRtcNetwork(), change);
  const time = new FakeTime();
  let way = 'nothing yet';
  void checkConnection(network.handler(), time, { iceServers, policy }).then((answer) => {
    way = answer;
  });
  await time.advance(2 * CONNECT_TIMEOUT_MS);
  assert.deepEqual(network.open, [], 'nothing is left open');
  for (const { options } of network.connections) {
    assert.deepEqual(options.tracks, { audio: null, video: null }, 'nothing is sent');
  }
  return way;
}

test('reports "relay" when the relay works, without checking other routes', async () => {
  const network = new FakeRtcNetwork();
  const time = new FakeTime();
  const way = checkConnection(network.handler(), time, { iceServers: RELAY, policy: 'relay' });
  await time.advance(10);
  assert.equal(await way, 'relay');
  assert.deepEqual(
    network.connections.map(({ options }) => options.policy),
    ['relay', 'relay'],
  );
});

test('reports "blocked" if the relay is silent, failing or unavailable', async () => {
  assert.equal(await found({ reachable: false }, 'relay'), 'blocked');
  assert.equal(await found({ gathersAtOnce: false }, 'relay'), 'blocked');
  assert.equal(await found({ broken: true }, 'relay'), 'blocked');
});

test('reports "direct" for any local candidate if there is no relay', async () => {
  assert.equal(await found({}, 'all', []), 'direct');
  assert.equal(await found({ gathersAtOnce: false }, 'all', []), 'blocked');
  assert.equal(await found({}, 'relay', []), 'blocked');
});

test('reports "direct" after a STUN answer unless the policy requires the relay', async () => {
  assert.equal(await found({ finds: 'srflx' }, 'all'), 'direct');
  assert.equal(await found({ finds: 'host' }, 'all'), 'relay');
  assert.equal(await found({ finds: 'host', reachable: false }, 'all'), 'blocked');
});

test('reports "blocked" at once if calls need a relay and none exists', async () => {
  const network = new FakeRtcNetwork();
  const iceServers = [{ urls: ['stun:relay.example.org'] }];
  const options = { iceServers, policy: 'relay' } as const;
  assert.equal(await checkConnection(network.handler(), new FakeTime(), options), 'blocked');
  assert.deepEqual(network.connections, []);
});

test('[PR-81b] tells the user if the server provided no relay', async () => {
  for (const iceServers of [RELAY, []]) {
    const world = new World();
    world.node.facts = { ...world.node.facts, relay: 'always', hasTurn: true };
    world.node.iceServers = iceServers;
    const { app } = world.regular('ada');
    await world.time.quiet();
    assert.equal(hasRelay(app), iceServers.length > 0);
  }
});

test('checks the connection automatically only in the green room', async () => {
  const world = new World();
  world.node.facts = { ...world.node.facts, relay: 'until-consent', hasTurn: true };
  world.node.iceServers = RELAY;
  const ada = world.regular('ada', { greenRoomPassed: false });
  await world.time.quiet();
  assert.equal(ada.app.connectionCheck.state.value, 'idle');
  assert.deepEqual(world.rtc.connections, []);
  ada.app.navigation.start('video');
  await world.time.advance(10);
  assert.equal(ada.app.screen.value, 'green-room');
  assert.equal(ada.app.connectionCheck.state.value, 'relay');

  world.rtc.reachable = false;
  world.node.link.cutNow('close');
  await world.time.quiet();
  assert.equal(ada.app.connectionCheck.state.value, 'idle', 'no server, no answer');
  await world.time.advance(2_000);
  assert.equal(ada.app.link.view.value.state, 'online');
  await world.time.advance(CONNECT_TIMEOUT_MS);
  assert.equal(ada.app.connectionCheck.state.value, 'blocked');

  world.rtc.reachable = true;
  ada.app.connectionCheck.again();
  assert.equal(ada.app.connectionCheck.state.value, 'checking');
  await world.time.advance(10);
  assert.equal(ada.app.connectionCheck.state.value, 'relay');
  ada.app.navigation.home();
  assert.equal(ada.app.connectionCheck.state.value, 'idle');
  ada.app.connectionCheck.again();
  assert.equal(ada.app.connectionCheck.state.value, 'idle');
  world.assertNoFault();
});

test('checks the connection after failed calls, then only on request', async () => {
  const world = new World();
  world.node.facts = { ...world.node.facts, relay: 'until-consent', hasTurn: true };
  world.node.iceServers = RELAY;
  world.rtc.reachable = false;
  const [ada, bo] = await world.meet('video');
  await world.time.advance((CONNECT_RETRIES_MAX + 1) * (CONNECT_TIMEOUT_MS + 100));
  assert.equal(ada.app.call.ended.value?.reason, 'no-connection');
  assert.equal(ada.app.connectionCheck.state.value, 'checking');
  await world.time.advance(CONNECT_TIMEOUT_MS);
  assert.equal(ada.app.connectionCheck.state.value, 'blocked');
  assert.deepEqual(world.rtc.open, []);

  world.rtc.reachable = true;
  ada.app.connectionCheck.again();
  await world.time.advance(10);
  assert.equal(ada.app.connectionCheck.state.value, 'relay');
  for (const { app } of [ada, bo]) app.navigation.next();
  await world.time.advance(10);
  assert.equal(ada.app.screen.value, 'call-video');
  ada.app.navigation.stop();
  assert.equal(ada.app.call.ended.value?.reason, 'you');
  assert.equal(ada.app.connectionCheck.state.value, 'idle');
  world.assertNoFault();
});
