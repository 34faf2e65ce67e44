import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REACTIONS, type Reaction } from '@farandole/protocol/fields';
import { REACTIONS_MAX, REACTIONS_SPAN_MS } from '@farandole/protocol/limits';
import type { TestClient } from './support/test-client.ts';
import { paired } from './support/world.ts';

function react(client: TestClient, reaction: Reaction = 'wave'): void {
  client.pass({ type: 'call.react', ...client.inCall(), reaction });
}

const heardBy = (client: TestClient): Reaction[] =>
  client.all('call.reaction').map(({ reaction }) => reaction);

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
