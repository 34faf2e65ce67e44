import assert from 'node:assert/strict';
import { test } from 'node:test';
import { World } from './support/world.ts';

test('two people who start video meet', async () => {
  const world = new World();
  const [ada, bo] = await world.meet('video');
  await world.time.advance(100);
  assert.equal(ada.app.call.value?.flow, 'flowing');
  assert.equal(bo.app.call.value?.hasPicture, true);
  assert.equal(ada.app.peerStream.value, null);
  ada.app.showPeer();
  assert.notEqual(ada.app.peerStream.value, null);
  world.assertNoFault();
});
