import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksWatch } from '../src/node/blocks-watch.ts';
import type { LogEvent } from '../src/observe/log.ts';

test('[GW-6] warns once when the stored blocks reach nine tenths of their limit', () => {
  const said: LogEvent[] = [];
  let blocks = 0;
  const look = blocksWatch(
    () => blocks,
    (event) => said.push(event),
    10,
  );
  for (blocks = 0; blocks < 9; blocks++) look();
  assert.deepEqual(said, []);
  for (blocks = 9; blocks <= 10; blocks++) look();
  assert.deepEqual(said, [{ event: 'blocks-nearly-full' }]);
});
