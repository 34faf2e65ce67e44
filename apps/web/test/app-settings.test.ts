import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OWN_CHECK_MS, World } from './support/world.ts';

test('settings open on every screen, and go by themselves when somebody is met', async () => {
  const world = new World();
  const ada = world.regular('ada');
  const bo = world.regular('bo');
  await world.time.quiet();
  ada.app.openSettings();
  assert.equal(ada.app.settingsOpen.value, true);
  ada.app.closeSettings();
  assert.equal(ada.app.settingsOpen.value, false);

  ada.app.startText();
  await world.time.quiet();
  ada.app.openSettings();
  assert.equal(ada.app.screen.value, 'waiting');
  bo.app.startText();
  await world.time.advance(10);
  assert.equal(ada.app.screen.value, 'call-text');
  assert.equal(ada.app.settingsOpen.value, false);

  ada.app.openSettings();
  await world.time.advance(2_000);
  assert.equal(ada.app.settingsOpen.value, true, 'those opened in the call stay');
  world.assertNoFault();
});

test('wishes that were changed while one waits hold at once, when the settings close', async () => {
  const world = new World();
  const { app } = world.regular('ada', { interests: ['film'], onlyShared: true });
  await world.time.quiet();
  app.startText();
  await world.time.advance(9_000);
  app.anyone();
  app.openSettings();
  app.setPreferences({ theme: 'dark' });
  app.closeSettings();
  await world.time.quiet();
  assert.equal(world.hall.saidBy('ada').at(-1), 'ticket.widen', 'nothing else was wished for');
  app.openSettings();
  app.setPreferences({ interests: ['film', 'chess'] });
  app.setPreferences({ interests: ['chess'] });
  await world.time.quiet();
  assert.equal(world.hall.saidBy('ada').at(-1), 'ticket.widen', 'not at each change');
  app.closeSettings();
  await world.time.quiet();
  assert.deepEqual(world.hall.saidBy('ada').slice(-2), ['ticket.withdraw', 'ticket.create']);
  assert.deepEqual(app.search.value?.interests, ['chess']);
  assert.equal(app.search.value?.waitedMs, 0);
  world.assertNoFault();
});

test('languages that are kept to oneself do not reach the server', async () => {
  const world = new World();
  const { app } = world.regular('ada', { languages: ['fr', 'de'] });
  await world.time.quiet();
  app.startText();
  await world.time.quiet();
  app.stop();
  app.setPreferences({ hideLanguages: true });
  app.startText();
  await world.time.quiet();
  const sent = world.hall.said.map(({ message }) =>
    message.type === 'ticket.create' ? [message.languages] : [],
  );
  assert.deepEqual(sent.flat(), [['fr', 'de'], []]);
});

test('a person who wants a relay or nothing has no direct call, whatever the server allows', async () => {
  const world = new World();
  world.hall.transport = 'relay';
  world.hall.directOffered = true;
  const [ada, bo] = await world.meet('video');
  assert.equal(ada.app.call.value?.direct.offered, true);
  ada.app.consentDirect(true);
  bo.app.consentDirect(true);
  await world.time.quiet();
  assert.equal(bo.app.call.value?.direct.peer, true);
  // It is taken back at once, and can't be given while the wish holds.
  ada.app.setPreferences({ relayOnly: true });
  await world.time.quiet();
  assert.equal(bo.app.call.value?.direct.peer, false);
  ada.app.consentDirect(true);
  await world.time.quiet();
  assert.deepEqual(
    [bo.app.call.value?.direct.peer, ada.app.call.value?.direct.offered],
    [false, false],
  );
  world.assertNoFault();
});

test('what was chosen is forgotten outside of a search and a call alone', async () => {
  const world = new World();
  const { app, store } = world.regular('ada', { interests: ['film'] });
  await world.time.quiet();
  app.setPreferences({ theme: 'dark' });
  app.startText();
  await world.time.quiet();
  app.forgetChoices();
  assert.equal(app.preferences.value.theme, 'dark');
  app.stop();
  app.forgetChoices();
  assert.equal(app.preferences.value.theme, 'auto');
  assert.equal(store.size, 0);
});

test('[GW-28] a waiting person learns how long others waited, and nothing where nobody knows', async () => {
  const world = new World();
  const { app } = world.regular('ada');
  await world.time.quiet();
  app.startText();
  await world.time.quiet();
  assert.equal(app.search.value?.usualWaitMs, null);
  app.stop();
  world.hall.usualWaitMs = 42_000;
  app.startText();
  await world.time.quiet();
  assert.equal(app.search.value?.usualWaitMs, 42_000);
});

test('who waits long for a picture may look for somebody to write with', async () => {
  const world = new World();
  const { app } = world.regular('ada');
  await world.time.quiet();
  app.searchBy('text');
  assert.equal(app.screen.value, 'landing');
  app.startVideo();
  await world.time.advance(OWN_CHECK_MS);
  assert.equal(app.search.value?.mode, 'video');
  app.searchBy('text');
  await world.time.quiet();
  assert.equal(app.search.value?.mode, 'text');
  assert.equal(app.selfStream.value, null, 'the camera is off');
  world.assertNoFault();
});

test('from the settings a search goes over to the other mode, under one ticket and what was changed', async () => {
  const world = new World();
  const { app } = world.regular('ada');
  await world.time.quiet();
  app.startText();
  await world.time.quiet();
  app.openSettings();
  app.setPreferences({ interests: ['chess'] });
  const before = world.hall.saidBy('ada').length;
  app.searchBy('text');
  assert.equal(app.settingsOpen.value, true, 'it is by text already');
  app.searchBy('video');
  assert.deepEqual([app.settingsOpen.value, app.screen.value], [false, 'green-room']);
  await world.time.advance(OWN_CHECK_MS);
  assert.deepEqual([app.search.value?.mode, app.search.value?.interests], ['video', ['chess']]);
  app.openSettings();
  app.searchBy('text');
  assert.deepEqual([app.settingsOpen.value, app.screen.value], [false, 'waiting']);
  await world.time.quiet();
  assert.equal(app.search.value?.mode, 'text');
  const said = world.hall.saidBy('ada').slice(before);
  const search = ['ticket.withdraw', 'ticket.create'];
  assert.deepEqual(said, [...search, ...search]);
  world.assertNoFault();
});
