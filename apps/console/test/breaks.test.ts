import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BREAK_AFTER_MS, BREAK_MS, ConsoleModel } from '../src/state/console-model.ts';

function consoleAt() {
  const at = { nowMs: 1_800_000_000_000 };
  const never = () => new Promise<never>(() => {});
  const model = new ConsoleModel({
    api: { get: never, post: never, bytes: never },
    open: () => ({ close: () => {} }),
    wallMs: () => at.nowMs,
  });
  const work = (ms: number): void => {
    for (const endMs = at.nowMs + ms; at.nowMs < endMs; ) {
      at.nowMs = Math.min(endMs, at.nowMs + 60_000);
      model.active();
      model.tick();
    }
  };
  /**
   * Simulates continuous work for this long and asserts that the console suggests a break at its
   * end.
   */
  const expectBreakAfter = (ms: number): void => {
    work(ms - 1);
    assert.equal(model.breakDue.value, false);
    work(1);
    assert.equal(model.breakDue.value, true);
  };
  return { model, at, work, expectBreakAfter };
}

test('suggests a break to a moderator after each work period', () => {
  const { model, expectBreakAfter } = consoleAt();
  expectBreakAfter(BREAK_AFTER_MS);
  model.takeBreak();
  expectBreakAfter(BREAK_AFTER_MS);
});

test('counts a moderator’s absence as a break and suggests none on return', () => {
  const { model, at, work, expectBreakAfter } = consoleAt();
  work(BREAK_AFTER_MS - 60_000);
  at.nowMs += BREAK_MS;
  model.tick();
  assert.equal(model.breakDue.value, false, 'nobody is there');
  model.active();
  model.tick();
  assert.equal(model.breakDue.value, false);
  expectBreakAfter(BREAK_AFTER_MS);
  at.nowMs += BREAK_MS;
  model.active();
  assert.equal(model.breakDue.value, false, 'and so has whoever took it');
});
