import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedSources } from '../src/state/report-sources.ts';

const from = (network: number | null, device: number | null) => ({ source: { network, device } });

test('[MO-92c] counts reports that share a network or device', () => {
  assert.deepEqual(sharedSources([from(1, 1), from(2, null), from(null, null)]), []);
  const reports = [from(2, 2), from(1, 1), from(2, 1), from(2, null), from(1, null)];
  assert.deepEqual(sharedSources(reports), [
    { kind: 'network', number: 1, reports: 2 },
    { kind: 'network', number: 2, reports: 3 },
    { kind: 'device', number: 1, reports: 2 },
  ]);
});
