import assert from 'node:assert/strict';
import { commitOf } from './commit.ts';
import { FAULTS } from './faults.ts';
import { type Outcome, type SimulationOptions, simulate } from './simulation.ts';

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

/** A run that did nothing has shown nothing: each kind of thing has happened. */
export function assertDidSomething(outcome: Outcome): void {
  const { deeds, faults, attacks, decisions, atRest } = outcome;
  const happened = {
    ...{ sessions: outcome.sessions, resumes: outcome.resumes, matches: outcome.matches },
    overtakings: outcome.overtakings,
    ...{ lines: outcome.lines, reports: outcome.reports, restored: outcome.restored },
    rejoined: outcome.rejoined,
    restartsInJump: outcome.restartsInJump,
    turned: outcome.turned,
    ...{ shownOut: outcome.shownOut, turnedAway: outcome.turnedAway },
    keptToText: outcome.keptToText,
    ...{ waitingAtRest: atRest.waiting, callsAtRest: atRest.calls, wholeAtRest: atRest.whole },
    ...deeds,
    ...attacks,
    ...decisions,
  };
  for (const [what, times] of Object.entries(happened)) {
    assert.ok(times > 0, `in ${outcome.steps} steps: no ${what}`);
  }
  for (const fault of FAULTS) assert.ok(faults[fault] > 0, `the fault ${fault} never happened`);
}
