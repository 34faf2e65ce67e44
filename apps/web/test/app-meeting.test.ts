import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CONNECT_RETRIES_MAX,
  CONNECT_TIMEOUT_MS,
  MET_GUARD_MS,
  NEXT_CONFIRM_MS,
  NEXT_GUARD_MS,
  PREPARED_FRESH_MS,
  STUCK_AFTER_MS,
} from '../src/call/limits.ts';
import { listed } from '../src/fakes/fake-devices.ts';
import type { Person } from '../src/fakes/world.ts';
import { OWN_CHECK_MS, World } from '../src/fakes/world.ts';
import { met, metWithoutCamera, opened, openedBoth } from './support/opened.ts';

test('connects two users by video; covers each user until the other consents', async () => {
  const { world, ada, bo } = await met('video');
  for (const { app } of [ada, bo]) {
    const { flow, hasPicture, cover, next, direct } = app.call.view.value ?? assert.fail();
    assert.deepEqual([flow, hasPicture, cover], ['flowing', true, 'covered']);
    assert.deepEqual([next, direct.way], [{ state: 'next' }, 'direct']);
    assert.equal(app.call.peerStream.value, null);
  }
  ada.app.call.show();
  assert.equal(ada.app.call.peerStream.value, null, 'not before the shield has looked');
  await world.time.advance(600);
  assert.notEqual(ada.app.call.peerStream.value, null);
  assert.equal(bo.app.call.view.value?.peer.cover, 'shown');
  assert.equal(bo.app.call.peerStream.value, null, 'each consents alone');
  ada.app.call.cover();
  assert.equal(ada.app.call.peerStream.value, null);
  assert.deepEqual(
    world.server.saidBy('bo').filter((type) => type === 'call.first-frame').length,
    1,
  );
  world.assertNoFault();
});

test('connects by the offer in the search ticket, without another offer', async () => {
  const world = new World();
  await world.meet('video');
  const signals = world.server.said.flatMap(({ message }) =>
    message.type.startsWith('signal.') && message.type !== 'signal.candidate' ? [message.type] : [],
  );
  assert.deepEqual(signals, ['signal.answer']);
  await world.time.advance(5_000);
  assert.equal(world.rtc.open.length, 2, 'the spare connections are gone');
});

test("shows shared interests and the call's elapsed time", async () => {
  const world = new World();
  const ada = world.regular('ada', { interests: ['film', 'tea'] });
  const bo = world.regular('bo', { interests: ['film'] });
  await world.time.quiet();
  ada.app.navigation.start('text');
  bo.app.navigation.start('text');
  await world.time.advance(5_000);
  assert.deepEqual(ada.app.call.view.value?.sharedInterests, ['film']);
  assert.equal(ada.app.call.view.value?.elapsedMs, 5_000);
});

test('delivers chat lines and typing both ways in video and text calls', async () => {
  for (const mode of ['video', 'text'] as const) {
    const { world, ada, bo } = await met(mode);
    ada.app.chat.setDraft('hello');
    await world.time.quiet();
    assert.equal(bo.app.chat.view.value?.peerTyping, true);
    ada.app.chat.sendLine();
    bo.app.chat.setDraft('hi');
    bo.app.chat.sendLine();
    await world.time.quiet();
    assert.deepEqual(texts(ada), ['you: hello', 'peer: hi']);
    assert.deepEqual(texts(bo), ['peer: hello', 'you: hi']);
    assert.equal(bo.app.chat.view.value?.peerTyping, false);
    world.assertNoFault();
  }
});

function texts({ app }: Person): string[] {
  return (app.chat.view.value?.lines ?? []).map((line) => `${line.from}: ${line.text}`);
}

test('opens no camera or microphone in a text call', async () => {
  const { world, ada } = await met('text');
  assert.equal(ada.app.call.view.value?.flow, 'none');
  assert.equal(world.rtc.connections.length, 0);
  assert.equal(ada.devices.asked.length, 0);
});

test('covers the peer and stops sending on Next; undoes both if unconfirmed', async () => {
  const { world, ada, bo } = await met('video');
  ada.app.call.show();
  await world.time.quiet();
  const sent = world.rtc.open.find(({ sent: { video } }) =>
    ada.devices.track('video').clones.some((clone) => clone === video),
  )?.sent;
  assert.ok(sent !== undefined);
  ada.app.navigation.next();
  // The cover must appear synchronously, so these assertions run before any await.
  assert.equal(ada.app.call.peerStream.value, null);
  assert.equal(sent.video?.enabled, false);
  assert.equal(sent.audio?.enabled, false);
  assert.equal(ada.devices.track('video').enabled, true, 'one’s own picture stays');
  await world.time.quiet();
  const told = bo.app.call.view.value?.peer;
  assert.deepEqual([told?.camera, told?.microphone, told?.cover], ['paused', 'off', 'covered']);
  await world.time.advance(1_000);
  assert.deepEqual(ada.app.call.view.value?.next, {
    state: 'really',
    remainingMs: NEXT_CONFIRM_MS - 1_000,
  });
  await world.time.advance(NEXT_CONFIRM_MS - 1_000);
  assert.deepEqual(ada.app.call.view.value?.next, { state: 'next' });
  assert.notEqual(ada.app.call.peerStream.value, null);
  assert.equal(sent.video?.enabled, true);
  assert.equal(bo.app.call.view.value?.peer.camera, 'on');
  world.assertNoFault();
});

test('matches a third user after a double Next; notifies the peer', async () => {
  const { world, ada, bo } = await met('video');
  const cleo = world.regular('cleo');
  await world.time.quiet();
  cleo.app.navigation.start('video');
  await world.time.advance(1_000);
  ada.app.call.show();
  ada.app.navigation.next();
  await world.time.advance(NEXT_GUARD_MS);
  ada.app.navigation.next();
  assert.equal(ada.app.screen.value, 'waiting');
  assert.equal(ada.app.call.peerStream.value, null, 'nothing of the last person is left');
  assert.equal(ada.app.chat.view.value, null);
  await world.time.advance(1_000);
  assert.equal(ada.app.screen.value, 'call-video');
  assert.equal(cleo.app.call.view.value?.flow, 'flowing');
  assert.equal(ada.app.call.view.value?.cover, 'covered');
  assert.equal(bo.app.screen.value, 'ended');
  assert.equal(bo.app.call.ended.value?.reason, 'left');
  bo.app.navigation.next();
  assert.equal(bo.app.screen.value, 'waiting', 'one press');
  world.assertNoFault();
});

test("doesn't count a previous peer's late frame as the next peer's first", async () => {
  const { world, ada } = await met('video');
  const [viewer] = world.rtc.viewers.filter(({ closed }) => !closed);
  const cleo = world.regular('cleo');
  await world.time.quiet();
  cleo.app.navigation.start('video');
  await world.time.advance(1_000);
  world.rtc.reachable = false;
  ada.app.navigation.next();
  await world.time.advance(NEXT_GUARD_MS);
  ada.app.navigation.next();
  await world.time.advance(1_000);
  for (const late of world.rtc.viewers.filter(({ closed }) => closed)) late.fireLate();
  assert.notEqual(viewer, undefined);
  assert.equal(ada.app.call.view.value?.hasPicture, false);
});

test('prepares the next connection offer while Next waits for confirmation', async () => {
  const { world, ada } = await met('video');
  await world.time.advance(5_000);
  const before = world.rtc.connections.length;
  ada.app.navigation.next();
  await world.time.quiet();
  assert.equal(world.rtc.connections.length, before + 2);
  await world.time.advance(NEXT_GUARD_MS);
  ada.app.navigation.next();
  await world.time.quiet();
  // Two of the new connections belong to Bo, because the peer left Bo and so Bo's page prepares a
  // search too.
  assert.equal(world.rtc.connections.length, before + 4, 'and is the one that is used');
});

test('ends the call on the first Stop; opens the landing on another', async () => {
  const { world, ada, bo } = await met('video');
  await world.time.advance(60_000);
  const ofTheCall = world.rtc.open;
  ada.app.navigation.stop();
  assert.equal(ada.app.screen.value, 'ended');
  assert.deepEqual(ada.app.call.ended.value, {
    mode: 'video',
    exchange: null,
    reason: 'you',
    durationMs: 60_010,
    canReport: true,
    canMeetAgain: true,
    canBlock: true,
    block: 'none',
  });
  await world.time.quiet();
  assert.equal(bo.app.call.ended.value?.reason, 'left');
  assert.ok(ofTheCall.length === 2 && ofTheCall.every(({ state }) => state === 'closed'));
  await world.time.advance(NEXT_GUARD_MS);
  ada.app.navigation.stop();
  assert.equal(ada.app.screen.value, 'landing');
  world.assertNoFault();
});

test('ends the call on Stop while the page is offline', async () => {
  const { world, ada } = await met('video');
  await world.time.advance(2_000);
  world.node.link.breakOff();
  ada.app.navigation.stop();
  assert.equal(ada.app.screen.value, 'ended');
  assert.equal(world.rtc.open.length, 1, 'only the other side’s is left');
});

test('handles Escape as Stop in a search, as Next in a call', async () => {
  const { world, app } = await opened('later');
  app.navigation.start('text');
  await world.time.quiet();
  app.navigation.escape();
  assert.equal(app.screen.value, 'landing');
  const meeting = new World();
  const [, bo] = await meeting.meet('text');
  await meeting.time.advance(MET_GUARD_MS);
  bo.app.navigation.escape();
  assert.equal(bo.app.call.view.value?.next.state, 'really');
  bo.app.navigation.stop();
  bo.app.navigation.escape();
  assert.equal(bo.app.screen.value, 'ended', 'so soon after, it is a double press');
});

test('[PR-70] choosing a report reason ends the call and sends its chat lines', async () => {
  const { world, ada, bo } = await met('video');
  bo.app.chat.setDraft('something rude');
  bo.app.chat.sendLine();
  await world.time.quiet();
  ada.app.report.open();
  assert.equal(ada.app.screen.value, 'call-video', 'the tap on a reason ends the call');
  bo.app.chat.setDraft('and again');
  bo.app.chat.sendLine();
  await world.time.quiet();
  ada.app.report.send('hate');
  assert.equal(ada.app.report.view.value?.linesAttached, 2);
  assert.deepEqual(
    [ada.app.call.ended.value?.reason, ada.app.call.ended.value?.canReport],
    ['reported', false],
  );
  await world.time.quiet();
  assert.equal(bo.app.call.ended.value?.reason, 'left', 'never which way they left');
  assert.equal(ada.app.call.ended.value?.block, 'accepted');
  ada.app.report.sendNow();
  await world.time.quiet();
  assert.deepEqual(
    [ada.app.report.view.value?.state, ada.app.report.view.value?.code],
    ['accepted', 'FD-2345'],
  );
  assert.deepEqual(
    world.server.reports[0]?.lines.map(({ text }) => text),
    ['something rude', 'and again'],
  );
  ada.app.report.close();
  assert.equal(ada.app.report.view.value, null);
  world.assertNoFault();
});

test('reports and blocks the peer after the call ended', async () => {
  const { world, ada, bo } = await met('text');
  bo.app.navigation.stop();
  await world.time.quiet();
  assert.equal(ada.app.call.ended.value?.reason, 'left');
  ada.app.records.block();
  await world.time.quiet();
  assert.equal(ada.app.call.ended.value?.block, 'accepted');
  ada.app.report.open();
  ada.app.report.send('other');
  ada.app.report.sendNow();
  await world.time.quiet();
  assert.equal(ada.app.report.view.value?.state, 'accepted');
  world.assertNoFault();
});

test('[PR-71] ends the call on Block and shows that the block is stored', async () => {
  const { world, ada, bo } = await met('video');
  ada.app.records.block();
  assert.deepEqual(
    [ada.app.call.ended.value?.reason, ada.app.call.ended.value?.block],
    ['blocked', 'asked'],
  );
  await world.time.quiet();
  assert.deepEqual(
    [ada.app.call.ended.value?.block, ada.app.call.ended.value?.canBlock],
    ['accepted', false],
  );
  assert.equal(bo.app.call.ended.value?.reason, 'left');
});

test('stops sending and notifies the peer when a device is switched off', async () => {
  const { world, ada, bo } = await met('video');
  ada.app.devices.toggle('video');
  ada.app.devices.toggle('audio');
  await world.time.quiet();
  assert.deepEqual(
    [bo.app.call.view.value?.peer.camera, bo.app.call.view.value?.peer.microphone],
    ['off', 'off'],
  );
  assert.equal(ada.devices.track('video').clones[0]?.enabled, false);
  ada.app.devices.toggle('video');
  await world.time.quiet();
  assert.equal(bo.app.call.view.value?.peer.camera, 'on');
});

test('stops searching after four calls in a row fail to connect', async () => {
  const world = new World();
  world.rtc.reachable = false;
  const [ada, bo] = await world.meet('video');
  for (let failure = 1; failure <= CONNECT_RETRIES_MAX; failure++) {
    await world.time.advance(CONNECT_TIMEOUT_MS + 100);
    assert.equal(ada.app.screen.value, 'call-video', 'the next try');
    assert.equal(world.server.calls.size, 1);
  }
  await world.time.advance(CONNECT_TIMEOUT_MS + 100);
  for (const { app } of [ada, bo]) {
    assert.equal(app.screen.value, 'ended');
    assert.equal(app.call.ended.value?.reason, 'no-connection');
  }
  assert.equal(world.rtc.open.length, 0);
  // Both users search for a text call, which needs no media connection.
  for (const { app } of [ada, bo]) app.navigation.searchBy('text');
  await world.time.quiet();
  for (const { app } of [ada, bo]) {
    assert.equal(app.screen.value, 'call-text');
    assert.equal(app.devices.selfStream.value, null, 'the camera is off');
  }
  world.assertNoFault();
});

test('connects a user who has no camera', async () => {
  const { world, bo } = await metWithoutCamera();
  await world.time.advance(60_000);
  const { flow, hasPicture, peer } = bo.app.call.view.value ?? assert.fail();
  assert.deepEqual([flow, hasPicture, peer.camera], ['flowing', false, 'off']);
  bo.app.call.show();
  assert.notEqual(bo.app.call.peerStream.value, null, 'they can be heard');
});

test('shows at once that media is interrupted, later that it may be lost', async () => {
  const { world, ada } = await met('video');
  world.rtc.reachable = false;
  world.rtc.breakPaths();
  assert.equal(ada.app.call.view.value?.flow, 'interrupted');
  await world.time.advance(STUCK_AFTER_MS);
  assert.equal(ada.app.call.view.value?.flow, 'stuck');
  world.rtc.reachable = true;
  await world.time.advance(5_000);
  assert.equal(ada.app.call.view.value?.flow, 'flowing');
  world.assertNoFault();
});

test('[PR-81] gets the ICE servers with the session, without another request', async () => {
  const world = new World();
  world.node.facts = { ...world.node.facts, relay: 'until-consent', hasTurn: true };
  world.node.iceServers = [{ urls: ['turn:relay.example'], username: 'u', credential: 'c' }];
  await world.meet('video');
  assert.ok(world.rtc.connections.length >= 2);
  for (const { options } of world.rtc.connections) {
    assert.deepEqual(options.iceServers, world.node.iceServers);
  }
  assert.equal(world.node.iceRequests, 0);
});

test('prepares another peer connection if a new session has other ICE servers', async () => {
  const world = new World();
  const ada = world.regular('ada');
  ada.app.navigation.start('video');
  await world.time.advance(OWN_CHECK_MS);
  assert.ok(world.rtc.open.length > 0);
  assert.ok(world.rtc.open.every(({ options }) => options.iceServers.length === 0));
  world.node.iceServers = [{ urls: ['turn:relay.example'], username: 'u', credential: 'c' }];
  world.node.restart();
  await world.time.advance(5_000);
  assert.equal(ada.app.call.state.value.state, 'searching');
  assert.ok(world.rtc.open.length > 0);
  for (const { options } of world.rtc.open) {
    assert.deepEqual(options.iceServers, world.node.iceServers);
  }
});

test('keeps the prepared peer connection if a new session has the same ICE servers', async () => {
  const world = new World();
  world.node.iceServers = [{ urls: ['turn:relay.example'], username: 'u', credential: 'c' }];
  const ada = world.regular('ada');
  ada.app.navigation.start('video');
  await world.time.advance(OWN_CHECK_MS);
  const prepared = [...world.rtc.open];
  assert.ok(prepared.length > 0);
  world.node.iceServers = structuredClone(world.node.iceServers);
  world.node.restart();
  await world.time.advance(5_000);
  assert.equal(ada.app.call.state.value.state, 'searching');
  assert.deepEqual(world.rtc.open, prepared);
});

test('[PR-44] connects without a relay when both users allow it', async () => {
  const world = new World();
  world.node.facts = { ...world.node.facts, relay: 'until-consent', hasTurn: true };
  world.server.transport = 'relay';
  world.server.directOffered = true;
  const [ada, bo] = await world.meet('video');
  assert.deepEqual(ada.app.call.view.value?.direct, {
    way: 'relay',
    offered: true,
    you: false,
    peer: false,
  });
  assert.ok(world.rtc.connections.every(({ options }) => options.policy === 'relay'));
  ada.app.call.consentDirect(true);
  await world.time.quiet();
  assert.equal(bo.app.call.view.value?.direct.peer, true);
  assert.ok(world.rtc.open.every(({ policy }) => policy === 'relay'));
  bo.app.call.consentDirect(true);
  await world.time.advance(5_000);
  assert.ok(world.rtc.open.every(({ policy }) => policy === 'all'));
  assert.equal(ada.app.call.view.value?.direct.way, 'direct');
  world.assertNoFault();
});

test('treats a browser without WebRTC as a failed call', async () => {
  const { world, ada, bo } = await openedBoth();
  world.rtc.broken = true;
  ada.app.navigation.start('video');
  bo.app.navigation.start('video');
  await world.time.advance(60_000);
  for (const { app } of [ada, bo]) assert.equal(app.call.ended.value?.reason, 'no-connection');
  world.assertNoFault();
});

test('keeps prepared connections during a search; closes them after the match', async () => {
  const world = new World();
  const ada = world.regular('ada');
  await world.time.quiet();
  ada.app.navigation.start('video');
  await world.time.advance(PREPARED_FRESH_MS + 1_000);
  assert.equal(world.rtc.open.length, 2, 'the ticket carries its offer');
  const bo = world.regular('bo');
  await world.time.quiet();
  bo.app.navigation.start('video');
  await world.time.advance(2_000);
  assert.equal(ada.app.call.view.value?.flow, 'flowing');
  ada.app.navigation.next();
  await world.time.quiet();
  assert.equal(world.rtc.open.length, 4, '"Really?" makes ready');
  await world.time.advance(PREPARED_FRESH_MS);
  assert.equal(world.rtc.open.length, 2, 'and was not answered');
});

test('leaves no connection open if stopped while requesting ICE servers', async () => {
  const world = new World();
  const ada = world.regular('ada');
  // Waits until the ticket's ICE credentials have expired.
  await world.time.advance(700_000);
  const { promise, resolve: answer } = Promise.withResolvers<void>();
  world.node.iceGate = promise;
  ada.app.navigation.start('video');
  await world.time.advance(OWN_CHECK_MS);
  assert.equal(world.node.iceRequests, 1);
  ada.app.navigation.stop();
  answer();
  await world.time.advance(1_000);
  assert.equal(world.rtc.open.length, 0);
  assert.deepEqual(world.server.saidBy('ada'), ['age.declare']);
});

test('sends a newly chosen camera in the call; announces its loss', async () => {
  const { world, ada, bo } = await met('video');
  ada.devices.there = [...(ada.devices.there ?? []), listed('camera', 'c2')];
  ada.app.devices.loaded?.choice.choose('camera', 'c2');
  await world.time.advance(100);
  const connection = world.rtc.open.find(
    ({ sent }) => sent.video === ada.devices.track('video').clones[0],
  );
  assert.ok(connection, 'the new track goes out over the connection that there was');
  assert.equal(ada.app.call.view.value?.elapsedMs !== undefined, true);

  // Another program takes the camera while the browser still lists it.
  ada.devices.track('video').end();
  await world.time.advance(1_000);
  assert.equal(bo.app.call.view.value?.peer.camera, 'paused');
  ada.setHidden(true);
  ada.setHidden(false);
  await world.time.advance(1_000);
  assert.equal(bo.app.call.view.value?.peer.camera, 'on');
  assert.equal(connection.sent.video, ada.devices.track('video').clones[0]);
  assert.equal(ada.devices.asked.length, 3, 'by a fresh getUserMedia');
  world.assertNoFault();
});
