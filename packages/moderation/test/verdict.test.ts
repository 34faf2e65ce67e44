import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REPORT_REASONS } from '@farandole/moderation/reports/reason';
import {
  FINDINGS,
  type Finding,
  isMadeUp,
  judgeDismissed,
  judgeUpheld,
} from '@farandole/moderation/reports/verdict';

const dismissed = (finding: Finding, hasPictures: boolean, evidence: 'verified' | 'inconclusive') =>
  judgeDismissed({ evidence, reason: 'hate' }, hasPictures, finding);

test('[MO-135] counts 0.25 against reporters for `no-breach`, 1 for `shows-opposite`', () => {
  for (const [hasPictures, evidence] of [
    [true, 'inconclusive'],
    [false, 'verified'],
  ] as const) {
    const found = (finding: Finding) => dismissed(finding, hasPictures, evidence);
    assert.deepEqual(found('no-breach'), { verdict: 'rejected', against: 0.25 });
    assert.deepEqual(found('shows-opposite'), { verdict: 'rejected', against: 1 });
    assert.deepEqual(found('cannot-tell'), { verdict: 'inconclusive', against: 0 });
  }
});

test('[MO-17] a report without evidence is never rejected', () => {
  for (const finding of FINDINGS) {
    const { verdict, against } = dismissed(finding, false, 'inconclusive');
    assert.equal(verdict, 'inconclusive');
    assert.equal(against, finding === 'cannot-tell' ? 0 : 0.25);
  }
});

test('[MO-135a] a report of self-harm never counts against its reporter', () => {
  for (const finding of FINDINGS) {
    const report = { evidence: 'verified', reason: 'self-harm' } as const;
    const judged = judgeDismissed(report, true, finding);
    assert.deepEqual(judged, { verdict: 'inconclusive', against: 0 });
  }
});

test('[MO-135b] a dismissed report about urging self-harm counts against its reporter', () => {
  const report = { evidence: 'verified', reason: 'urging-self-harm' } as const;
  assert.equal(judgeDismissed(report, true, 'no-breach').against, 0.25);
  assert.equal(judgeDismissed(report, true, 'shows-opposite').against, 1);
});

test('[MO-10] rejects a report with forged chat lines, whatever the moderator decides', () => {
  for (const reason of REPORT_REASONS) {
    const report = { evidence: 'contradicted', reason } as const;
    assert.ok(isMadeUp(report));
    for (const finding of FINDINGS) {
      assert.deepEqual(judgeDismissed(report, false, finding), { verdict: 'rejected', against: 1 });
    }
    assert.deepEqual(judgeUpheld(report), { verdict: 'rejected', against: 1 });
    for (const evidence of ['inconclusive', 'verified'] as const) {
      assert.deepEqual(judgeUpheld({ evidence, reason }), { verdict: 'upheld', against: 0 });
    }
  }
});
