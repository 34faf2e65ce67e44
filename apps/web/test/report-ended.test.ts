import assert from 'node:assert/strict';
import { test } from 'node:test';
import { met } from './support/opened.ts';

test("shows an unsent report's call as left and still reportable", async () => {
  const { ada } = await met('text');
  ada.app.report.open();
  assert.equal(ada.app.call.ended.value?.reason, 'you');
  ada.app.report.close();
  assert.equal(ada.app.call.ended.value?.reason, 'you');
  assert.equal(ada.app.call.ended.value?.canReport, true);
  ada.app.report.open();
  assert.equal(ada.app.report.view.value?.state, 'choosing');
});

test('confirms a sent report at the end of its call', async () => {
  const { ada } = await met('text');
  ada.app.report.open();
  ada.app.report.send('hate');
  assert.equal(ada.app.call.ended.value?.reason, 'reported');
  assert.equal(ada.app.call.ended.value?.canReport, false);
});
