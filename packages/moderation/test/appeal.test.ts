import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId } from '@farandole/kernel/id';
import {
  APPEAL_OUTCOMES,
  type AppealedDecision,
  answerAppeal,
  createAppeal,
  readAppealText,
} from '@farandole/moderation/appeals/appeal';
import type { AppealId } from '@farandole/moderation/ids';
import { APPEAL_TEXT_UNITS_MAX, APPEAL_WINDOW_MS } from '@farandole/moderation/limits';
import { ANA, BEN, DECISION, NOW_MS } from './support/cases.ts';

const id = brandId<AppealId>('appeal-01');
const AGAINST: AppealedDecision = {
  id: DECISION,
  atMs: NOW_MS,
  measure: 'suspend-7d',
  deciders: [ANA],
  endsAtMs: NOW_MS + 1_000,
};

const appealAt = (nowMs = NOW_MS) => createAppeal(id, AGAINST, null, nowMs);

test('[MO-50] accepts one appeal per decision, before its deadline and with a text', () => {
  const refusal = (text: string, nowMs?: number): string | null => {
    const made = appealAt(nowMs);
    const read = readAppealText(text);
    if (!made.ok) return made.reason;
    return read.ok ? null : read.reason;
  };
  assert.equal(refusal('x'.repeat(APPEAL_TEXT_UNITS_MAX)), null);
  assert.equal(refusal('x'.repeat(APPEAL_TEXT_UNITS_MAX + 1)), 'text-too-long');
  assert.equal(refusal(' \n '), 'empty');
  assert.equal(refusal('a\u0007'), 'text-has-control-characters');
  assert.equal(refusal('please', NOW_MS + APPEAL_WINDOW_MS - 1), null);
  assert.equal(refusal('please', NOW_MS + APPEAL_WINDOW_MS), 'window-over');
  const first = appealAt();
  assert.ok(first.ok);
  assert.deepEqual(createAppeal(id, AGAINST, first.value, NOW_MS), {
    ok: false,
    reason: 'already-appealed',
  });
});

test("[MO-51] refuses an appeal's answer by a decider, and a second answer", () => {
  const appeal = appealAt();
  assert.ok(appeal.ok);
  for (const outcome of APPEAL_OUTCOMES) {
    const endsAtMs = NOW_MS;
    const own = answerAppeal(appeal.value, AGAINST, { by: ANA, outcome, endsAtMs }, NOW_MS);
    assert.deepEqual(own, { ok: false, reason: 'same-person' });
    const approver = { ...AGAINST, deciders: [ANA, BEN] };
    const second = answerAppeal(appeal.value, approver, { by: BEN, outcome, endsAtMs }, NOW_MS);
    assert.deepEqual(second, { ok: false, reason: 'same-person' });
    const answered = answerAppeal(appeal.value, AGAINST, { by: BEN, outcome, endsAtMs }, NOW_MS);
    assert.ok(answered.ok);
    const again = answerAppeal(
      answered.value.appeal,
      AGAINST,
      { by: BEN, outcome, endsAtMs },
      NOW_MS,
    );
    assert.deepEqual(again, { ok: false, reason: 'answered' });
  }
});

test('[MO-52] applies the effects of each appeal outcome', () => {
  const appeal = appealAt();
  assert.ok(appeal.ok);
  const effects = (outcome: (typeof APPEAL_OUTCOMES)[number]) => {
    const answered = answerAppeal(
      appeal.value,
      AGAINST,
      { by: BEN, outcome, endsAtMs: NOW_MS + 500 },
      NOW_MS,
    );
    assert.ok(answered.ok);
    return answered.value.effects;
  };
  assert.deepEqual(effects('uphold'), { sanctions: 'stand', strikes: 'stand', reporters: 'stand' });
  assert.deepEqual(effects('shorten'), {
    sanctions: 'shorten',
    strikes: 'stand',
    reporters: 'stand',
  });
  assert.deepEqual(effects('overturn'), {
    sanctions: 'lift',
    strikes: 'reverse',
    reporters: 'reverse',
  });
});

test('[MO-52] refuses to shorten a sanction to a later end or to none', () => {
  const appeal = appealAt();
  assert.ok(appeal.ok);
  const shorten = (endsAtMs: number | null, decision = AGAINST): boolean =>
    answerAppeal(appeal.value, decision, { by: BEN, outcome: 'shorten', endsAtMs }, NOW_MS).ok;
  assert.equal(shorten(NOW_MS + 999), true);
  assert.equal(shorten(NOW_MS + 1_000), false);
  assert.equal(shorten(null), false);
  assert.equal(shorten(NOW_MS), true);
  assert.equal(shorten(NOW_MS - 1), false, 'it would be over before it was answered');
  const endless = { ...AGAINST, measure: 'suspend-permanently', endsAtMs: null } as const;
  assert.equal(shorten(NOW_MS * 2, endless), true);
  const nothing = { ...AGAINST, measure: 'warn', endsAtMs: null } as const;
  assert.equal(shorten(NOW_MS + 1, nothing), false, 'a warning has no end to bring forward');
});
