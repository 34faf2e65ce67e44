import assert from 'node:assert/strict';
import { test } from 'node:test';
import { World } from '../src/fakes/world.ts';

test('a report that was opened and not sent is a call that was left, and may still be sent', async () => {
  const world = new World();
  const [ada] = await world.meet('text');
  ada.app.report.open();
  assert.equal(ada.app.call.ended.value?.reason, 'you');
  ada.app.report.close();
  assert.equal(ada.app.call.ended.value?.reason, 'you');
  assert.equal(ada.app.call.ended.value?.canReport, true);
  ada.app.report.open();
  assert.equal(ada.app.report.view.value?.state, 'choosing');
});

test('a report that was sent is said at the end of its call', async () => {
  const world = new World();
  const [ada] = await world.meet('text');
  ada.app.report.open();
  ada.app.report.send('hate');
  assert.equal(ada.app.call.ended.value?.reason, 'reported');
  assert.equal(ada.app.call.ended.value?.canReport, false);
});
