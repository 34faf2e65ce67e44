import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cornerAfter,
  cornerNear,
  EDGE_PX,
  isAtEdge,
} from '../../src/screens/conversation/self-place.ts';
import { CORNERS, type Corner } from '../../src/state/preferences-model.ts';

const FIELD = { left: 100, top: 50, width: 400, height: 800 };

test('moves the own picture to the corner nearest to where it was dropped', () => {
  const at = (x: number, y: number): string => cornerNear({ x, y }, FIELD, false);
  assert.equal(at(120, 60), 'top-start');
  assert.equal(at(480, 60), 'top-end');
  assert.equal(at(299, 449), 'top-start');
  assert.equal(at(301, 451), 'bottom-end');
  assert.equal(at(101, 849), 'bottom-start');
});

test('mirrors the own picture’s corners in right-to-left languages', () => {
  assert.equal(cornerNear({ x: 120, y: 60 }, FIELD, true), 'top-end');
  assert.equal(cornerNear({ x: 480, y: 840 }, FIELD, true), 'bottom-start');
});

test('repeated presses of the button move the own picture to every corner', () => {
  const reached = new Set(CORNERS);
  let corner: Corner = CORNERS[0];
  for (let press = 0; press < CORNERS.length; press += 1) {
    corner = cornerAfter(corner);
    reached.delete(corner);
  }
  assert.deepEqual([...reached], []);
  assert.equal(corner, CORNERS[0]);
});

test('starts no gesture within 24 pixels of an edge of the window', () => {
  const at = (x: number, y: number): boolean => isAtEdge({ x, y }, 390, 844);
  assert.equal(at(EDGE_PX, EDGE_PX), false);
  assert.equal(at(390 - EDGE_PX, 844 - EDGE_PX), false);
  for (const [x, y] of [
    [EDGE_PX - 1, 400],
    [390 - EDGE_PX + 1, 400],
    [200, EDGE_PX - 1],
    [200, 844 - EDGE_PX + 1],
  ] as const) {
    assert.equal(at(x, y), true, `${x}, ${y}`);
  }
});
