import { parseArgs } from 'node:util';
import { commitOf } from './commit.ts';
import { plant } from './plant.ts';

/**
 * Runs the simulation: `node main.ts --seed N --sessions N`. The last line is JSON. After a
 * violation, what happened before it is told first, with the seed and the commit that replay it.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    sessions: { type: 'string', default: '10000' },
    people: { type: 'string', default: '120' },
    recent: { type: 'string', default: '60' },
    mutant: { type: 'string' },
  },
});
if (values.mutant !== undefined) plant(values.mutant);
// After the bug is planted: what is imported before it stays whole.
const { simulate } = await import('./simulation.ts');
const { violation, recent, ...outcome } = simulate({
  seed: Number(values.seed),
  sessions: Number(values.sessions),
  people: Number(values.people),
  recent: Number(values.recent),
});
if (violation !== null) {
  const replay = `--seed ${values.seed} --sessions ${values.sessions} --people ${values.people}`;
  process.stdout.write(`${recent}\n\n${violation.stack}\n\nAgain: ${replay}, at ${commitOf()}\n`);
  process.exitCode = 1;
}
const violations = violation === null ? 0 : 1;
const violated = violation === null ? null : violation.invariant;
process.stdout.write(`${JSON.stringify({ ...outcome, violations, violated })}\n`);
