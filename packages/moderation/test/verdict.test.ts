import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REPORT_REASONS } from '@farandole/moderation/reports/reason';
import {
  isMadeUp,
  verdictOfBreach,
  verdictOfNoBreach,
} from '@farandole/moderation/reports/verdict';

test('[MO-17] rejects only reports with evidence if no breach was found', () => {
  for (const reason of REPORT_REASONS) {
    const shown = reason === 'self-harm' ? 'inconclusive' : 'rejected';
    assert.equal(verdictOfNoBreach({ evidence: 'inconclusive', reason }, false), 'inconclusive');
    assert.equal(verdictOfNoBreach({ evidence: 'inconclusive', reason }, true), shown);
    assert.equal(verdictOfNoBreach({ evidence: 'verified', reason }, false), shown);
  }
});

test('[MO-10] rejects forged lines, whatever was found', () => {
  for (const reason of REPORT_REASONS) {
    const report = { evidence: 'contradicted', reason } as const;
    assert.ok(isMadeUp(report));
    assert.equal(verdictOfNoBreach(report, false), 'rejected');
    assert.equal(verdictOfBreach(report), 'rejected');
    for (const evidence of ['inconclusive', 'verified'] as const) {
      assert.equal(verdictOfBreach({ evidence, reason }), 'upheld');
    }
  }
});
