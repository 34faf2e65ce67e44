import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  BACK_PX,
  giveOf,
  isSwiped,
  NO_SWIPE,
  SWIPE_PX,
  SWIPE_PX_PER_MS,
  type Swipe,
  type SwipePoint,
  swipe,
} from '../../src/screens/conversation/swipe.ts';

const WIDTH_PX = 380;

function through(...points: readonly SwipePoint[]): Swipe {
  let current = NO_SWIPE;
  points.forEach((point, at) => {
    current = swipe(
      current,
      at === 0
        ? { event: 'down', point, widthPx: WIDTH_PX, isAtEdge: false }
        : { event: 'move', point },
    );
  });
  return current;
}

const point = (x: number, atMs: number, y = 100): SwipePoint => ({ x, y, atMs });
const FROM_X = 200;

test('accepts a swipe only above both 96 pixels and 0.4 pixels per millisecond', () => {
  const ends = (wayPx: number, tookMs: number): boolean =>
    isSwiped(through(point(FROM_X, 0), point(FROM_X - wayPx, tookMs)));
  assert.equal(ends(SWIPE_PX + 1, 100), true);
  assert.equal(ends(SWIPE_PX, 100), false);
  const slowestMs = 120 / SWIPE_PX_PER_MS;
  assert.equal(ends(120, slowestMs - 1), true);
  assert.equal(ends(120, slowestMs), false);
});

test("starts a swipe only in the stranger tile's first 60 %, outside buttons", () => {
  const from = (x: number): boolean => isSwiped(through(point(x, 0), point(x - 150, 100)));
  assert.equal(from(WIDTH_PX * 0.6), true);
  assert.equal(from(WIDTH_PX * 0.6 + 1), false);
});

test('starts no swipe at a window edge, where system gestures start', () => {
  const down = { event: 'down', point: point(FROM_X, 0), widthPx: WIDTH_PX } as const;
  assert.equal(swipe(NO_SWIPE, { ...down, isAtEdge: true }), NO_SWIPE);
  assert.notEqual(swipe(NO_SWIPE, { ...down, isAtEdge: false }), NO_SWIPE);
});

test('cancels a swipe when the finger moves back before lifting', () => {
  const turned = (backPx: number): boolean =>
    isSwiped(through(point(FROM_X, 0), point(FROM_X - 150, 80), point(FROM_X - 150 + backPx, 110)));
  assert.equal(turned(BACK_PX - 1), true);
  assert.equal(turned(BACK_PX), false);
});

test('ignores a finger that moves down or in the opposite direction', () => {
  assert.equal(isSwiped(through(point(FROM_X, 0), point(FROM_X - 8, 20, 130))), false);
  // If a finger moves down first, the same touch can't become a swipe.
  const downFirst = through(point(FROM_X, 0), point(FROM_X, 20, 130), point(FROM_X - 150, 90, 130));
  assert.equal(isSwiped(downFirst), false);
  assert.equal(isSwiped(through(point(FROM_X, 0), point(FROM_X + 150, 90))), false);
});

test('cancels a swipe when a second finger touches', () => {
  const current = through(point(FROM_X, 0), point(FROM_X - 150, 80));
  assert.equal(isSwiped(current), true);
  assert.equal(isSwiped(swipe(current, { event: 'cancel' })), false);
});

test("moves the stranger's tile by a shrinking share of the finger's distance", () => {
  fc.assert(
    fc.property(fc.integer({ min: 11, max: 190 }), (wayPx) => {
      const give = (way: number): number =>
        giveOf(through(point(FROM_X, 0), point(FROM_X - way, 50)));
      const [near, far] = [give(wayPx), give(wayPx + 10)];
      return near < wayPx && far > near && far - near < 10 && far < 72;
    }),
  );
  assert.equal(giveOf(through(point(FROM_X, 0))), 0);
});
