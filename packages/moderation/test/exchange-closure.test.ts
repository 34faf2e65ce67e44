import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import { createPrng } from '@farandole/kernel/prng';
import type { CaseId } from '../src/ids.ts';
import {
  CLOSURE_MS,
  CLOSURE_REPORTS_MS,
  NOTICE_DELAY_MS_MAX,
  NOTICE_END_STEP_MS,
  WEIGHED_CALL_MS_MIN,
} from '../src/limits.ts';
import type { ReportReason } from '../src/reports/reason.ts';
import {
  closureAfterReport,
  closureAfterVerdict,
  closureAt,
  toldClosure,
} from '../src/trust/exchange-closure.ts';

const NOW_MS = Date.UTC(2027, 0, 15);
const AT = { case: brandId<CaseId>('case-1'), nowMs: NOW_MS, delayMs: 45 * 60_000 };

function report(by: number, network: number | null, change: object = {}) {
  return {
    by: brandId<SubjectId>(`subject-${by}`),
    isProven: true,
    from: network === null ? null : { network: `network-${network}`, parent: `wide-${network}` },
    lastedMs: WEIGHED_CALL_MS_MIN,
    atMs: NOW_MS,
    reason: 'not-here-to-learn' as ReportReason,
    ...change,
  };
}

const TWO = [report(1, 1), report(2, 2)];

test('[MO-181] closes after two proven reporters of two networks', () => {
  const closes = (...reports: ReturnType<typeof report>[]) =>
    closureAfterReport(undefined, reports, AT) !== undefined;
  assert.equal(closes(...TWO), true);
  assert.equal(closes(report(1, 1)), false);
  assert.equal(closes(report(1, 1), report(1, 2)), false);
  assert.equal(closes(report(1, 1), report(2, 1)), false);
  assert.equal(closes(report(1, 1), report(2, null)), false);
  assert.equal(closes(report(1, 1), report(2, 2, { isProven: false })), false);
  assert.equal(closes(report(1, 1), report(2, 2, { reason: 'other' })), false);
  const short = { lastedMs: WEIGHED_CALL_MS_MIN - 1 };
  assert.equal(closes(report(1, 1), report(2, 2, short)), false);
  assert.equal(closes(report(1, 1), report(2, 2, { lastedMs: null })), false);
  const atEdge = { atMs: NOW_MS - CLOSURE_REPORTS_MS };
  assert.equal(closes(report(1, 1, atEdge), report(2, 2)), false);
  assert.equal(closes(report(1, 1, { atMs: atEdge.atMs + 1 }), report(2, 2)), true);
});

test('[MO-181] never closes by one reporter or one network, whatever the reports', () => {
  const prng = createPrng(1);
  let closed = 0;
  for (let run = 0; run < 500; run++) {
    const many = Array.from({ length: 1 + prng.below(8) }, () => {
      const isProven = prng.chance(0.8);
      return report(prng.below(3), prng.chance(0.2) ? null : prng.below(3), { isProven });
    });
    const counted = many.filter(({ isProven, from }) => isProven && from !== null);
    const isPair = counted.some((one) =>
      counted.some((other) => one.by !== other.by && one.from?.network !== other.from?.network),
    );
    const closure = closureAfterReport(undefined, many, AT);
    if (closure !== undefined) closed += 1;
    if (closure !== undefined) assert.ok(isPair, JSON.stringify(many));
  }
  assert.ok(closed > 100);
});

test('[MO-182] begins late, lasts seven days and ends at a full step', () => {
  for (const delayMs of [0, AT.delayMs, NOTICE_DELAY_MS_MAX]) {
    const closure = closureAfterReport(undefined, TWO, { ...AT, delayMs });
    assert.ok(closure !== undefined);
    assert.equal(closure.startsAtMs, NOW_MS + delayMs);
    assert.equal(closure.endsAtMs % NOTICE_END_STEP_MS, 0);
    const lastsMs = closure.endsAtMs - closure.startsAtMs;
    assert.ok(lastsMs >= CLOSURE_MS && lastsMs < CLOSURE_MS + NOTICE_END_STEP_MS);
    assert.equal(toldClosure(closure, closure.startsAtMs - 1), null);
    assert.equal(toldClosure(closure, closure.startsAtMs), closure);
    assert.equal(toldClosure(closure, closure.endsAtMs), null);
  }
});

test('[MO-182] later reports neither prolong a closure nor count its reports again', () => {
  const first = closureAfterReport(undefined, TWO, AT);
  assert.ok(first !== undefined);
  const later = { ...AT, nowMs: first.endsAtMs - 1 };
  const third = report(3, 3, { atMs: later.nowMs });
  assert.equal(closureAfterReport(first, [...TWO, third], later), first);
  const after = { ...AT, nowMs: first.endsAtMs + 1 };
  const fourth = report(4, 4, { atMs: after.nowMs });
  assert.equal(closureAfterReport(first, [...TWO, third, fourth], after), first);
  const fifth = report(5, 5, { atMs: after.nowMs });
  const second = closureAfterReport(first, [fourth, fifth], after);
  assert.ok(second !== undefined && second.endsAtMs > after.nowMs);
});

test('[MO-184] verdicts lift a closure, and undoing them closes again', () => {
  const closure = closureAfterReport(undefined, TWO, AT);
  const lifted = closureAfterVerdict(closure, TWO.slice(1), NOW_MS + 1);
  assert.equal(closureAt(lifted, NOW_MS + 2), null);
  assert.equal(closureAfterVerdict(lifted, [], NOW_MS + 5)?.liftedAtMs, NOW_MS + 1);
  assert.deepEqual(closureAfterVerdict(lifted, TWO, NOW_MS + 6), closure);
  assert.equal(closureAfterVerdict(undefined, TWO, NOW_MS), undefined);
});
