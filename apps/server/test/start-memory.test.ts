import assert from 'node:assert/strict';
import { test } from 'node:test';
import { residentMibWith } from './support/many-blocks.ts';

const BLOCKS = 20_000;
/** Room for noise. A start that reads the blocks takes far more. */
const MORE_MIB_AT_MOST = 25;

test('[ST-18d] a start reads no blocks into memory', async (t) => {
  const more = (await residentMibWith(t, BLOCKS)) - (await residentMibWith(t, 0));
  assert.ok(more <= MORE_MIB_AT_MOST, `${more.toFixed(0)} MiB more`);
});
