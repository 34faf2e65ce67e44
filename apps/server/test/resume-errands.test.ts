import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { runWithoutFault } from './resume/fault-free.ts';
import { randomPlans } from './resume/plans.ts';

const SEED = 20_262;
/**
 * Number of cycles of cut and resume. Each kind of step runs about fifteen times. The long tier
 * runs fifty thousand cycles.
 */
const CYCLES = 120;

test('[PR-23] [PR-46] completes every call step once over cut and slow connections', async () => {
  const { cycles, pastTheEnd } = await runWithoutFault('errands', SEED, (measured) =>
    randomPlans(createPrng(SEED), measured, CYCLES, 'errands'),
  );
  assert.equal(cycles, CYCLES);
  assert.ok(pastTheEnd < cycles * 0.9, `${pastTheEnd} of ${cycles} cuts came too late`);
});
