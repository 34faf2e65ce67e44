import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeProfile } from '../src/fakes/fake-tabs.ts';
import { type Person, REGULAR, World } from '../src/fakes/world.ts';
import type { Tabs } from '../src/state/tabs.ts';
import { ANSWER_WITHIN_MS } from '../src/state/tabs-model.ts';
import { KEPT_CALL } from './support/calls.ts';

class Profile {
  readonly world = new World();
  readonly tabs: Tabs[] = [];
  readonly profile = new FakeProfile();

  async tab(name: string): Promise<Person> {
    const tabs = this.profile.open();
    this.tabs.push(tabs);
    const person = this.world.person(name, { preferences: REGULAR, ports: { tabs } });
    await this.world.time.quiet();
    return person;
  }
}

async function searching(): Promise<Profile & { first: Person; second: Person }> {
  const profile = new Profile();
  const first = await profile.tab('first');
  first.app.navigation.start('text');
  await profile.world.time.quiet();
  assert.equal(first.app.screen.value, 'waiting');
  const second = await profile.tab('second');
  return Object.assign(profile, { first, second });
}

/** Opens two tabs, of which the first starts a search and the second is idle. */
async function searchingBesideIdle(): Promise<Profile & { first: Person; second: Person }> {
  const profile = new Profile();
  const first = await profile.tab('first');
  const second = await profile.tab('second');
  first.app.navigation.start('text');
  await profile.world.time.quiet();
  return Object.assign(profile, { first, second });
}

async function inCall(): Promise<Profile & { first: Person; second: Person }> {
  const profile = await searching();
  const bo = profile.world.regular('bo');
  await profile.world.time.quiet();
  bo.app.navigation.start('text');
  await profile.world.time.advance(100);
  assert.equal(profile.first.app.screen.value, 'call-text');
  return profile;
}

test('shows no question in a second tab while both tabs are idle', async () => {
  const profile = new Profile();
  const first = await profile.tab('first');
  const second = await profile.tab('second');
  const { world } = profile;
  world.node.close(world.sessionOf(first), 'replaced');
  await world.time.quiet();
  assert.deepEqual(
    [first, second].map(({ app }) => app.screen.value),
    ['landing', 'landing'],
  );
  assert.equal(second.app.link.isOnline.value, true);
  assert.equal(first.app.link.isOnline.value, false);
  first.setHidden(false);
  await world.time.quiet();
  assert.equal(first.app.link.isOnline.value, true, 'the user returned to it');
});

test('opens a new session when the user starts searching in a replaced tab', async () => {
  const profile = new Profile();
  const { world } = profile;
  const first = await profile.tab('first');
  await profile.tab('second');
  world.node.close(world.sessionOf(first), 'replaced');
  await world.time.quiet();
  first.app.navigation.start('text');
  await world.time.quiet();
  assert.equal(first.app.screen.value, 'waiting');
  assert.equal(first.app.link.isOnline.value, true);
});

test('searches again after an idle tab replaced the session of the busy tab', async () => {
  const { world, first, second } = await searchingBesideIdle();
  // The second tab sent its hello before it heard that the first is busy.
  world.node.close(world.sessionOf(first), 'replaced');
  await world.time.advance(2_000);
  assert.equal(first.app.screen.value, 'waiting');
  assert.equal(first.app.search.view.value?.mode, 'text');
  assert.equal(first.app.link.isOnline.value, true);
  assert.equal(second.app.screen.value, 'elsewhere');
  assert.equal(second.app.link.isOnline.value, false);

  world.node.close(world.sessionOf(first), 'replaced');
  await world.time.advance(2_000);
  assert.equal(first.app.screen.value, 'elsewhere', 'another browser has the same cookies');
  assert.equal(second.app.screen.value, 'landing');
});

test('opens no session while another tab searches', async () => {
  const { world, first, second } = await searching();
  assert.equal(second.app.screen.value, 'elsewhere');
  assert.equal(world.node.ticketsGiven, 1);
  assert.equal(first.app.screen.value, 'waiting');
  second.setHidden(false);
  await world.time.quiet();
  assert.equal(world.node.ticketsGiven, 1, 'nor when the user returns to it');
});

test('shows a question in an idle tab as soon as another tab becomes busy', async () => {
  const { second } = await searchingBesideIdle();
  assert.equal(second.app.screen.value, 'elsewhere');
  assert.equal(second.app.link.isOnline.value, false);
});

test('frees a waiting tab at once when the busy tab closes or stops', async () => {
  for (const leave of ['pageHidden', 'stop'] as const) {
    const { world, first, second } = await searching();
    if (leave === 'pageHidden') first.app.pageHidden();
    else first.app.navigation.stop();
    await world.time.quiet();
    assert.equal(second.app.screen.value, 'landing');
    assert.equal(second.app.link.isOnline.value, true);
  }
});

test('makes the title of the busy tab blink until the user returns to it', async () => {
  const { world, first, second, profile, tabs } = await searching();
  first.setHidden(true);
  assert.equal(second.app.tabs.pointed.value, false);
  second.app.tabs.goThere();
  await world.time.quiet();
  assert.equal(second.app.tabs.pointed.value, true);
  assert.equal(profile.focused, tabs[0]);
  const seen: boolean[] = [];
  for (let blink = 0; blink < 3; blink += 1) {
    seen.push(first.app.tabs.calls.value);
    await world.time.advance(1_000);
  }
  assert.deepEqual(seen, [true, false, true]);
  await world.time.advance(60_000);
  assert.equal(first.app.tabs.calls.value, false, 'not for ever');
  second.app.tabs.goThere();
  await world.time.quiet();
  assert.equal(first.app.tabs.calls.value, true);
  first.setHidden(false);
  assert.equal(first.app.tabs.calls.value, false);
});

test('moves a search to the other tab', async () => {
  const { world, first, second } = await searching();
  second.app.tabs.moveHere();
  await world.time.advance(100);
  assert.equal(second.app.screen.value, 'waiting');
  assert.equal(second.app.search.view.value?.mode, 'text');
  assert.equal(first.app.screen.value, 'elsewhere');
  assert.equal(world.server.saidBy('first').at(-1), 'ticket.withdraw');
  first.app.tabs.moveHere();
  await world.time.advance(100);
  assert.equal(first.app.screen.value, 'waiting', 'and back');
  assert.equal(second.app.screen.value, 'elsewhere');
  world.assertNoFault();
});

test('[PR-63] moves a call to the other tab without ending it', async () => {
  const { world, first, second } = await inCall();
  const session = world.sessionOf(first);
  const { last } = first.app.call;
  assert.ok(last !== null);
  world.node.rejoin = { ...KEPT_CALL, mode: 'text', receipt: last.receipt };
  second.app.tabs.moveHere();
  assert.equal(second.app.screen.value, 'elsewhere');
  await world.time.advance(10);
  assert.equal(first.app.screen.value, 'elsewhere');
  assert.equal(first.app.call.view.value, null);
  assert.ok(!world.server.saidBy('first').includes('call.end'));
  assert.ok(world.node.sessions.has(session.id), 'the node keeps the session');
  assert.equal(session.socket, null);
  assert.equal(world.node.hellos.at(-1)?.newPage, true);
  assert.equal(world.server.saidBy('second').at(-1), 'call.restore');
  const said = world.server.saidBy('first').length;
  second.app.pageHidden();
  await world.time.advance(100);
  assert.deepEqual(world.server.saidBy('first').slice(said), ['age.declare']);
});

test('shows the connection state during a slow move between tabs, then moves', async () => {
  const { world, second } = await searching();
  world.node.link.mode = 'refuse';
  second.app.tabs.moveHere();
  await world.time.advance(9_000);
  assert.equal(second.app.screen.value, 'elsewhere');
  await world.time.advance(2_000);
  assert.equal(second.app.screen.value, 'landing');
  assert.equal(second.app.link.isOnline.value, false);
  world.node.link.mode = 'pass';
  await world.time.advance(60_000);
  assert.equal(second.app.screen.value, 'waiting');
});

/** The first tab searches but doesn't answer when the second one moves the search. */
async function movingFromFrozen(): Promise<Profile & { second: Person; frozen: Tabs }> {
  const profile = await searching();
  const [frozen] = profile.tabs;
  assert.ok(frozen !== undefined);
  profile.profile.frozen.add(frozen);
  profile.second.app.tabs.moveHere();
  return Object.assign(profile, { frozen });
}

test('a tab takes the session over from a frozen tab after a timeout', async () => {
  const { world, second } = await movingFromFrozen();
  await world.time.advance(ANSWER_WITHIN_MS - 1);
  assert.equal(second.app.tabs.elsewhere.value, 'moving');
  await world.time.advance(5_000);
  assert.equal(second.app.screen.value, 'landing');
  assert.equal(second.app.link.isOnline.value, true);
});

test('continues the search of a slow tab that answers after the timeout', async () => {
  const { world, second, profile, frozen } = await movingFromFrozen();
  await world.time.advance(ANSWER_WITHIN_MS + 1_000);
  assert.equal(second.app.screen.value, 'landing');
  profile.frozen.delete(frozen);
  frozen.send({ tab: 'handed-over', activity: { what: 'search', mode: 'text' } });
  await world.time.advance(100);
  assert.ok(world.server.saidBy('second').includes('ticket.create'));
});

test('starts no search when a frozen tab wakes up much later', async () => {
  const { world, second, profile, frozen } = await movingFromFrozen();
  await world.time.advance(ANSWER_WITHIN_MS + 60_000);
  profile.frozen.delete(frozen);
  frozen.send({ tab: 'handed-over', activity: { what: 'search', mode: 'text' } });
  await world.time.advance(100);
  assert.equal(second.app.screen.value, 'landing');
});
