import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { runWithoutFault } from './resume/fault-free.ts';
import { dealCuts, everyCut } from './resume/plans.ts';

const SEED = 20_261;
/**
 * Cuts at every 27th byte, each time in the next of the four ways. Each way occurs in every
 * part of a connection, because 27 and four have no common factor. The long tier cuts at
 * every byte in all four ways.
 */
const EVERY_BYTES = 27;
const WAYS = 1;

test('[PR-23] [PR-52] loses no chat line when connections are cut at every 27th byte', async () => {
  const prng = createPrng(SEED);
  let positions = 0;
  const { cycles, pastTheEnd, linesSent } = await runWithoutFault('talk', SEED, (measured) => {
    const { up, down } = measured.resumed;
    positions = Math.ceil((up + 1) / EVERY_BYTES) + Math.ceil((down + 1) / EVERY_BYTES);
    const cuts = everyCut(measured.resumed, prng, WAYS).filter(
      ({ afterBytes }) => afterBytes % EVERY_BYTES === 0,
    );
    return dealCuts(cuts, everyCut(measured.opening, prng));
  });
  assert.equal(cycles, WAYS * positions);
  // The length of a connection depends on what is resent, so some connections end before their
  // planned cut. Most must be cut.
  assert.ok(pastTheEnd < cycles / 4, `${pastTheEnd} of ${cycles} cuts came too late`);
  assert.ok(linesSent > cycles / 2, `${linesSent} lines in ${cycles} cycles`);
});
