import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DRAIN_DEADLINE_MS } from '@farandole/protocol/limits';
import { World } from '../support/world.ts';

// What the simulation found, each once and in short, so that it is not found again.

test('[PR-45] a page that resumes after the deadline of a drain, and before the tick that sees it, is told of no time left', () => {
  const world = new World();
  const ada = world.joinAdult('ada');
  world.gateway.drain(world.now);
  world.flush();
  world.lose(ada);
  world.clock.advance(DRAIN_DEADLINE_MS + 100);
  world.connect(ada);
  assert.equal(ada.last('server.moving').deadlineMs, 0);
});
