import assert from 'node:assert/strict';
import { commitOf } from './commit.ts';
import { type Outcome, type SimulationOptions, simulate } from './simulation.ts';
import { missingFrom } from './worlds.ts';

/**
 * Runs a simulated world and fails on a violated invariant. The failure lists the events needed
 * to analyse and replay the violation.
 */
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

/**
 * Asserts that every kind of event occurred at least once, because a run without events proves
 * nothing.
 */
/** @param besides what this world can't have, because its server doesn't offer voice */
export function assertDidSomething(outcome: Outcome, besides: readonly string[] = []): void {
  const missing = missingFrom(outcome).filter((kind) => !besides.includes(kind));
  assert.deepEqual(missing, [], `in ${outcome.steps} steps`);
}
