import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceError, listed } from '../src/fakes/fake-devices.ts';
import { OWN_CHECK_MS, type Person, World } from '../src/fakes/world.ts';
import { ONLINE_SHOWN_FROM } from '../src/signal/limits.ts';
import { ASKING_SHOWS_AFTER_MS } from '../src/state/green-room-pass.ts';
import type { Preferences } from '../src/state/preferences-model.ts';
import { PREFERENCES_KEY } from '../src/ui/theme.ts';
import { inGreenRoom, opened } from './support/opened.ts';

test('leads a new user through rules and camera to the queue', async () => {
  const { world, app, devices } = await opened('first');
  assert.equal(app.screen.value, 'landing');
  assert.deepEqual(app.link.view.value, { state: 'online', moving: false });
  app.navigation.start('video');
  assert.equal(app.screen.value, 'rules');
  assert.deepEqual(app.navigation.rules.value, { mode: 'video', why: 'first-time', changed: [] });
  assert.equal(devices.asked.length, 0, 'nothing is asked of the devices before a press');
  app.navigation.acceptRules();
  assert.equal(app.screen.value, 'green-room');
  app.navigation.continueToQueue();
  assert.equal(app.screen.value, 'green-room', 'not without an answer about the devices');
  await world.time.quiet();
  assert.equal(app.devices.view.value.state, 'ready');
  app.navigation.continueToQueue();
  await world.time.advance(OWN_CHECK_MS);
  assert.equal(app.screen.value, 'waiting');
  assert.deepEqual(world.server.saidBy('ada'), ['age.declare', 'ticket.create']);
  world.assertNoFault();
});

test('lets a user search by text without any device', async () => {
  const { world, app, devices } = await opened('first');
  app.navigation.start('text');
  app.navigation.acceptRules();
  await world.time.quiet();
  assert.equal(app.screen.value, 'waiting');
  assert.equal(app.search.view.value?.mode, 'text');
  assert.equal(devices.asked.length, 0);
  assert.equal(world.rtc.connections.length, 0);
});

async function acceptsChangedRules(world: World, app: Person['app']): Promise<void> {
  assert.deepEqual(app.navigation.rules.value, { mode: 'text', why: 'changed', changed: [] });
  app.navigation.acceptRules();
  await world.time.quiet();
  assert.equal(app.screen.value, 'waiting');
}

test('asks the user to accept changed rules and stores the acceptance', async () => {
  const world = new World();
  world.node.facts = { ...world.node.facts, policyVersion: 2 };
  const { app, store } = world.regular('ada');
  await world.time.quiet();
  app.navigation.start('text');
  await acceptsChangedRules(world, app);
  const stored = JSON.parse([...store.values()][0] ?? 'null') as Partial<Preferences>;
  assert.equal(stored.rulesVersion, 2);
});

test('asks once to accept new house rules; ignores their removal', async () => {
  const world = new World();
  const houseRules = { version: 1, en: 'Speak of films.', fr: '' };
  world.node.facts = { ...world.node.facts, houseRules };
  const { app, store } = world.regular('ada');
  await world.time.quiet();
  app.navigation.start('text');
  await acceptsChangedRules(world, app);
  const stored = JSON.parse([...store.values()][0] ?? 'null') as Partial<Preferences>;
  assert.equal(stored.houseVersion, 1);
  assert.deepEqual(stored.houseText, { en: 'Speak of films.', fr: '' });
  // The user visits again in three cases: the house rules are unchanged, they have changed, or the
  // server has none.
  for (const [now, screen] of [
    [houseRules, 'waiting'],
    [{ ...houseRules, version: 2 }, 'rules'],
    [null, 'waiting'],
  ] as const) {
    const again = new World();
    again.node.facts = { ...again.node.facts, houseRules: now };
    const { app: later } = again.regular('ada', { houseVersion: 1 });
    await again.time.quiet();
    later.navigation.start('text');
    await again.time.quiet();
    assert.equal(later.screen.value, screen);
  }
});

test('shows the rules when the server requires their acceptance', async () => {
  const { world, app } = await opened('later');
  world.server.refusals = [{ reason: 'age-required' }, { reason: 'policy-changed' }];
  app.navigation.start('text');
  await world.time.quiet();
  assert.deepEqual(app.navigation.rules.value, {
    mode: 'text',
    why: 'asked-by-server',
    changed: [],
  });
  app.navigation.acceptRules();
  await world.time.quiet();
  await acceptsChangedRules(world, app);
});

test('[PR-30] sends an age answer below 18 and ends the visit', async () => {
  const { world, app } = await opened('first');
  app.navigation.start('video');
  app.navigation.declareMinor();
  await world.time.quiet();
  assert.equal(app.screen.value, 'age-refused');
  app.navigation.home();
  app.navigation.start('text');
  app.navigation.acceptRules();
  assert.equal(app.screen.value, 'age-refused');
  const [{ message } = assert.fail()] = world.server.said;
  assert.ok(message.type === 'age.declare' && message.answer === 'minor');
});

test('[PR-30] sends an age answer below 18 once the page is online', async () => {
  const world = new World();
  world.node.link.mode = 'refuse';
  const { app } = world.person('ada');
  await world.time.quiet();
  app.navigation.start('video');
  app.navigation.declareMinor();
  world.node.link.mode = 'pass';
  await world.time.advance(60_000);
  assert.deepEqual(world.server.saidBy('ada'), ['age.declare']);
  assert.equal(app.screen.value, 'age-refused');
});

test('[PR-30] a reload before connecting keeps the answer "below 18"', async () => {
  const world = new World();
  world.node.link.mode = 'refuse';
  const first = world.person('ada');
  await world.time.quiet();
  first.app.navigation.start('video');
  first.app.navigation.declareMinor();
  const kept = [...first.store].find(([key]) => key === PREFERENCES_KEY) ?? assert.fail();

  world.node.link.mode = 'pass';
  const afterReload = new Map([kept]);
  const { app } = world.person('bo', {
    store: {
      read: (key) => afterReload.get(key) ?? null,
      write: (key, value) => void afterReload.set(key, value),
      remove: (key) => void afterReload.delete(key),
    },
  });
  assert.equal(app.screen.value, 'age-refused');
  await world.time.advance(60_000);
  assert.deepEqual(world.server.saidBy('bo'), ['age.declare']);
  assert.doesNotMatch(afterReload.get(PREFERENCES_KEY) ?? '', /"isUntoldMinor":true/);
});

test("[PR-30] doesn't ask for the age again after an answer below 18", async () => {
  const world = new World();
  world.node.age = { state: 'unknown', refused: true };
  const { app } = world.regular('ada');
  await world.time.quiet();
  assert.equal(app.screen.value, 'age-refused');
  assert.deepEqual(world.server.saidBy('ada'), []);
});

test('[PR-30a] shows a refusal of the device and repeats no answer below 18', async () => {
  const world = new World();
  const byDevice = { endsAtMs: 1_800_000_060_000, appeal: 'age-code-of-this-browser' };
  world.node.age = { state: 'unknown', refused: true, byDevice };
  const { app } = world.regular('ada');
  await world.time.quiet();
  assert.equal(app.screen.value, 'age-refused');
  assert.deepEqual(app.navigation.ageRefusal.value, byDevice);
  const session = [...world.node.sessions.values()].at(-1) ?? assert.fail();
  world.node.send(session, { type: 'age.answered', state: 'unknown', refused: false });
  await world.time.quiet();
  assert.equal(app.screen.value, 'landing');
  assert.equal(app.navigation.ageRefusal.value, null);
  app.navigation.start('text');
  app.navigation.acceptRules();
  await world.time.quiet();
  assert.equal(app.screen.value, 'waiting');
  const said = world.server.said.map(({ message }) =>
    message.type === 'age.declare' ? message.answer : message.type,
  );
  assert.deepEqual(said, ['adult', 'ticket.create']);
});

test('[PR-30a] a new session without the refusal lets the user in again', async () => {
  const world = new World();
  const byDevice = { endsAtMs: 1_800_000_060_000, appeal: 'age-code-of-this-browser' };
  world.node.age = { state: 'unknown', refused: true, byDevice };
  const { app } = world.regular('ada');
  await world.time.quiet();
  world.node.age = { state: 'unknown', refused: false };
  world.node.restart();
  await world.time.advance(60_000);
  assert.equal(app.screen.value, 'landing');
  assert.deepEqual(world.server.said, []);
});

test('shows in the green room why the devices failed; offers a text call', async () => {
  const { world, app, devices } = await opened('first');
  app.navigation.start('video');
  devices.failures = [deviceError('NotFoundError')];
  devices.there = [listed('microphone', 'm1')];
  app.navigation.acceptRules();
  await world.time.quiet();
  assert.deepEqual(app.devices.view.value.failure, { kind: 'not-found', device: 'camera' });
  app.navigation.continueToQueue();
  assert.equal(app.screen.value, 'green-room');
  app.navigation.continueToQueue('text');
  await world.time.quiet();
  assert.equal(app.screen.value, 'waiting');
});

test('opens no camera in a text search, even if permission comes late', async () => {
  const { world, app, devices } = await inGreenRoom();
  await world.time.quiet();
  assert.equal(devices.given.length, 2);
  app.navigation.continueToQueue('text');
  await world.time.quiet();
  assert.equal(app.search.view.value?.mode, 'text');
  assert.ok(devices.given.every((track) => track.readyState === 'ended'));
  assert.equal(app.devices.selfStream.value, null);

  const late = world.person('bo', { preferences: { rulesVersion: 1 } });
  await world.time.quiet();
  const { promise: gate, resolve: answer } = Promise.withResolvers<void>();
  late.devices.gate = gate;
  late.app.navigation.start('video');
  await world.time.quiet();
  assert.equal(late.app.devices.view.value.state, 'asking');
  late.app.navigation.continueToQueue('text');
  answer();
  await world.time.quiet();
  assert.equal(late.devices.given.length, 2);
  assert.ok(late.devices.given.every((track) => track.readyState === 'ended'));
  world.assertNoFault();
});

test('shows a returning user the green room while devices are unavailable', async () => {
  const { world, app, devices } = await opened('later');
  const { promise, resolve: answer } = Promise.withResolvers<void>();
  devices.gate = promise;
  app.navigation.start('video');
  await world.time.advance(ASKING_SHOWS_AFTER_MS - 1);
  assert.equal(app.screen.value, 'landing');
  await world.time.advance(1);
  assert.equal(app.screen.value, 'green-room');
  answer();
  await world.time.advance(OWN_CHECK_MS);
  assert.equal(app.screen.value, 'waiting', 'it goes on by itself');

  const refused = world.regular('bo');
  await world.time.quiet();
  refused.devices.failures = [deviceError('NotAllowedError', 'Permission dismissed')];
  refused.app.navigation.start('video');
  await world.time.quiet();
  assert.equal(refused.app.screen.value, 'green-room');
  assert.equal(refused.app.devices.view.value.failure?.kind, 'dismissed');
});

test('stays on the landing if the user left before camera permission arrived', async () => {
  const { world, app, devices } = await opened('later');
  const { promise, resolve: answer } = Promise.withResolvers<void>();
  devices.gate = promise;
  app.navigation.start('video');
  await world.time.advance(ASKING_SHOWS_AFTER_MS);
  app.navigation.home();
  answer();
  await world.time.quiet();
  assert.equal(app.screen.value, 'landing');
  assert.ok(devices.given.every((track) => track.readyState === 'ended'));
});

test("starts a returning user's search with one press; Stop releases the camera", async () => {
  const { world, app, devices } = await opened('later');
  app.navigation.start('video');
  await world.time.advance(OWN_CHECK_MS);
  assert.equal(app.screen.value, 'waiting');
  assert.deepEqual(world.server.saidBy('ada'), ['age.declare', 'ticket.create']);
  app.navigation.stop();
  assert.equal(app.screen.value, 'landing');
  assert.equal(devices.track('video').readyState, 'ended');
  assert.equal(world.rtc.open.length, 0);
});

test('shows a refused interest on the landing until the user changes it', async () => {
  const { world, app } = await opened('later');
  world.server.refusals = [{ reason: 'bad-interest' }];
  app.settings.set({ interests: ['x'.repeat(33)] });
  app.navigation.start('text');
  await world.time.quiet();
  assert.equal(app.screen.value, 'landing');
  assert.deepEqual(app.fault.value, { kind: 'wish', wish: 'bad-interest' });
  app.settings.set({ interests: ['film'] });
  assert.equal(app.fault.value, null);
});

test('[PR-31] says once that a way to meet isn’t offered any more, and loses nothing', async () => {
  const { world, app } = await opened('later', { interests: ['film'] });
  world.server.refusals = [{ reason: 'not-offered' }];
  app.navigation.start('text');
  await world.time.quiet();
  assert.equal(app.screen.value, 'waiting');
  assert.deepEqual(app.search.view.value?.held, { reason: 'not-offered', retryInMs: null });
  await world.time.advance(60_000);
  const searches = () => world.server.saidBy('ada').filter((type) => type === 'ticket.create');
  assert.equal(searches().length, 1);
  app.navigation.stop();
  assert.equal(app.screen.value, 'landing');
  app.navigation.start('text');
  await world.time.quiet();
  assert.equal(app.search.view.value?.held, null);
  assert.deepEqual(app.search.view.value?.interests, ['film']);
  world.assertNoFault();
});

test('shortens oversized interests and languages to fit into a frame', async () => {
  const { world, app } = await opened('later');
  app.settings.set({ interests: ['x'.repeat(10_000)], languages: ['y'.repeat(10_000)] });
  app.navigation.start('text');
  await world.time.quiet();
  assert.equal(app.screen.value, 'waiting');
  world.assertNoFault();
});

test('offers to match anyone after a delay if a filter is on', async () => {
  const { world, app } = await opened('later', { interests: ['Film '], onlyShared: true });
  app.navigation.start('text');
  await world.time.advance(7_000);
  assert.equal(app.search.view.value?.canAskAnyone, false);
  await world.time.advance(1_000);
  assert.equal(app.search.view.value?.canAskAnyone, true);
  assert.deepEqual(app.search.view.value?.interests, ['film'], 'as the server normalised them');
  app.search.anyone();
  await world.time.quiet();
  assert.equal(app.search.view.value?.onlyShared, false);
  assert.equal(world.server.saidBy('ada').at(-1), 'ticket.widen');
  world.assertNoFault();
});

test('shows why and how long a search is paused; then continues it', async () => {
  const { world, app } = await opened('later');
  world.server.refusals = [{ reason: 'too-fast', retryAfterMs: 20_000 }];
  app.navigation.start('text');
  await world.time.advance(5_000);
  assert.equal(app.screen.value, 'waiting');
  assert.deepEqual(app.search.view.value?.held, { reason: 'too-fast', retryInMs: 15_000 });
  await world.time.advance(15_000);
  assert.equal(app.search.view.value?.held, null);
  assert.equal(app.search.view.value?.waitedMs, 20_000);
});

test('shows the number of online users from 20 on, if known', async () => {
  const { world, app } = await opened('first');
  const tell = async (online: number): Promise<void> => {
    for (const session of world.node.sessions.values()) {
      world.node.pass(session, { type: 'online.count', online });
    }
    await world.time.quiet();
  };
  assert.equal(app.link.online.value, null);
  await tell(ONLINE_SHOWN_FROM - 1);
  assert.equal(app.link.online.value, null);
  await tell(ONLINE_SHOWN_FROM);
  assert.equal(app.link.online.value, ONLINE_SHOWN_FROM);
  world.node.link.breakOff();
  await world.time.quiet();
  assert.equal(app.link.online.value, null);
});

test('works without browser storage and tells the user that nothing is stored', async () => {
  const world = new World();
  const blocked = (): never => assert.fail('the browser blocks storage');
  const store = { read: blocked, write: blocked, remove: blocked };
  const { app } = world.person('ada', { store });
  await world.time.quiet();
  assert.equal(app.settings.storageBlocked.value, true);
  app.navigation.start('text');
  app.navigation.acceptRules();
  await world.time.quiet();
  assert.equal(app.screen.value, 'waiting');
});

test('accepts every user action in every state without an error', async () => {
  const { world, app } = await opened('first');
  app.navigation.next();
  app.navigation.stop();
  app.navigation.escape();
  app.search.anyone();
  app.call.show();
  app.call.cover();
  app.devices.toggle('video');
  app.devices.toggle('audio');
  app.call.consentDirect(true);
  app.chat.setDraft('hello');
  app.chat.sendLine();
  app.chat.retryLine('line-0001');
  app.chat.dismissLine('line-0001');
  app.report.open();
  app.report.setNote('note');
  app.report.send('other');
  app.report.close();
  app.records.block();
  app.navigation.continueToQueue();
  app.navigation.acceptRules();
  app.link.start();
  app.navigation.home();
  app.call.attachCover(null);
  await world.time.quiet();
  assert.equal(app.screen.value, 'landing');
  assert.deepEqual(world.server.saidBy('ada'), []);
});

test('turns the camera off when the user makes "off" the default', async () => {
  const { world, app, store } = await inGreenRoom();
  await world.time.quiet();
  assert.equal(app.devices.view.value.camera, 'on');
  app.settings.set({ startsWithCameraOff: true, startsMuted: true });
  assert.equal(app.devices.view.value.camera, 'off');
  assert.equal(app.devices.view.value.microphone, 'off');
  assert.match(store.get('farandole.preferences') ?? '', /"startsWithCameraOff":true/);
});

test('mirrors the own picture unless mirroring is off or camera faces away', async () => {
  const world = new World();
  const { app, devices } = world.person('ada');
  devices.there = [...(devices.there ?? []), listed('camera', 'c2')];
  devices.facing.set('c1', 'user');
  devices.facing.set('c2', 'environment');
  await world.time.quiet();
  app.navigation.start('video');
  app.navigation.acceptRules();
  await world.time.quiet();
  assert.equal(app.devices.mirrored.value, true);
  app.devices.loaded?.choice.switchCamera();
  await world.time.quiet();
  assert.equal(app.devices.mirrored.value, false);
  app.devices.loaded?.choice.switchCamera();
  await world.time.quiet();
  app.settings.set({ mirrored: false });
  assert.equal(app.devices.mirrored.value, false);
});
