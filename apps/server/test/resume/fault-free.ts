import assert from 'node:assert/strict';
import { measure } from './plans.ts';
import { type ResumeOutcome, runResumes, type ScriptName } from './resume-run.ts';
import type { ScriptPlan } from './script.ts';

/** Time limit in ms, much longer than any step takes. */
const PATIENCE_MS = 60_000;

/**
 * Measures connections, makes plans for their lengths and runs the plans.
 * @throws AssertionError if anything is lost, doubled, reordered or reset
 */
export async function runWithoutFault(
  script: ScriptName,
  seed: number,
  plansFor: (measured: ResumeOutcome) => Iterator<ScriptPlan, void>,
): Promise<ResumeOutcome> {
  const settings = { seed, script, patienceMs: PATIENCE_MS };
  const measured = await measure(settings);
  assert.deepEqual(measured.failures, []);
  for (const { up, down } of [measured.resumed, measured.opening]) {
    assert.ok(up > 500 && down > 500, `${up} bytes up, ${down} down`);
  }
  const plans = plansFor(measured);
  const outcome = await runResumes({ ...settings, parallel: 32, stopsAtFault: false, plans });
  const { failures, lost, doubled, reordered, resets } = outcome;
  assert.deepEqual(failures, []);
  assert.deepEqual([lost, doubled, reordered, resets], [0, 0, 0, 0]);
  return outcome;
}
