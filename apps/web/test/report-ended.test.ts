import assert from 'node:assert/strict';
import { test } from 'node:test';
import { World } from './support/world.ts';

test('a report that was opened and not sent is a call that was left, and may still be sent', async () => {
  const world = new World();
  const [ada] = await world.meet('text');
  ada.app.openReport();
  assert.equal(ada.app.ended.value?.reason, 'you');
  ada.app.closeReport();
  assert.equal(ada.app.ended.value?.reason, 'you');
  assert.equal(ada.app.ended.value?.canReport, true);
  ada.app.openReport();
  assert.equal(ada.app.report.value?.state, 'choosing');
});

test('a report that was sent is said at the end of its call', async () => {
  const world = new World();
  const [ada] = await world.meet('text');
  ada.app.openReport();
  ada.app.sendReport('hate');
  assert.equal(ada.app.ended.value?.reason, 'reported');
  assert.equal(ada.app.ended.value?.canReport, false);
});
