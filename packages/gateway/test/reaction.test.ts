import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Card, REACTIONS, type Reaction } from '@farandole/protocol/fields';
import {
  CARDS_MAX,
  CARDS_SPAN_MS,
  REACTIONS_MAX,
  REACTIONS_SPAN_MS,
} from '@farandole/protocol/limits';
import type { TestClient } from './support/test-client.ts';
import { paired } from './support/world.ts';

function react(client: TestClient, reaction: Reaction = 'wave'): void {
  client.pass({ type: 'call.react', ...client.inCall(), reaction });
}

const heardBy = (client: TestClient): Reaction[] =>
  client.all('call.reaction').map(({ reaction }) => reaction);

function lay(client: TestClient, turn: number): Card {
  const card: Card = { game: 'ice', at: turn - 1, turn, side: 'a' };
  client.pass({ type: 'call.card', ...client.inCall(), card });
  return card;
}

const cardsOf = (client: TestClient): Card[] => client.all('call.card').map(({ card }) => card);

test('[PR-47] relays each reaction only to the peer, in video and text', () => {
  for (const mode of ['video', 'text'] as const) {
    const { world, ada, bo } = paired(mode);
    for (const reaction of REACTIONS) react(ada, reaction);
    world.flush();
    assert.deepEqual(heardBy(bo), REACTIONS);
    assert.deepEqual(heardBy(ada), []);
    const [first] = bo.all('call.reaction');
    assert.deepEqual(first, { type: 'call.reaction', ...bo.inCall(), reaction: 'wave' });
  }
});

test('[PR-47] drops a reaction while the peer has no socket', () => {
  const { world, ada, bo } = paired();
  world.lose(bo);
  react(ada, 'heart');
  world.connect(bo);
  react(ada, 'clap');
  world.flush();
  assert.deepEqual(heardBy(bo), ['clap']);
});

test('[PR-40] drops a reaction that names another epoch of the call', () => {
  const { world, ada, bo } = paired();
  const { match, epoch } = ada.inCall();
  ada.pass({ type: 'call.react', match, epoch: epoch + 1, reaction: 'wave' });
  world.flush();
  assert.deepEqual(heardBy(bo), []);
  assert.ok(ada.isAttached);
});

test('[GW-64] drops reactions above the rate limit until the limit allows another', () => {
  const { world, ada, bo } = paired();
  for (let sent = 0; sent <= REACTIONS_MAX; sent++) react(ada);
  ada.sayLine('hello');
  world.flush();
  assert.equal(heardBy(bo).length, REACTIONS_MAX);
  assert.equal(bo.call?.lines.length, 1, 'chat has credits of its own');
  const everyMs = REACTIONS_SPAN_MS / REACTIONS_MAX;
  world.pass(everyMs - 1);
  react(ada);
  world.flush();
  assert.equal(heardBy(bo).length, REACTIONS_MAX);
  world.pass(1);
  react(ada);
  world.flush();
  assert.equal(heardBy(bo).length, REACTIONS_MAX + 1);
  assert.ok(ada.isAttached);
});

test('[PR-47] a report never contains a reaction', () => {
  const { world, ada, bo } = paired();
  react(ada, 'laugh');
  bo.sayLine('what is so funny?');
  world.flush();
  bo.report();
  world.flush();
  const written = JSON.stringify(world.journal.pending);
  assert.match(written, /what is so funny/u);
  assert.doesNotMatch(written, /laugh/u);
});

test('[PR-48] relays each card only to the peer, and not while the peer has no socket', () => {
  const { world, ada, bo } = paired();
  const first = lay(ada, 1);
  world.flush();
  world.lose(bo);
  lay(ada, 2);
  world.connect(bo);
  const third = lay(ada, 3);
  world.flush();
  assert.deepEqual(cardsOf(bo), [first, third]);
  assert.deepEqual(cardsOf(ada), []);
});

test('[PR-48] a report never contains a card', () => {
  const { world, ada, bo } = paired();
  lay(ada, 1);
  bo.sayLine('what a question');
  world.flush();
  bo.report();
  world.flush();
  const written = JSON.stringify(world.journal.pending);
  assert.match(written, /what a question/u);
  assert.doesNotMatch(written, /"ice"/u);
});

test('[GW-64a] drops cards above the rate limit until the limit allows another', () => {
  const { world, ada, bo } = paired();
  for (let turn = 1; turn <= CARDS_MAX + 1; turn++) lay(ada, turn);
  react(ada);
  world.flush();
  assert.equal(cardsOf(bo).length, CARDS_MAX);
  assert.equal(heardBy(bo).length, 1, 'reactions have credits of their own');
  const everyMs = CARDS_SPAN_MS / CARDS_MAX;
  world.pass(everyMs - 1);
  lay(ada, 20);
  world.flush();
  assert.equal(cardsOf(bo).length, CARDS_MAX);
  world.pass(1);
  lay(ada, 21);
  world.flush();
  assert.equal(cardsOf(bo).length, CARDS_MAX + 1);
  assert.ok(ada.isAttached);
});
