import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { REACTIONS, type Reaction } from '@farandole/protocol/fields';
import { REACTIONS_MAX, REACTIONS_SPAN_MS } from '@farandole/protocol/limits';
import { REACTION_SHOWN_MS, REACTIONS_SHOWN_MAX } from '../src/call/reactions.ts';
import type { Person } from '../src/fakes/world.ts';
import { met } from './support/opened.ts';

async function meet(mode: 'video' | 'text' = 'text') {
  const { world, ada, bo } = await met(mode);
  const sent = (): Reaction[] =>
    world.server.said
      .map(({ message }) => message)
      .filter((message): message is ClientMessageOf<'call.react'> => message.type === 'call.react')
      .map(({ reaction }) => reaction);
  return { world, ada, bo, sent };
}

async function react({ app }: Person, reaction: Reaction = 'wave'): Promise<void> {
  (await app.reactions.load()).send(reaction);
}

function modelOf({ app }: Person) {
  return app.reactions.model.value ?? assert.fail('no call was opened');
}

const shownTo = (person: Person): string[] =>
  modelOf(person).shown.value.map(({ from, reaction }) => `${from} ${reaction}`);

test('shows a reaction to both users in covered video and text calls', async () => {
  for (const mode of ['video', 'text'] as const) {
    const { world, ada, bo } = await meet(mode);
    if (mode === 'video') assert.equal(bo.app.call.view.value?.cover, 'covered');
    for (const reaction of REACTIONS) await react(ada, reaction);
    await world.time.advance(50);
    assert.deepEqual(
      shownTo(ada),
      REACTIONS.map((reaction) => `you ${reaction}`),
    );
    assert.deepEqual(
      shownTo(bo),
      REACTIONS.map((reaction) => `peer ${reaction}`),
    );
    assert.equal(modelOf(ada).news.value?.key, 'reaction.you.music');
    assert.equal(modelOf(bo).news.value?.key, 'reaction.peer.music');
    await world.time.advance(REACTION_SHOWN_MS);
    assert.deepEqual([...shownTo(ada), ...shownTo(bo)], []);
    world.assertNoFault();
  }
});

test('refuses the sixth reaction in ten seconds; clears the refusal later', async () => {
  const { world, ada, sent } = await meet();
  for (let at = 0; at <= REACTIONS_MAX; at++) await react(ada);
  await world.time.quiet();
  assert.equal(sent().length, REACTIONS_MAX);
  assert.equal(shownTo(ada).length, REACTIONS_MAX);
  const { refusal, news } = modelOf(ada);
  assert.deepEqual([refusal.value, news.value?.key], ['too-fast', 'reaction.too-fast']);
  await world.time.advance(REACTION_SHOWN_MS);
  assert.equal(refusal.value, null);
  await world.time.advance(REACTIONS_SPAN_MS - REACTION_SHOWN_MS - 1);
  await react(ada);
  assert.equal(refusal.value, 'too-fast');
  await world.time.advance(1);
  await react(ada, 'heart');
  await world.time.quiet();
  assert.equal(refusal.value, null);
  assert.deepEqual(sent().slice(REACTIONS_MAX), ['heart']);
});

test('refuses a reaction while either user is disconnected', async () => {
  const { world, ada, bo, sent } = await meet();
  const there = { match: ada.app.call.last?.match ?? '', epoch: 1 };
  world.node.send(world.sessionOf(ada), { type: 'peer.presence', ...there, present: false });
  await world.time.quiet();
  await react(ada);
  assert.equal(modelOf(ada).refusal.value, 'away');
  world.node.link.breakOff();
  await world.time.advance(100);
  await react(bo);
  assert.equal(modelOf(bo).refusal.value, 'away');
  assert.deepEqual([...sent(), ...shownTo(ada), ...shownTo(bo)], []);
});

test('neither sends, shows nor announces reactions that the user turned off', async () => {
  const { world, ada, bo, sent } = await meet();
  await react(ada, 'heart');
  await world.time.advance(50);
  assert.deepEqual(shownTo(bo), ['peer heart']);
  const announced = modelOf(bo).news.value;
  bo.app.settings.set({ reactions: false });
  assert.deepEqual(shownTo(bo), []);
  await react(bo);
  await react(ada, 'clap');
  await world.time.advance(50);
  assert.deepEqual(sent(), ['heart', 'clap']);
  assert.deepEqual(shownTo(bo), []);
  assert.equal(modelOf(bo).news.value, announced);
  bo.app.settings.set({ reactions: true });
  assert.deepEqual(shownTo(bo), ['peer heart'], 'what arrived before is shown until its time ends');
  await react(bo);
  assert.deepEqual(shownTo(bo), ['peer heart', 'you wave']);
  world.assertNoFault();
});

test('limits visible reactions and hides them when the call ends', async () => {
  const { world, ada, bo } = await meet();
  const { match, epoch } = bo.app.call.last ?? assert.fail('no call');
  await react(ada);
  for (let at = 0; at <= REACTIONS_SHOWN_MAX; at++) {
    modelOf(bo).receive({ type: 'call.reaction', match, epoch, reaction: 'clap' });
  }
  assert.equal(shownTo(bo).length, REACTIONS_SHOWN_MAX);
  modelOf(bo).receive({ type: 'call.reaction', match: 'another-call', epoch, reaction: 'heart' });
  assert.ok(!shownTo(bo).includes('peer heart'));
  ada.app.navigation.stop();
  await world.time.advance(50);
  assert.deepEqual([...shownTo(ada), ...shownTo(bo)], []);
  await react(ada);
  assert.deepEqual(shownTo(ada), []);
});
