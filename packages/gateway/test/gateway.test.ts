import assert from 'node:assert/strict';
import { test } from 'node:test';
import { World } from './support/world.ts';

test('[PR-50] two people meet and a line reaches both, the same', () => {
  const world = new World();
  const [ada, bo] = world.pair();
  assert.equal(ada.call?.match, bo.call?.match);
  ada.sayLine('hello');
  bo.sayLine('hi');
  world.flush();
  assert.deepEqual(
    ada.call?.lines.map((line) => line.text),
    ['hello', 'hi'],
  );
  assert.deepEqual(ada.call?.lines, bo.call?.lines);
});
