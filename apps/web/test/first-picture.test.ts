import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { firstPictureOf, type Marks, MOMENTS, withMark } from '../src/call/first-picture-steps.ts';
import { NEXT_GUARD_MS } from '../src/call/limits.ts';
import type { Person } from '../src/fakes/world.ts';
import { OWN_CHECK_MS } from '../src/fakes/world.ts';
import { met, openedBoth } from './support/opened.ts';

const marks = (at: Marks['at'], beganAtMs = 0): Marks => ({ beganAtMs, at });

function tookOf(person: Person): Record<string, number> {
  const { steps } = person.app.call.firstPicture.value ?? assert.fail('there is no timeline');
  return Object.fromEntries(steps.map(({ to, tookMs }) => [to, tookMs]));
}

test('gives each connection step the time since the previous step', () => {
  const at = { matched: 500, described: 530, connected: 700, framed: 800, checked: 1_300 };
  const { steps, frameAfterMs } = firstPictureOf(marks(at, 100));
  assert.deepEqual(
    steps.map(({ to, fromMs, tookMs }) => [to, fromMs, tookMs]),
    [
      ['matched', -400, 400],
      ['described', 0, 30],
      ['connected', 30, 170],
      ['framed', 200, 100],
      ['checked', 300, 500],
    ],
  );
  assert.equal(frameAfterMs, 300);
});

test('draws contiguous bars for connection steps, none for waiting on users', () => {
  const at = { matched: 5_000, described: 5_050, framed: 5_200, shown: 99_000 };
  const { steps } = firstPictureOf(marks(at));
  assert.deepEqual(
    steps.map(({ bar }) => bar),
    [null, { start: 0, length: 0.25 }, { start: 0.25, length: 0.75 }, null],
  );
});

test("keeps each connection step's first time; a missed step lengthens the next", () => {
  const once = withMark(marks({ matched: 10 }), 'framed', 40);
  assert.equal(withMark(once, 'framed', 90), once);
  assert.deepEqual(
    firstPictureOf(once).steps.map(({ to, tookMs }) => [to, tookMs]),
    [
      ['matched', 10],
      ['framed', 30],
    ],
  );
});

test('gives complete, non-negative connection step times for any event order', () => {
  const time = fc.option(fc.integer({ min: 0, max: 10_000 }), { nil: undefined });
  const times = fc.tuple(time, time, time, time, time, time);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), times, (beganAtMs, reached) => {
      const given = marks({}, beganAtMs);
      const all = MOMENTS.reduce<Marks>((made, moment, index) => {
        const atMs = reached[index];
        return atMs === undefined ? made : withMark(made, moment, atMs);
      }, given);
      const { steps } = firstPictureOf(all);
      assert.deepEqual(
        steps.map(({ to }) => to),
        MOMENTS.filter((moment) => all.at[moment] !== undefined),
      );
      const last = MOMENTS.findLast((moment) => all.at[moment] !== undefined);
      const whole = last === undefined ? 0 : Math.max(0, (all.at[last] ?? 0) - beganAtMs);
      assert.ok(steps.every(({ tookMs }) => tookMs >= 0));
      assert.equal(
        steps.reduce((sum, { tookMs }) => sum + tookMs, 0),
        whole,
      );
      for (const { bar } of steps) {
        if (bar !== null) assert.ok(bar.start >= 0 && bar.start + bar.length <= 1.000_001);
      }
    }),
  );
});

test("splits a video call's time from press to first picture into steps", async () => {
  const { world, ada, bo } = await openedBoth();
  ada.app.navigation.start('video');
  await world.time.advance(OWN_CHECK_MS + 2_000);
  assert.equal(ada.app.call.firstPicture.value, null, 'nobody is met yet');
  bo.app.navigation.start('video');
  await world.time.advance(OWN_CHECK_MS);
  assert.deepEqual(Object.keys(tookOf(ada)).slice(0, 4), [
    'matched',
    'described',
    'connected',
    'framed',
  ]);
  assert.equal(tookOf(ada)['matched'], 2_000 + OWN_CHECK_MS, 'since the search began');
  await world.time.advance(3_000);
  assert.equal(tookOf(ada)['shown'], undefined, 'it waits for the person');
  const before = Object.values(tookOf(ada)).reduce((sum, took) => sum + took, 0);
  ada.app.call.show();
  await world.time.quiet();
  assert.ok((tookOf(ada)['checked'] ?? 0) > 0, 'the shield took its looks');
  assert.ok((tookOf(ada)['shown'] ?? 0) > 1_000);
  assert.equal(
    Object.values(tookOf(ada)).reduce((sum, took) => sum + took, 0),
    before + (tookOf(ada)['shown'] ?? 0),
  );
  await world.time.advance(NEXT_GUARD_MS);
  ada.app.navigation.stop();
  assert.equal(ada.app.call.firstPicture.value, null, 'and not of a call that is over');
  world.assertNoFault();
});

test('shows no connection steps for a text call', async () => {
  const { ada } = await met('text');
  assert.equal(ada.app.call.firstPicture.value, null);
});
