import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Operation, World, type WorldOptions } from './support/world.ts';

const STATES_MIN = 30_000;

const operations = fc.array(
  fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 0xffff }), fc.nat({ max: 0xffff })),
  { minLength: 30, maxLength: 130, size: 'max' },
);

const options: fc.Arbitrary<WorldOptions> = fc.record({
  choose: fc.constantFrom('best', 'first'),
  listProbesMax: fc.constantFrom(1, 2, 3, 32),
  seed: fc.nat(),
  startMs: fc.constantFrom(0, 12_345.5),
});

function live(given: WorldOptions, happenings: readonly Operation[]): World {
  const world = new World(given);
  for (const operation of happenings) world.step(operation);
  world.comeToRest();
  return world;
}

test('[MM-43, MM-50, MM-51, MM-52, MM-60, MM-65] the pool agrees with the oracle in 30,000 random states', (t) => {
  let states = 0;
  let matches = 0;
  fc.assert(
    fc.property(options, operations, (given, happenings) => {
      const world = live(given, happenings);
      states += world.states;
      matches += world.matches;
    }),
    { numRuns: 300 },
  );
  t.diagnostic(`${states} states, ${matches} matches`);
  assert.ok(states >= STATES_MIN, `only ${states} states`);
  assert.ok(matches >= states / 50, `only ${matches} matches`);
});

test('[MM-26, MM-64] gives the same proposals for one seed and any clock origin', () => {
  const monthMs = 30 * 86_400_000;
  fc.assert(
    fc.property(options, operations, (given, happenings) => {
      const { history } = live(given, happenings);
      assert.deepEqual(live(given, happenings).history, history);
      // A multiple of the timing wheel's grain, so that delays are the same for every start.
      for (const startMs of [given.startMs + monthMs, given.startMs - monthMs]) {
        assert.deepEqual(live({ ...given, startMs }, happenings).history, history);
      }
    }),
    { numRuns: 40 },
  );
});
