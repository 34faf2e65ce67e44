import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { runWithoutFault } from './resume/fault-free.ts';
import { dealCuts, everyCut } from './resume/plans.ts';

const SEED = 20_261;
/** Each byte is cut in this many of the four ways, in rotation; the long tier runs all. */
const WAYS = 1;

test('[PR-23] [PR-52] loses no line when the connection is cut at every byte', async () => {
  const prng = createPrng(SEED);
  let positions = 0;
  const { cycles, pastTheEnd, linesSent } = await runWithoutFault('talk', SEED, (measured) => {
    const { up, down } = measured.resumed;
    positions = up + 1 + (down + 1);
    const cuts = everyCut(measured.resumed, prng, WAYS);
    return dealCuts(cuts, everyCut(measured.opening, prng));
  });
  assert.equal(cycles, WAYS * positions);
  // Connections vary in length with what is resent, and most are cut before their end.
  assert.ok(pastTheEnd < cycles / 4, `${pastTheEnd} of ${cycles} cuts came too late`);
  assert.ok(linesSent > cycles / 2, `${linesSent} lines in ${cycles} cycles`);
});
