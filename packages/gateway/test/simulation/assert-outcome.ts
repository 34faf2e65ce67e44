import assert from 'node:assert/strict';
import { simulateCluster } from './cluster/simulate-cluster.ts';
import { commitOf } from './commit.ts';
import { type Outcome, type SimulationOptions, simulate } from './simulation.ts';

/**
 * Runs a simulated world and fails on a violated invariant. The failure lists the events needed
 * to analyse and replay the violation.
 */
export function runWithoutViolation(options: SimulationOptions): Outcome {
  const { nodes = 1 } = options;
  const outcome = nodes > 1 ? simulateCluster(options) : simulate(options);
  const { violation, recent } = outcome;
  if (violation !== null) {
    const people = options.people === undefined ? '' : ` --people ${options.people}`;
    const world = `--world ${options.seed} --sessions ${options.sessions}${people} --nodes ${nodes}`;
    const again = `npm run simulate -- ${world}, at ${commitOf()}`;
    assert.fail(`${recent}\n\n${violation.stack}\n\nAgain: ${again}`);
  }
  return outcome;
}
