import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId, type DeviceKeyId, type SubjectId } from '@farandole/kernel/id';
import { hasControlCharacters, withoutControlCharacters } from '@farandole/kernel/text';
import { stateReasons } from '@farandole/moderation/appeals/statement';
import { actOfDecision } from '@farandole/moderation/cases/approval';
import {
  checkDecision,
  MEASURES,
  ruleOfMeasure,
  suggestedMeasure,
} from '@farandole/moderation/cases/decision';
import type { AnchorHash, SanctionId, StrikeId } from '@farandole/moderation/ids';
import { BULK_SUBJECTS_MAX, NOTE_UNITS_MAX, STRIKE_MS } from '@farandole/moderation/limits';
import { REPORT_REASONS } from '@farandole/moderation/reports/reason';
import { admit } from '@farandole/moderation/sanctions/admission';
import type { Identity, Sanction, SanctionScope } from '@farandole/moderation/sanctions/sanction';
import { strikesThatCount } from '@farandole/moderation/sanctions/strike';
import fc from 'fast-check';
import { ANA, BEN, DECISION, NOW_MS, SUBJECT } from './support/cases.ts';

const DEVICE = brandId<DeviceKeyId>('device-001');
const PREFIX = brandId<AnchorHash>('prefix-001');
const IDENTITY: Identity = { subject: SUBJECT, device: DEVICE, account: null, prefixes: [PREFIX] };

const sanction = (change: Partial<Sanction> = {}): Sanction => ({
  id: brandId<SanctionId>('sanction-1'),
  decision: DECISION,
  on: { scope: 'subject', subject: SUBJECT },
  restriction: 'suspended',
  startsAtMs: NOW_MS - 10,
  endsAtMs: NOW_MS + 10,
  liftedAtMs: null,
  ...change,
});

test('[MO-40] limits the length of a note and rejects control characters', () => {
  const decision = { measure: 'warn', reason: 'hate', note: '' } as const;
  assert.equal(checkDecision({ ...decision, note: 'x'.repeat(NOTE_UNITS_MAX) }).ok, true);
  assert.deepEqual(checkDecision({ ...decision, note: 'x'.repeat(NOTE_UNITS_MAX + 1) }), {
    ok: false,
    reason: 'note-too-long',
  });
  for (const bad of ['a\u0000b', 'a\u001bb', 'a\u0085b', 'a\ud800b']) {
    assert.deepEqual(checkDecision({ ...decision, note: bad }), {
      ok: false,
      reason: 'note-has-control-characters',
    });
  }
  const kept = checkDecision({ ...decision, note: ' two\n\tlines \u{1f600} ' });
  assert.ok(kept.ok);
  assert.equal(kept.value.note, 'two\n\tlines \u{1f600}');
});

test("[MO-5] removes control characters except line breaks and tabs from reporters' notes", () => {
  for (const [written, kept] of [
    ['a\r\nb\rc\n\td', 'a\nb\nc\n\td'],
    ['a\u0000\u001b[31mb\u0085\u007f', 'a[31mb'],
    ['\ud800a👋\udc00é\u2028', 'a👋é\u2028'],
  ] as const) {
    assert.equal(withoutControlCharacters(written), kept);
    assert.equal(hasControlCharacters(kept), false);
  }
});

test('[MO-41] requires two members for permanent, wide and bulk sanctions', () => {
  const two = MEASURES.filter((measure) => ruleOfMeasure(measure).secondPerson);
  assert.deepEqual(two, ['suspend-permanently']);
  const prefix = (family: 'v4' | 'v6', bits: number): SanctionScope => ({
    scope: 'prefix',
    prefix: PREFIX,
    family,
    bits,
  });
  assert.equal(actOfDecision([prefix('v4', 24)], false, []), null);
  assert.equal(actOfDecision([prefix('v4', 23)], false, []), 'wide-network');
  assert.equal(actOfDecision([prefix('v6', 48)], false, []), null);
  assert.equal(actOfDecision([prefix('v6', 47)], false, []), 'wide-network');
  const subjects = Array.from({ length: BULK_SUBJECTS_MAX + 1 }, (_, i) => ({
    scope: 'subject' as const,
    subject: brandId<SubjectId>(`subject-${i}`),
  }));
  assert.equal(actOfDecision(subjects.slice(1), false, []), null);
  assert.equal(actOfDecision(subjects, false, []), 'bulk');
  assert.equal(
    actOfDecision([{ scope: 'subject', subject: SUBJECT }], true, []),
    'permanent-suspension',
  );
  const byTwo = [{ deciders: [ANA, BEN] }];
  assert.equal(actOfDecision([], false, [{ deciders: [ANA] }]), null);
  assert.equal(actOfDecision([], false, byTwo), 'replacement');
  assert.equal(actOfDecision([], true, byTwo), 'permanent-suspension');
});

test('[MO-42] applies a sanction from its start until its end or lifting', () => {
  assert.equal(admit([sanction()], IDENTITY, NOW_MS).may, 'nothing');
  assert.equal(admit([sanction()], IDENTITY, NOW_MS + 9).may, 'nothing');
  assert.equal(admit([sanction()], IDENTITY, NOW_MS + 10).may, 'meet');
  assert.equal(admit([sanction({ endsAtMs: null })], IDENTITY, NOW_MS * 2).may, 'nothing');
  assert.equal(admit([sanction({ liftedAtMs: NOW_MS })], IDENTITY, NOW_MS).may, 'meet');
});

test('[MO-42] keeps a sanction in force when the clock goes back', () => {
  const month = 30 * 86_400_000;
  assert.equal(admit([sanction()], IDENTITY, NOW_MS - month).may, 'nothing');
});

test('[MO-42] applies a sanction to its own user, device, account or network only', () => {
  const account = brandId<AnchorHash>('account-01');
  const scopes: readonly SanctionScope[] = [
    { scope: 'subject', subject: SUBJECT },
    { scope: 'device', device: DEVICE },
    { scope: 'account', account },
    { scope: 'prefix', prefix: PREFIX, family: 'v4', bits: 24 },
  ];
  const stranger: Identity = {
    subject: brandId<SubjectId>('subject-9'),
    device: brandId<DeviceKeyId>('device-999'),
    account: brandId<AnchorHash>('account-99'),
    prefixes: [brandId<AnchorHash>('prefix-999')],
  };
  for (const on of scopes) {
    assert.equal(admit([sanction({ on })], { ...IDENTITY, account }, NOW_MS).may, 'nothing');
    assert.equal(admit([sanction({ on })], stranger, NOW_MS).may, 'meet', on.scope);
  }
});

test('[MO-43] applies the strictest sanction, and of equal ones the last to end', () => {
  const id = (text: string): SanctionId => brandId<SanctionId>(text);
  const text = sanction({ id: id('text-only-1'), restriction: 'text-only', endsAtMs: null });
  const short = sanction({ id: id('short-one') });
  const long = sanction({ id: id('long-one1'), endsAtMs: NOW_MS + 1_000 });
  const endless = sanction({ id: id('endless-1'), endsAtMs: null });
  const because = (...sanctions: readonly Sanction[]): string => {
    const admission = admit(sanctions, IDENTITY, NOW_MS);
    return admission.may === 'meet' ? 'meet' : admission.because.id;
  };
  assert.equal(admit([text], IDENTITY, NOW_MS).may, 'text');
  fc.assert(
    fc.property(fc.shuffledSubarray([text, short, long, endless], { minLength: 4 }), (all) => {
      assert.equal(because(...all), 'endless-1');
      assert.equal(because(...all.filter((one) => one !== endless)), 'long-one1');
    }),
    { seed: 43 },
  );
});

test('[MO-43] applies no device sanction to a client without a device key', () => {
  const on: SanctionScope = { scope: 'device', device: DEVICE };
  assert.equal(admit([sanction({ on })], { ...IDENTITY, device: null }, NOW_MS).may, 'meet');
});

test('[MO-44] counts a strike until it expires or its decision is reversed', () => {
  const strike = {
    id: brandId<StrikeId>('strike-01'),
    subject: SUBJECT,
    decision: DECISION,
    atMs: NOW_MS,
    reversedAtMs: null,
  };
  assert.equal(strikesThatCount([strike, strike], NOW_MS + STRIKE_MS - 1).length, 2);
  assert.equal(strikesThatCount([strike], NOW_MS + STRIKE_MS).length, 0);
  assert.equal(strikesThatCount([{ ...strike, reversedAtMs: NOW_MS }], NOW_MS).length, 0);
  for (const reason of REPORT_REASONS) {
    const steps = [0, 1, 2, 3, 4, 99].map((count) => suggestedMeasure(reason, count));
    const rank = steps.map((measure) => MEASURES.indexOf(measure));
    assert.deepEqual(
      rank,
      rank.toSorted((a, b) => a - b),
      reason,
    );
    assert.notEqual(steps[0], 'suspend-permanently', reason);
  }
});

test('[MO-45] states restriction, end, evidence and appeal period for every measure', () => {
  for (const measure of MEASURES) {
    const statement = stateReasons({
      decision: DECISION,
      measure,
      ground: 'hate',
      facts: { reports: 2, lines: true, pictures: 0, earlier: [] },
      atMs: NOW_MS,
    });
    const { restriction, lastsMs } = ruleOfMeasure(measure);
    assert.equal(statement.restriction, restriction);
    assert.equal(statement.endsAtMs, lastsMs === null ? null : NOW_MS + lastsMs);
    assert.deepEqual(statement.facts, ['reports', 'lines']);
    assert.equal(statement.automatedDecision, false);
    assert.ok(statement.appealUntilMs > NOW_MS + 180 * 86_400_000);
    assert.doesNotMatch(JSON.stringify(statement), /reporter/);
  }
});
