import assert from 'node:assert/strict';
import { test } from 'node:test';
import { residentMibWith } from './support/many-blocks.ts';

const BLOCKS = 499_000;
const MIB_AT_MOST = 300;
const FEW_BLOCKS = 20_000;
/** Room for noise. A start that reads the blocks takes far more. */
const MORE_MIB_AT_MOST = 25;

test('[ST-18d] starts with 499,000 blocks in the store in at most 300 MiB', async (t) => {
  const mib = await residentMibWith(t, BLOCKS);
  console.log(`start with ${BLOCKS} blocks: ${mib.toFixed(0)} MiB resident`);
  assert.ok(mib <= MIB_AT_MOST, `${mib} MiB`);
});

test('[ST-18d] a start reads no blocks into memory', async (t) => {
  const more = (await residentMibWith(t, FEW_BLOCKS)) - (await residentMibWith(t, 0));
  assert.ok(more <= MORE_MIB_AT_MOST, `${more.toFixed(0)} MiB more`);
});
