import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  NEXT_CONFIRM_MS,
  NEXT_GUARD_MS,
  PREPARED_FRESH_MS,
  SHOW_MATCH_WITHIN_MS,
} from '../src/call/limits.ts';
import { OWN_CHECK_MS, type Person, World } from '../src/fakes/world.ts';
import { met, openedBoth } from './support/opened.ts';

test('prepares a connection for the next call only if the peer left', async () => {
  const { world, ada, bo } = await met('video');
  await world.time.advance(2_000);
  ada.app.navigation.stop();
  await world.time.advance(500);
  assert.equal(bo.app.call.ended.value?.reason, 'left');
  const { open } = world.rtc;
  assert.deepEqual(
    open.map(({ options }) => options.role),
    ['offerer', 'answerer'],
    'nothing for who stopped',
  );
  bo.app.navigation.next();
  await world.time.quiet();
  assert.deepEqual(world.rtc.open, open, 'and they are the ones that are used');
  await world.time.advance(NEXT_GUARD_MS);
  bo.app.navigation.stop();
  await world.time.quiet();
  assert.equal(world.rtc.open.length, 0);
});

test('closes the prepared connections if the user starts no further search', async () => {
  const { world, ada, bo } = await met('video');
  await world.time.advance(2_000);
  ada.app.navigation.stop();
  await world.time.advance(PREPARED_FRESH_MS);
  assert.equal(bo.app.screen.value, 'ended');
  assert.equal(world.rtc.open.length, 0);
});

test('answers a match at once and shows the match soon after', async () => {
  const { world, ada, bo } = await metUndrawn();
  const answers = world.server.said.filter(({ message }) => message.type === 'signal.answer');
  assert.equal(answers.length, 1, 'what the other waits for is said');
  await world.time.advance(SHOW_MATCH_WITHIN_MS - 1);
  for (const { app } of [ada, bo]) {
    assert.deepEqual([app.screen.value, app.chat.view.value], ['waiting', null]);
  }
  await world.time.advance(1);
  for (const { app } of [ada, bo]) {
    assert.deepEqual([app.screen.value, app.chat.view.value?.open], ['call-video', true]);
  }
  world.assertNoFault();
});

test('renders call changes at once if the call is already shown', async () => {
  const world = new World();
  world.rtc.reachable = false;
  const [ada] = await world.meet('video');
  ada.app.navigation.next();
  assert.equal(ada.app.call.view.value?.next.state, 'really');
  await world.time.advance(NEXT_CONFIRM_MS);
  assert.equal(ada.app.call.view.value?.next.state, 'next', 'when sending goes on, it is seen');
});

test('ends a match on Stop before the page has rendered the match', async () => {
  const { world, ada, bo } = await metUndrawn();
  assert.equal(ada.app.screen.value, 'waiting');
  ada.app.navigation.stop();
  assert.equal(ada.app.screen.value, 'ended');
  await world.time.advance(SHOW_MATCH_WITHIN_MS);
  assert.equal(ada.app.screen.value, 'ended');
  assert.equal(bo.app.call.ended.value?.reason, 'left');
});

async function metUndrawn(): Promise<{ world: World; ada: Person; bo: Person }> {
  const { world, ada, bo } = await openedBoth();
  ada.app.navigation.start('video');
  await world.time.advance(OWN_CHECK_MS);
  world.rtc.reachable = false;
  bo.app.navigation.start('video');
  await world.time.advance(OWN_CHECK_MS);
  return { world, ada, bo };
}
