import assert from 'node:assert/strict';
import { test } from 'node:test';
import { residentMibWith } from './support/many-blocks.ts';

const BLOCKS = 499_000;
const MIB_AT_MOST = 300;

test('[ST-18d] starts with 499,000 blocks in the store in at most 300 MiB', async (t) => {
  const mib = await residentMibWith(t, BLOCKS);
  console.log(`start with ${BLOCKS} blocks: ${mib.toFixed(0)} MiB resident`);
  assert.ok(mib <= MIB_AT_MOST, `${mib} MiB`);
});
