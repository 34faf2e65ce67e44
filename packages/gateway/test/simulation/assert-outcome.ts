import assert from 'node:assert/strict';
import { commitOf } from './commit.ts';
import { type Outcome, type SimulationOptions, simulate } from './simulation.ts';
import { missingFrom } from './worlds.ts';

/** Runs from a seed, and fails with all that it takes to find out why and to see it again. */
export function runWithoutViolation(options: SimulationOptions): Outcome {
  const outcome = simulate(options);
  const { violation, recent } = outcome;
  if (violation !== null) {
    const people = options.people === undefined ? '' : ` --people ${options.people}`;
    const world = `--world ${options.seed} --sessions ${options.sessions}${people}`;
    const again = `npm run simulate -- ${world}, at ${commitOf()}`;
    assert.fail(`${recent}\n\n${violation.stack}\n\nAgain: ${again}`);
  }
  return outcome;
}

/** Each kind of thing happened: a run that did nothing has shown nothing. */
export function assertDidSomething(outcome: Outcome): void {
  assert.deepEqual(missingFrom(outcome), [], `in ${outcome.steps} steps`);
}
