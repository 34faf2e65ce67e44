import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  CLOCK_DIFFERENCE_MS_MAX,
  JUMP_HELD_MS,
  STARTED_LATELY_MS,
  TIME_OFF_HELD_MS,
} from '../src/limits.ts';
import {
  hasHeld,
  mayHaveBeenOff,
  parseTrustedDate,
  passTo,
  startDate,
  type TrustedDate,
  takeOver,
  trustedDateText,
} from '../src/node/trusted-date.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START_MS = 1_800_000_000_000;

const first = (): TrustedDate => startDate(null, { boot: 'one', atMs: 0, wallMs: START_MS });

/** The date at a time of the run, where the machine's is `aheadMs` ahead of the time that passed. */
const pass = (date: TrustedDate, atMs: number, aheadMs = 0): TrustedDate =>
  passTo(date, { boot: date.boot, atMs, wallMs: START_MS + atMs + aheadMs });

/** What was kept when the machine was switched off, and how it is in its next run, `offMs` later. */
const off = (date: TrustedDate, offMs: number): TrustedDate =>
  startDate(date, { boot: 'two', atMs: 0, wallMs: START_MS + date.atMs + offMs });

const past = ({ dateMs, sureMs }: TrustedDate) => [dateMs - START_MS, sureMs - START_MS];

test('where nothing was kept the machine is believed', () => {
  assert.deepEqual(past(first()), [0, 0]);
  assert.equal(first().doubt, null);
});

test('a difference of an hour is followed, and more of it is a jump', () => {
  for (const sign of [1, -1]) {
    const small = pass(first(), 1, sign * CLOCK_DIFFERENCE_MS_MAX);
    assert.deepEqual(past(small), [
      1 + sign * CLOCK_DIFFERENCE_MS_MAX,
      1 + sign * CLOCK_DIFFERENCE_MS_MAX,
    ]);
    const large = pass(first(), 1, sign * (CLOCK_DIFFERENCE_MS_MAX + 1));
    assert.deepEqual(past(large), [1, 1]);
    assert.notEqual(large.doubt, null);
  }
});

test('a jump is taken over once it held, not a millisecond earlier, and not where it changed meanwhile', () => {
  for (const jumpMs of [30 * DAY_MS, -30 * DAY_MS]) {
    const jumped = pass(first(), 10, jumpMs);
    assert.equal(hasHeld(pass(jumped, 9 + JUMP_HELD_MS, jumpMs)), false);
    const held = pass(jumped, 10 + JUMP_HELD_MS, jumpMs);
    assert.equal(hasHeld(held), true);
    const taken = takeOver(held);
    assert.deepEqual(past(taken), [10 + JUMP_HELD_MS + jumpMs, 10 + JUMP_HELD_MS + jumpMs]);
    assert.equal(pass(taken, 11 + JUMP_HELD_MS, jumpMs).doubt, null);
    const other = pass(jumped, JUMP_HELD_MS, jumpMs - 2 * HOUR_MS);
    assert.equal(hasHeld(pass(other, 10 + JUMP_HELD_MS, jumpMs - 2 * HOUR_MS)), false);
    const back = pass(jumped, HOUR_MS);
    assert.equal(back.doubt, null);
  }
});

test('a process that starts in the same run of the machine goes on where the last one was', () => {
  const jumped = pass(first(), 10, 30 * DAY_MS);
  const at = { boot: 'one', atMs: 40 * DAY_MS, wallMs: START_MS + 70 * DAY_MS };
  const later = startDate(jumped, at);
  assert.deepEqual(past(later), [40 * DAY_MS, 40 * DAY_MS]);
  assert.deepEqual(later.doubt, jumped.doubt);
});

test('a machine that was off for forty days writes the right date at once, and ends by it after some hours', () => {
  const kept = pass(first(), DAY_MS);
  const on = off(kept, 40 * DAY_MS);
  assert.deepEqual(past(on), [41 * DAY_MS, DAY_MS]);
  assert.equal(mayHaveBeenOff(on), true);
  const then = (atMs: number): TrustedDate =>
    passTo(on, { boot: 'two', atMs, wallMs: START_MS + 41 * DAY_MS + atMs });
  assert.equal(hasHeld(then(TIME_OFF_HELD_MS - 1)), false);
  assert.deepEqual(past(then(TIME_OFF_HELD_MS - 1))[1], DAY_MS + TIME_OFF_HELD_MS - 1);
  assert.equal(hasHeld(then(TIME_OFF_HELD_MS)), true);
});

test('a machine that hears of the date only after its start writes by it at once, and no later', () => {
  const kept = pass(first(), DAY_MS);
  const on = off(kept, 0);
  assert.equal(on.doubt, null);
  const told = (atMs: number): TrustedDate => {
    const before = passTo(on, { boot: 'two', atMs: atMs - 1, wallMs: START_MS + DAY_MS + atMs });
    return passTo(before, { boot: 'two', atMs, wallMs: START_MS + 3 * DAY_MS + atMs });
  };
  assert.deepEqual(past(told(STARTED_LATELY_MS)), [
    3 * DAY_MS + STARTED_LATELY_MS,
    DAY_MS + STARTED_LATELY_MS + 1,
  ]);
  assert.equal(mayHaveBeenOff(told(STARTED_LATELY_MS + 1)), false);
});

test('a machine that starts in the past goes on with the date that was kept', () => {
  const on = off(pass(first(), DAY_MS), -30 * DAY_MS);
  assert.deepEqual(past(on), [DAY_MS, DAY_MS]);
  assert.equal(mayHaveBeenOff(on), false);
});

test('no order of jumps and restarts that each are over in hours moves the date by which anything ends', () => {
  const steps = fc.array(
    fc.record({
      passMs: fc.integer({ min: 0, max: HOUR_MS }),
      aheadMs: fc.constantFrom(0, 30 * DAY_MS, -30 * DAY_MS, 2 * HOUR_MS),
      restart: fc.constantFrom('none', 'process', 'machine'),
    }),
    // Less than three hours in all.
    { maxLength: 2 },
  );
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 8 }), (rounds) => {
      let date = first();
      let passedMs = 0;
      let runs = 0;
      let atMs = 0;
      const now = (aheadMs: number) => ({
        boot: `run-${runs}`,
        atMs,
        wallMs: START_MS + passedMs + aheadMs,
      });
      date = startDate(null, now(0));
      for (const round of rounds) {
        for (const { passMs, aheadMs, restart } of [
          ...round,
          { passMs: 0, aheadMs: 0, restart: 'none' },
        ]) {
          passedMs += passMs;
          atMs += passMs;
          date = passTo(date, now(aheadMs));
          assert.equal(hasHeld(date), false);
          assert.equal(date.sureMs, START_MS + passedMs);
          if (restart === 'none') continue;
          if (restart === 'machine') {
            runs += 1;
            atMs = 0;
          }
          date = startDate(parseTrustedDate(trustedDateText(date)), now(aheadMs));
          assert.equal(date.sureMs, START_MS + passedMs);
        }
      }
    }),
  );
});

test('what is kept is read back as it was, and nothing else is taken for it', () => {
  for (const date of [first(), pass(first(), 10, DAY_MS), off(pass(first(), 10), DAY_MS)]) {
    assert.deepEqual(parseTrustedDate(trustedDateText(date)), date);
  }
  const whole = pass(first(), 10, DAY_MS);
  for (const wrong of [
    { atMs: null },
    { dateMs: '1' },
    { sureMs: undefined },
    { boot: 7 },
    { startedAtMs: 'x' },
    { doubt: { byMs: 1 } },
    { doubt: 5 },
  ]) {
    assert.equal(parseTrustedDate(JSON.stringify({ ...whole, ...wrong })), null);
  }
  for (const text of ['', '{', 'null', '[]', '7']) assert.equal(parseTrustedDate(text), null);
});
