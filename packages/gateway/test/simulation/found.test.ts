import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REMATCH_COOLDOWN_MS } from '@farandole/matchmaking/limits';
import type { Mode } from '@farandole/protocol/fields';
import { DRAIN_DEADLINE_MS } from '@farandole/protocol/limits';
import { FakeDevice } from '../support/fake-signer.ts';
import type { TestClient } from '../support/test-client.ts';
import { joinedAdult, type Pair, paired, World } from '../support/world.ts';
import { description } from './words.ts';

// Regression tests for bugs of the node that the simulation found.

test('[PR-45] sends `deadlineMs` 0 to pages that resume after the drain deadline', () => {
  const { world, ada } = joinedAdult();
  world.gateway.drain(world.now);
  world.flush();
  world.lose(ada);
  world.clock.advance(DRAIN_DEADLINE_MS + 100);
  world.connect(ada);
  assert.equal(ada.last('server.moving').deadlineMs, 0);
});

test('[GW-32] after a resume through an untrusted proxy, drops candidates with local addresses', () => {
  const localAddresses = ['192.0.2.2'];
  const onTheMachine = { clientAddress: '127.0.0.1', isLocal: true };
  const world = new World({ localAddresses });
  const ada = world.joinAdult('ada', onTheMachine);
  const bo = world.joinAdult('bo');
  for (const client of [ada, bo]) client.searchFor('video');
  world.settle();
  world.lose(ada);
  world.connect(ada, { ...onTheMachine, isLocal: false });
  const line = 'candidate:1 1 udp 1 192.0.2.2 5000 typ host';
  ada.sayCandidate(line);
  world.flush();
  assert.equal(bo.all('signal.candidate').length, 0);
});

/**
 * Returns Ada and Bo after three chat lines. Ada's page was killed, and a new page of hers has
 * connected.
 */
function killedAndBack(mode: Mode): Pick<Pair, 'world' | 'bo'> & { readonly again: TestClient } {
  const { world, ada, bo } = paired(mode);
  for (const text of ['one', 'two', 'three']) bo.sayLine(text);
  for (const client of [ada, bo]) client.consentDirect(true);
  if (mode === 'text') ada.consentVideo(true);
  world.flush();
  world.lose(ada);
  const { subject, device } = ada;
  const again = world.newClient('ada-again', { subject, device, isNewPage: true });
  world.connect(again);
  assert.ok(again.last('session.opened').rejoin !== undefined);
  return { world, again, bo };
}

test('[PR-63] sends a new page no frames of the call before it rejoins', () => {
  const { world, again, bo } = killedAndBack('video');
  const before = again.received.length;
  bo.type(true);
  bo.sayMedia({ camera: 'off' });
  bo.consentDirect(false);
  bo.say('signal.offer', { ...bo.inCall(), sdp: description('offer', 'c0000000') });
  bo.sayCandidate('candidate:1 1 udp 1 203.0.113.40 5000 typ relay');
  world.flush();
  world.lose(bo);
  assert.deepEqual(again.received.slice(before), []);
});

test('[PR-64] forgets the video consent of a killed page', () => {
  const { world, again, bo } = killedAndBack('text');
  again.declareAge('adult');
  bo.consentVideo(true);
  world.flush();
  again.rejoin();
  world.flush();
  assert.equal(again.last('call.restored').mode, 'text');
  assert.deepEqual(bo.all('video.started'), []);
});

test('[PR-64] after a rejoin, doesn’t relay new chat lines as resent older ones', () => {
  const { world, again, bo } = killedAndBack('text');
  bo.replays = false;
  again.rejoin();
  world.flush();
  bo.sayLine('four');
  world.flush();
  for (const line of [...(bo.call?.lines ?? [])].toReversed()) {
    bo.say('chat.replay', { ...bo.inCall(), line });
  }
  world.flush();
  assert.deepEqual(again.texts, ['three', 'four']);
});

test('[GW-6a] after reports of two calls, the reporter never meets either peer device', () => {
  const world = new World();
  const ada = world.joinAdult('ada');
  const calls = ['first', 'second'].map((name) => {
    const bo = world.joinAdult('bo', { device: new FakeDevice(name) });
    for (const client of [ada, bo]) client.searchFor('text');
    world.settle();
    const { call } = ada;
    assert.ok(call !== null && call.match === bo.call?.match);
    bo.endCall('stop');
    world.flush();
    world.clock.advance(REMATCH_COOLDOWN_MS);
    world.tick();
    return call;
  });
  for (const call of calls) ada.report(call);
  world.settleJournal();
  const back = world.joinAdult('bo-again', { device: new FakeDevice('second') });
  for (const client of [ada, back]) client.searchFor('text');
  world.pass(20_000);
  assert.equal(ada.call, null);
});
