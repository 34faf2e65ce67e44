import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { dealCuts, everyCut, measure } from './resume/plans.ts';
import { runResumes } from './resume/resume-run.ts';

const SEED = 20_261;
/**
 * Each third byte is cut in one of the four ways, in rotation, because these numbers have no common
 * factor. The long tier cuts every byte in all ways.
 */
const EVERY_BYTES = 3;
const WAYS = 1;
/** Far longer than any step takes. */
const PATIENCE_MS = 60_000;

test('[PR-23] [PR-52] loses no line when the connection is cut at any third byte', async () => {
  const settings = { seed: SEED, patienceMs: PATIENCE_MS };
  const measured = await measure(settings);
  assert.deepEqual(measured.failures, []);
  const { resumed, opening } = measured;
  assert.ok(resumed.up > 500 && resumed.down > 500, JSON.stringify(resumed));
  assert.ok(opening.up > 500 && opening.down > 500, JSON.stringify(opening));

  const prng = createPrng(SEED);
  const cuts = everyCut(resumed, prng, WAYS).filter(
    ({ afterBytes }) => afterBytes % EVERY_BYTES === 0,
  );
  const plans = dealCuts(cuts, everyCut(opening, prng));
  const { failures, cycles, pastTheEnd, linesSent, lost, doubled, reordered, resets } =
    await runResumes({
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
  const positions =
    Math.ceil((resumed.up + 1) / EVERY_BYTES) + Math.ceil((resumed.down + 1) / EVERY_BYTES);
  assert.equal(cycles, WAYS * positions);
  // Connections vary in length with what is resent, and most are cut before their end.
  assert.ok(pastTheEnd < cycles / 4, `${pastTheEnd} of ${cycles} cuts came too late`);
  assert.ok(linesSent > cycles / 2, `${linesSent} lines in ${cycles} cycles`);
});
