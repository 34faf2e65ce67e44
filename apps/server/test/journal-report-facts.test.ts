import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReportRecord } from '@farandole/gateway/ports';
import { brandId, type DeviceKeyId } from '@farandole/kernel/id';
import { parseSealedReport, sealedLine } from '../src/journal/journal-record.ts';
import { TEST_SEAL } from './support/test-server.ts';

const REPORT: ReportRecord = {
  kind: 'report',
  id: 'report-of-ada',
  code: 'CODE-1',
  match: brandId('match-0001'),
  by: brandId('subject-ada'),
  of: brandId('subject-mallory'),
  ofDevice: brandId('device-of-mallory'),
  reason: 'hate',
  note: null,
  lines: [],
  reporterSide: 'a',
  atWallMs: 1_800_000_000_000,
};

const reread = (line: string) =>
  parseSealedReport(line, (id, sealed) => TEST_SEAL.open(id, sealed));

test('[GW-59, GW-79] keeps a report’s network, device, duration and budget in the journal', () => {
  const from = { network: 'home', parent: 'carrier' };
  const byDevice = brandId<DeviceKeyId>('device-of-ada');
  const whole: ReportRecord = { ...REPORT, from, byDevice, lastedMs: 20_000, overBudget: true };
  assert.deepEqual(reread(sealedLine(whole, TEST_SEAL)), whole);
  // Reports of earlier versions have neither network nor device nor duration.
  assert.deepEqual(reread(sealedLine(REPORT, TEST_SEAL)), REPORT);
});

test('[GW-79] reads a report without its network, device or duration if damaged', () => {
  const fields = JSON.parse(sealedLine(REPORT, TEST_SEAL)) as object;
  for (const damage of [
    { from: { network: 'home' } },
    { from: 'home' },
    { byDevice: 7 },
    { lastedMs: -1 },
  ]) {
    assert.deepEqual(reread(JSON.stringify({ ...fields, ...damage })), REPORT);
  }
});
