import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { measure, randomPlans } from './resume/plans.ts';
import { runResumes } from './resume/resume-run.ts';

const SEED = 20_262;
/** Each kind of step about thirty times; the long tier runs fifty thousand cycles. */
const CYCLES = 240;
/** Far longer than any step takes. */
const PATIENCE_MS = 60_000;

test('[PR-23] [PR-46] completes every call step once under cut and slow connections', async () => {
  const settings = { seed: SEED, patienceMs: PATIENCE_MS, script: 'errands' } as const;
  const measured = await measure(settings);
  assert.deepEqual(measured.failures, []);
  const { resumed, opening } = measured;
  assert.ok(resumed.up > 500 && resumed.down > 500, JSON.stringify(resumed));
  assert.ok(opening.up > 500 && opening.down > 500, JSON.stringify(opening));

  const plans = randomPlans(createPrng(SEED), measured, CYCLES, 'errands');
  const { failures, cycles, pastTheEnd, lost, doubled, reordered, resets } = await runResumes({
    ...settings,
    parallel: 32,
    stopsAtFault: false,
    plans,
  });
  assert.deepEqual(failures, []);
  assert.deepEqual(
    { lost, doubled, reordered, resets },
    { lost: 0, doubled: 0, reordered: 0, resets: 0 },
  );
  assert.equal(cycles, CYCLES);
  assert.ok(pastTheEnd < cycles * 0.9, `${pastTheEnd} of ${cycles} cuts came too late`);
});
