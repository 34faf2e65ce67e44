import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LINK_DEAD_AFTER_MS, RESTORE_WINDOW_MS } from '@farandole/protocol/limits';
import fc from 'fast-check';
import type { Person } from '../src/fakes/world.ts';
import { World } from '../src/fakes/world.ts';
import { GIVE_UP_AFTER_MS } from '../src/signal/limits.ts';
import { met, opened } from './support/opened.ts';

function say({ app }: Person, text: string): void {
  app.chat.setDraft(text);
  app.chat.sendLine();
}

function shown({ app }: Person): string[] {
  return (app.chat.view.value?.lines ?? []).map(
    ({ from, text, state }) => `${from} ${state}: ${text}`,
  );
}

test('shows a silently lost connection within five seconds and keeps the call', async () => {
  const { world, ada } = await met('video');
  world.node.link.mode = 'swallow';
  world.node.link.cutNow('swallow');
  await world.time.advance(LINK_DEAD_AFTER_MS);
  assert.equal(ada.app.link.view.value.state, 'reconnecting');
  assert.equal(ada.app.call.view.value?.flow, 'flowing');
  world.node.link.mode = 'pass';
  await world.time.advance(5_000);
  assert.equal(ada.app.link.view.value.state, 'online');
  world.assertNoFault();
});

test('shows "offline" when the browser reports no network', async () => {
  const { world, app, setOnline } = await opened('first');
  world.node.link.breakOff();
  setOnline(false);
  await world.time.quiet();
  assert.equal(app.link.view.value.state, 'offline');
  world.node.link.mode = 'pass';
  setOnline(true);
  await world.time.quiet();
  assert.equal(app.link.view.value.state, 'online');
});

test('shows a search while disconnected and starts the search once connected', async () => {
  const world = new World();
  world.node.link.mode = 'refuse';
  const { app } = world.regular('ada');
  await world.time.quiet();
  app.navigation.start('text');
  await world.time.quiet();
  assert.deepEqual(app.search.view.value?.held, { reason: 'no-link', retryInMs: null });
  world.node.link.mode = 'pass';
  await world.time.advance(5_000);
  assert.equal(app.search.view.value?.held, null);
  world.assertNoFault();
});

test('says that the page stopped reconnecting; retries on request', async () => {
  const world = new World();
  world.node.link.mode = 'refuse';
  const { app } = world.person('ada');
  await world.time.advance(GIVE_UP_AFTER_MS + 60_000);
  assert.equal(app.link.view.value.state, 'down');
  assert.equal(app.screen.value, 'landing');
  world.node.link.mode = 'pass';
  app.link.start();
  await world.time.quiet();
  assert.equal(app.link.view.value.state, 'online');
});

test('[PR-60] keeps the call and its media during a server restart', async () => {
  const { world, ada, bo } = await met('video');
  await world.time.advance(2_000);
  ada.app.call.show();
  const connections = world.rtc.open;
  world.server.restart();
  await world.time.quiet();
  assert.notEqual(ada.app.call.peerStream.value, null, 'nothing is interrupted');
  await world.time.advance(3_000);
  for (const { app } of [ada, bo]) {
    assert.equal(app.screen.value, 'call-video');
    assert.equal(app.call.view.value?.restoring, false);
    assert.equal(app.call.view.value?.flow, 'flowing');
    assert.equal(app.link.view.value.state, 'online');
  }
  assert.deepEqual(world.rtc.open, connections);
  ada.app.devices.toggle('video');
  say(bo, 'still here');
  await world.time.quiet();
  assert.equal(bo.app.call.view.value?.peer.camera, 'off');
  assert.deepEqual(shown(ada), ['peer sent: still here']);
  world.assertNoFault();
});

/** Drops all frames from the node to one user until that user opens a new socket. */
function deafen(world: World, name: string): void {
  for (const session of world.node.sessions.values()) {
    if (session.publicKey.startsWith(name)) session.deaf = true;
  }
}

test('[PR-61] keeps every chat line once and in order over server restarts', async () => {
  const step = fc.constantFrom('ada', 'bo', 'restart', 'cut', 'deafen-ada', 'deafen-bo', 'wait');
  let restarts = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 4, maxLength: 24, size: 'max' }),
      async (steps) => {
        const { world, ada, bo } = await met('text');
        let written = 0;
        const said: Record<string, string[]> = { ada: [], bo: [] };
        for (const what of steps) {
          if (what === 'restart') {
            restarts += 1;
            world.server.restart();
          } else if (what === 'cut') world.node.link.cutNow('close');
          else if (what === 'wait') await world.time.advance(2_000);
          else if (what === 'deafen-ada') deafen(world, 'ada');
          else if (what === 'deafen-bo') deafen(world, 'bo');
          else {
            const person = what === 'ada' ? ada : bo;
            written += 1;
            person.app.chat.setDraft(`line ${written} of ${what}`);
            person.app.chat.sendLine();
            // The message box keeps its text if the chat's queue is full; another test covers that
            // case.
            if (person.app.chat.view.value?.draft === '')
              said[what]?.push(`line ${written} of ${what}`);
            person.app.chat.setDraft('');
          }
          world.node.link.pump();
        }
        // A client that misses frames receives these frames again only after a server restart or
        // on a new socket.
        world.node.link.cutNow('close');
        await world.time.advance(20_000);
        const texts = (person: Person): string[] =>
          (person.app.chat.view.value?.lines ?? []).map((line) => line.text);
        assert.deepEqual(texts(ada), texts(bo));
        for (const name of ['ada', 'bo']) {
          assert.deepEqual(
            texts(ada).filter((text) => text.endsWith(name)),
            said[name],
          );
        }
        assert.ok(shown(ada).every((line) => line.includes(' sent: ')));
        world.assertNoFault();
      },
    ),
    { numRuns: 60 },
  );
  assert.ok(restarts > 60, `${restarts} restarts`);
});

test('[PR-43a] repeats the end of a call that the stopped server missed', async () => {
  const { world, ada, bo } = await met('text');
  const receipt = bo.app.call.last?.receipt;
  world.node.link.mode = 'refuse';
  world.server.restart();
  bo.app.navigation.stop();
  world.node.link.mode = 'pass';
  await world.time.advance(5_000);
  assert.ok(['left', 'not-restored'].includes(ada.app.call.ended.value?.reason ?? ''));
  const ends = (): unknown[] =>
    world.server.said.flatMap(({ message }) => (message.type === 'call.end' ? [message] : []));
  assert.equal(ends().length, 1);
  assert.partialDeepStrictEqual(ends(), [{ reason: 'stop', receipt }]);
  world.server.restart();
  await world.time.advance(RESTORE_WINDOW_MS);
  assert.equal(ends().length, 2, 'the second server may have stopped before it told the peer');
  world.server.restart();
  await world.time.advance(5_000);
  assert.equal(ends().length, 2);
  world.assertNoFault();
});

test('[PR-43b] repeats a confirmed end in a session that opens soon after', async () => {
  for (const [sinceMs, isRepeated] of [
    [RESTORE_WINDOW_MS - 1_000, true],
    [RESTORE_WINDOW_MS, false],
  ] as const) {
    const { world, ada, bo } = await met('text');
    const receipt = bo.app.call.last?.receipt;
    bo.app.navigation.stop();
    await world.time.quiet();
    assert.equal(ada.app.call.ended.value?.reason, 'left');
    await world.time.advance(sinceMs);
    world.server.restart();
    await world.time.advance(5_000);
    const [, ...again] = world.server.said.filter(({ message }) => message.type === 'call.end');
    assert.equal(again.length, isRepeated ? 1 : 0);
    if (isRepeated) assert.partialDeepStrictEqual(again, [{ message: { receipt } }]);
    world.assertNoFault();
  }
});

test("[PR-62] closes the media connection when the peer doesn't return", async () => {
  const { world, ada, bo } = await met('video');
  bo.app.pageHidden();
  world.server.restart();
  await world.time.advance(3_000);
  assert.equal(ada.app.call.view.value?.restoring, true);
  world.rtc.breakPaths();
  await world.time.advance(10_000);
  assert.equal(world.server.saidBy('ada').at(-1), 'call.restore', 'no signalling into the void');
  world.server.restores.close();
  await world.time.quiet();
  assert.equal(ada.app.call.ended.value?.reason, 'not-restored');
  assert.equal(world.rtc.open.length, 0);
  world.assertNoFault();
});

test('resends a report lost in a server restart under the same id', async () => {
  const { world, ada } = await met('text');
  ada.app.report.open();
  deafen(world, 'ada');
  ada.app.report.send('hate');
  ada.app.report.sendNow();
  await world.time.quiet();
  assert.equal(ada.app.report.view.value?.state, 'sending');
  world.server.restart();
  await world.time.quiet();
  await world.time.advance(5_000);
  assert.equal(ada.app.report.view.value?.state, 'accepted');
  assert.deepEqual(new Set(world.server.reports.map(({ id }) => id)).size, 1);
});

test('[PR-45] announces a planned restart and searches again after the call', async () => {
  const { world, ada } = await met('video');
  world.server.draining = true;
  announceStop(world);
  await world.time.quiet();
  assert.deepEqual(ada.app.link.view.value, { state: 'online', moving: true });
  assert.equal(ada.app.call.view.value?.flow, 'flowing');
  for (const call of world.server.calls.values()) world.server.end(call, 'a', 'moving', 'moving');
  await world.time.quiet();
  assert.equal(ada.app.call.ended.value?.reason, 'moving');
  ada.app.navigation.next();
  await world.time.quiet();
  assert.equal(ada.app.search.view.value?.held?.reason, 'server-moving');
  for (const session of world.node.sessions.values()) world.node.close(session, 'server-moving');
  world.server.draining = false;
  await world.time.advance(5_000);
  assert.deepEqual(ada.app.link.view.value, { state: 'online', moving: false });
  assert.equal(ada.app.search.view.value?.held, null);
  world.assertNoFault();
});

test('[PR-45] ends the call at the deadline if the end message is lost', async () => {
  const { world, ada } = await met('video');
  announceStop(world);
  await world.time.quiet();
  world.node.link.breakOff();
  await world.time.advance(9_999);
  assert.equal(ada.app.screen.value, 'call-video');
  await world.time.advance(1);
  assert.equal(ada.app.call.ended.value?.reason, 'moving');
  assert.equal(world.rtc.open.length, 0);
  world.server.restart();
  world.node.link.mode = 'pass';
  await world.time.advance(5_000);
  assert.deepEqual(ada.app.link.view.value, { state: 'online', moving: false });
  assert.ok(!world.server.saidBy('ada').includes('call.restore'));
  world.assertNoFault();
});

test('[PR-60] restores the call when a server crashes before its announced stop', async () => {
  const { world, ada } = await met('text');
  announceStop(world);
  await world.time.advance(5_000);
  world.server.restart();
  await world.time.advance(10_000);
  assert.equal(ada.app.screen.value, 'call-text');
  assert.equal(ada.app.call.view.value?.restoring, false);
  assert.deepEqual(ada.app.link.view.value, { state: 'online', moving: false });
  world.assertNoFault();
});

function announceStop({ node }: World): void {
  for (const session of node.sessions.values()) {
    node.pass(session, { type: 'server.moving', deadlineMs: 10_000 });
  }
}

test('[PR-16] ends the call when another tab takes over the session', async () => {
  const { world, ada, bo } = await met('video');
  for (const session of world.node.sessions.values()) {
    if (session.publicKey.startsWith('ada')) world.node.close(session, 'replaced');
  }
  await world.time.quiet();
  assert.equal(ada.app.screen.value, 'elsewhere');
  assert.equal(ada.devices.track('video').readyState, 'ended');
  assert.equal(bo.app.call.ended.value?.reason, 'lost');
  await world.time.advance(60_000);
  assert.equal(ada.app.screen.value, 'elsewhere', 'it does not fight');
  ada.app.link.start();
  await world.time.quiet();
  assert.equal(ada.app.screen.value, 'landing');
  world.assertNoFault();
});

test('shows a screen for each reason why the server ends sessions', async () => {
  for (const [reason, screen, fault] of [
    ['version-unsupported', 'outdated', null],
    ['sanctioned', 'sanctioned', null],
    ['device-refused', 'fault', 'device-key'],
    ['malformed', 'fault', 'protocol'],
    ['too-large', 'fault', 'protocol'],
  ] as const) {
    const world = new World();
    const { app } = world.person('ada');
    await world.time.quiet();
    for (const session of world.node.sessions.values()) world.node.close(session, reason);
    await world.time.quiet();
    assert.equal(app.screen.value, screen);
    assert.equal(app.fault.value?.kind ?? null, fault);
  }
});

test('shows different faults for an outdated page and a refused address', async () => {
  const outdated = new World();
  outdated.node.versions = { min: 2, max: 2 };
  const old = outdated.person('ada');
  await outdated.time.quiet();
  assert.equal(old.app.screen.value, 'outdated');
  const foreign = new World();
  foreign.node.httpFault = 'refused';
  const { app } = foreign.person('ada');
  await foreign.time.quiet();
  assert.deepEqual([app.screen.value, app.fault.value?.kind], ['fault', 'refused-here']);
});

test('shows that the server is full; connects once there is room', async () => {
  const world = new World();
  world.node.httpFault = 'crowded';
  const { app } = world.person('ada');
  await world.time.quiet();
  assert.deepEqual([app.screen.value, app.fault.value?.kind], ['fault', 'crowded']);
  world.node.httpFault = null;
  await world.time.advance(15_000);
  assert.deepEqual([app.screen.value, app.fault.value], ['landing', null]);
});

test("[PR-15] ends the peer's call at once when a page closes", async () => {
  const { world, ada, bo } = await met('video');
  await world.time.advance(2_000);
  const ofTheCall = world.rtc.open;
  ada.app.pageHidden();
  await world.time.quiet();
  assert.equal(bo.app.call.ended.value?.reason, 'left');
  assert.deepEqual(world.server.saidBy('ada').slice(-1), ['call.end']);
  assert.equal(ada.devices.track('video').readyState, 'ended');
  assert.ok(ofTheCall.length === 2 && ofTheCall.every(({ state }) => state === 'closed'));
  ada.app.link.start();
  await world.time.quiet();
  assert.deepEqual([ada.app.screen.value, ada.app.link.view.value.state], ['landing', 'online']);
  world.assertNoFault();
});

test('[PR-44] shows when the peer loses the connection and returns', async () => {
  const { world, ada } = await met('text');
  const [session] = [...world.node.sessions.values()].filter(({ publicKey }) =>
    publicKey.startsWith('ada'),
  );
  assert.ok(session !== undefined);
  for (const present of [false, true]) {
    world.node.send(session, {
      type: 'peer.presence',
      match: 'match-0001',
      epoch: 1,
      present,
    });
    await world.time.quiet();
    assert.equal(ada.app.call.view.value?.peer.present, present);
  }
});
