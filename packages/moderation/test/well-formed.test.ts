import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areRoles } from '@farandole/accounts/roles';
import { isAppealAnswer } from '@farandole/moderation/appeals/appeal';
import { isApprovalAnswer } from '@farandole/moderation/approvals/answer-proposal';
import {
  areNetworks,
  isCaseStep,
  isDecisionInput,
  isOpening,
} from '@farandole/moderation/cases/well-formed';

/** These values are invalid for every field. */
const NOTHING: readonly unknown[] = [undefined, null, 0, '', 'toString', {}, [], true];

test('[MO-77] accepts only distinct valid networks in a decision', () => {
  const network = { scope: 'prefix', prefix: 'a-network', family: 'v4', bits: 24 };
  assert.ok(areNetworks([]));
  assert.ok(areNetworks([network, { ...network, prefix: 'another', family: 'v6', bits: 128 }]));
  const wrong: readonly unknown[] = [
    { scope: 'subject', subject: 'subject-of-somebody-else' },
    { scope: 'device', device: 'device-of-somebody-else' },
    { ...network, scope: 'subject' },
    { ...network, prefix: '' },
    { ...network, family: 'v5' },
    ...[0, 33, 1.5, '24', Number.NaN].map((bits) => ({ ...network, bits })),
    ...NOTHING,
  ];
  for (const one of wrong) assert.equal(areNetworks([one]), false, JSON.stringify(one));
  assert.equal(areNetworks([network, network]), false);
  for (const one of [undefined, null, 'x', { length: 0 }]) assert.equal(areNetworks(one), false);
});

test('[MO-77] rejects decisions, steps, answers and roles with unknown values', () => {
  const decision = { measure: 'warn', reason: 'hate', note: '' };
  assert.ok(isDecisionInput(decision));
  for (const field of Object.keys(decision)) {
    for (const one of NOTHING.filter((value) => field !== 'note' || typeof value !== 'string')) {
      assert.equal(isDecisionInput({ ...decision, [field]: one }), false, field);
    }
  }
  const steps: readonly (readonly [step: unknown, is: boolean])[] = [
    [{ event: 'assign' }, true],
    [{ event: 'escalate', to: 'senior' }, true],
    [{ event: 'escalate', to: 'second-person' }, false],
    [{ event: 'reopen', why: 'new-facts' }, true],
    [{ event: 'reopen', why: 'because' }, false],
    [{ event: 'prioritise', imminent: false }, true],
    [{ event: 'prioritise', imminent: 'no' }, false],
    [{ event: 'decide' }, false],
    ...NOTHING.map((one) => [one, false] as const),
  ];
  for (const [step, is] of steps) assert.equal(isCaseStep(step), is, JSON.stringify(step));
  assert.ok(isApprovalAnswer('declined') && isAppealAnswer('uphold', null));
  assert.ok(isAppealAnswer('shorten', 1));
  for (const one of NOTHING) {
    assert.equal(isApprovalAnswer(one), false);
    assert.equal(isAppealAnswer(one, null), false);
  }
  for (const one of [-1, 1.5, '1', undefined]) assert.equal(isAppealAnswer('shorten', one), false);
  assert.ok(areRoles([]) && areRoles(['triage', 'senior']));
  for (const one of [['triage', 'triage'], ['owner'], [1], 'triage', null]) {
    assert.equal(areRoles(one), false);
  }
  assert.ok(isOpening('subject-0001', 'hate'));
  for (const one of NOTHING) {
    assert.equal(isOpening(one === 'toString' ? null : one, 'hate'), false);
    assert.equal(isOpening('subject-0001', one), false);
  }
});
