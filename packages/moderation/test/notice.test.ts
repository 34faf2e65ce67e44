import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId } from '@farandole/kernel/id';
import { createPrng } from '@farandole/kernel/prng';
import type { CaseId } from '../src/ids.ts';
import {
  CROWD_MS,
  NOTICE_DELAY_MS_MAX,
  NOTICE_DELAY_MS_MIN,
  NOTICE_END_STEP_MS,
} from '../src/limits.ts';
import { noticeAfterReport, noticeAt, noticeDelayMs, toldNotice } from '../src/trust/notice.ts';
import {
  firstTrust,
  isRestricted,
  restrictionEndsAtMs,
  type Trust,
  trustAt,
} from '../src/trust/trust.ts';

const START_MS = 1_800_000_000_000;
const MINUTE_MS = 60_000;
const CASE = brandId<CaseId>('case-1');

const byScore = (score: number): Trust => ({
  ...firstTrust(false, START_MS),
  score,
  grounds: { networks: 2, proven: 1, crowdUntilMs: 0 },
});

const byCrowd: Trust = {
  ...firstTrust(false, START_MS),
  grounds: { networks: 8, proven: 0, crowdUntilMs: START_MS + CROWD_MS },
};

test("[MO-140] computes when a restriction ends because its reports' weight decays", () => {
  for (const score of [-1, 0.5, 3, 9]) {
    const trust = byScore(score);
    const endsAtMs = restrictionEndsAtMs(trust);
    assert.ok(endsAtMs !== null);
    assert.equal(isRestricted(trustAt(trust, endsAtMs + 1)), false);
    assert.equal(isRestricted(trustAt(trust, endsAtMs - MINUTE_MS)), true);
  }
  assert.equal(restrictionEndsAtMs(byScore(-2)), null);
  assert.equal(restrictionEndsAtMs(byCrowd), START_MS + CROWD_MS);
});

test('[MO-140] draws the notice delay between its minimum and maximum', () => {
  const prng = createPrng(21);
  const drawn = Array.from({ length: 1_000 }, () => noticeDelayMs(prng.unit()));
  assert.ok(Math.min(...drawn) >= NOTICE_DELAY_MS_MIN);
  assert.ok(Math.max(...drawn) < NOTICE_DELAY_MS_MAX);
  assert.ok(new Set(drawn).size > 990);
});

test("[MO-140] adds a notice's delay to the restriction end that it states", () => {
  const delayMs = 50 * MINUTE_MS;
  const notice = noticeAfterReport({ trust: firstTrust(false, START_MS) }, byCrowd, {
    ...{ case: CASE, nowMs: START_MS, delayMs },
  });
  assert.ok(notice !== undefined);
  assert.equal(toldNotice(notice, byCrowd, START_MS + delayMs - 1), null);
  assert.equal(toldNotice(notice, byCrowd, START_MS + delayMs)?.endsAtMs, notice.endsAtMs);
  assert.equal(notice.endsAtMs % NOTICE_END_STEP_MS, 0);
  assert.ok(notice.endsAtMs >= START_MS + CROWD_MS + delayMs);
  assert.ok(notice.endsAtMs < START_MS + CROWD_MS + delayMs + NOTICE_END_STEP_MS);
  assert.equal(noticeAt(notice, byCrowd, notice.endsAtMs), null);
});

test("[MO-140] further reports don't change a notice before the restriction end it states", () => {
  const at = { case: CASE, delayMs: NOTICE_DELAY_MS_MIN };
  const trust = byScore(0);
  const none = { trust: firstTrust(false, START_MS) };
  const notice = noticeAfterReport(none, trust, { ...at, nowMs: START_MS });
  assert.ok(notice !== undefined);
  const later = START_MS + 20 * MINUTE_MS;
  const worse = { ...byScore(6), atMs: later };
  assert.equal(noticeAfterReport({ notice, trust }, worse, { ...at, nowMs: later }), notice);
  // This time is after the real end of the restriction and before the end that the user was told.
  const tailMs = notice.endsAtMs - 1;
  const after = { ...trustAt(trust, tailMs), grounds: { networks: 2, proven: 1, crowdUntilMs: 0 } };
  assert.equal(isRestricted(after), false);
  const again = { ...byScore(6), atMs: tailMs };
  assert.equal(
    noticeAfterReport({ notice, trust: after }, again, { ...at, nowMs: tailMs }),
    notice,
  );
});
