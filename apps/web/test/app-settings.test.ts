import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OWN_CHECK_MS, World } from '../src/fakes/world.ts';
import { opened, openedBoth } from './support/opened.ts';

test('opens settings on every screen; a match closes them', async () => {
  const { world, ada, bo } = await openedBoth();
  ada.app.settings.open();
  assert.equal(ada.app.settings.isOpen.value, true);
  ada.app.settings.close();
  assert.equal(ada.app.settings.isOpen.value, false);

  ada.app.navigation.start('text');
  await world.time.quiet();
  ada.app.settings.open();
  assert.equal(ada.app.screen.value, 'waiting');
  bo.app.navigation.start('text');
  await world.time.advance(10);
  assert.equal(ada.app.screen.value, 'call-text');
  assert.equal(ada.app.settings.isOpen.value, false);

  ada.app.settings.open();
  await world.time.advance(2_000);
  assert.equal(ada.app.settings.isOpen.value, true, 'those opened in the call stay');
  world.assertNoFault();
});

test('applies changed search criteria when the settings close', async () => {
  const { world, app } = await opened('later', { interests: ['film'], onlyShared: true });
  app.navigation.start('text');
  await world.time.advance(9_000);
  app.search.anyone();
  app.settings.open();
  app.settings.set({ theme: 'dark' });
  app.settings.close();
  await world.time.quiet();
  assert.equal(world.server.saidBy('ada').at(-1), 'ticket.widen', 'nothing else was wished for');
  app.settings.open();
  app.settings.set({ interests: ['film', 'chess'] });
  app.settings.set({ interests: ['chess'] });
  await world.time.quiet();
  assert.equal(world.server.saidBy('ada').at(-1), 'ticket.widen', 'not at each change');
  app.settings.close();
  await world.time.quiet();
  assert.deepEqual(world.server.saidBy('ada').slice(-2), ['ticket.withdraw', 'ticket.create']);
  assert.deepEqual(app.search.view.value?.interests, ['chess']);
  assert.equal(app.search.view.value?.waitedMs, 0);
  world.assertNoFault();
});

test('sends no languages if the user keeps languages private', async () => {
  const { world, app } = await opened('later', { languages: ['fr', 'de'] });
  app.navigation.start('text');
  await world.time.quiet();
  app.navigation.stop();
  app.settings.set({ hideLanguages: true });
  app.navigation.start('text');
  await world.time.quiet();
  const sent = world.server.said.map(({ message }) =>
    message.type === 'ticket.create' ? [message.languages] : [],
  );
  assert.deepEqual(sent.flat(), [['fr', 'de'], []]);
});

test('connects only by relay for a user who chose "relay only"', async () => {
  const world = new World();
  world.server.transport = 'relay';
  world.server.directOffered = true;
  const [ada, bo] = await world.meet('video');
  assert.equal(ada.app.call.view.value?.direct.offered, true);
  ada.app.call.consentDirect(true);
  bo.app.call.consentDirect(true);
  await world.time.quiet();
  assert.equal(bo.app.call.view.value?.direct.peer, true);
  // The preference "Relay only" withdraws the user's consent to a direct connection at once and
  // refuses a new consent.
  ada.app.settings.set({ relayOnly: true });
  await world.time.quiet();
  assert.equal(bo.app.call.view.value?.direct.peer, false);
  ada.app.call.consentDirect(true);
  await world.time.quiet();
  assert.deepEqual(
    [bo.app.call.view.value?.direct.peer, ada.app.call.view.value?.direct.offered],
    [false, false],
  );
  world.assertNoFault();
});

test('resets preferences only when there is no search or call', async () => {
  const { world, app, store } = await opened('later', { interests: ['film'] });
  app.settings.set({ theme: 'dark' });
  app.navigation.start('text');
  await world.time.quiet();
  app.settings.forget();
  assert.equal(app.settings.preferences.value.theme, 'dark');
  app.navigation.stop();
  app.settings.forget();
  assert.equal(app.settings.preferences.value.theme, 'auto');
  assert.equal(store.size, 0);
});

test('[GW-28] shows the usual waiting time while searching, if known', async () => {
  const { world, app } = await opened('later');
  app.navigation.start('text');
  await world.time.quiet();
  assert.equal(app.search.view.value?.usualWaitMs, null);
  app.navigation.stop();
  world.server.usualWaitMs = 42_000;
  app.navigation.start('text');
  await world.time.quiet();
  assert.equal(app.search.view.value?.usualWaitMs, 42_000);
});

test('switches a video search to text and turns the camera off', async () => {
  const { world, app } = await opened('later');
  app.navigation.searchBy('text');
  assert.equal(app.screen.value, 'landing');
  app.navigation.start('video');
  await world.time.advance(OWN_CHECK_MS);
  assert.equal(app.search.view.value?.mode, 'video');
  app.navigation.searchBy('text');
  await world.time.quiet();
  assert.equal(app.search.view.value?.mode, 'text');
  assert.equal(app.devices.selfStream.value, null, 'the camera is off');
  world.assertNoFault();
});

test("changes the search's mode together with changed interests", async () => {
  const { world, app } = await opened('later');
  app.navigation.start('text');
  await world.time.quiet();
  app.settings.open();
  app.settings.set({ interests: ['chess'] });
  const before = world.server.saidBy('ada').length;
  app.navigation.searchBy('text');
  assert.equal(app.settings.isOpen.value, true, 'it is by text already');
  app.navigation.searchBy('video');
  assert.deepEqual([app.settings.isOpen.value, app.screen.value], [false, 'green-room']);
  await world.time.advance(OWN_CHECK_MS);
  assert.deepEqual(
    [app.search.view.value?.mode, app.search.view.value?.interests],
    ['video', ['chess']],
  );
  app.settings.open();
  app.navigation.searchBy('text');
  assert.deepEqual([app.settings.isOpen.value, app.screen.value], [false, 'waiting']);
  await world.time.quiet();
  assert.equal(app.search.view.value?.mode, 'text');
  const said = world.server.saidBy('ada').slice(before);
  const search = ['ticket.withdraw', 'ticket.create'];
  assert.deepEqual(said, [...search, ...search]);
  world.assertNoFault();
});
