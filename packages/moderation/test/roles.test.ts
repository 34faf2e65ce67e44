import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId } from '@farandole/kernel/id';
import {
  type Approval,
  answerApproval,
  TWO_PERSON_ACTS,
  withdrawApproval,
} from '@farandole/moderation/cases/approval';
import type { ApprovalId } from '@farandole/moderation/ids';
import {
  ACTIONS,
  type Action,
  actionInLane,
  isRole,
  may,
  ROLES,
  type Role,
  requireAction,
} from '@farandole/moderation/roles';
import { ANA, BEN, NOW_MS } from './support/cases.ts';

/** The table a second time, by action: who may, of all. */
const WHO: Readonly<Record<Action, readonly Role[]>> = {
  'queue.read': ['triage', 'moderator', 'child-safety', 'senior'],
  'case.read': ['triage', 'moderator', 'child-safety', 'senior'],
  'case.read-child-safety': ['child-safety'],
  'case.assign': ['triage', 'moderator', 'child-safety', 'senior'],
  'case.prioritise': ['triage', 'moderator', 'child-safety', 'senior'],
  'case.escalate': ['triage', 'moderator', 'child-safety', 'senior'],
  'case.decide': ['moderator', 'child-safety', 'senior'],
  'case.decide-child-safety': ['child-safety'],
  'case.reopen': ['moderator', 'child-safety', 'senior'],
  'evidence.reveal': ['moderator', 'child-safety', 'senior'],
  'evidence.reveal-sealed': ['child-safety'],
  'evidence.allow-more': ['senior'],
  'evidence.delete-early': ['child-safety'],
  'sample.review': ['senior'],
  'sanction.permanent': ['moderator', 'child-safety', 'senior'],
  'sanction.network': ['senior'],
  'sanction.bulk': ['senior'],
  'sanction.lift': ['senior'],
  'appeal.decide': ['moderator', 'child-safety', 'senior'],
  'approval.give': ['child-safety', 'senior', 'admin'],
  'rules.edit': ['rules', 'admin'],
  'settings.edit': ['admin'],
  'member.manage': ['admin'],
  'numbers.read': ['triage', 'moderator', 'child-safety', 'senior', 'rules', 'admin', 'auditor'],
  'audit.read': ['auditor'],
  'transparency.read': ['admin', 'auditor'],
};

test('[MO-60] every role × action is as the table says', () => {
  for (const action of ACTIONS) {
    const allowed = ROLES.filter((role) => may([role], action));
    assert.deepEqual(allowed, WHO[action], action);
  }
});

test('[MO-60] without a role nothing is allowed, and with several what any of them allows', () => {
  for (const action of ACTIONS) assert.equal(may([], action), false);
  assert.deepEqual(requireAction(['triage'], 'case.decide'), { ok: false, reason: 'not-allowed' });
  assert.equal(requireAction(['triage', 'moderator'], 'case.decide').ok, true);
  assert.equal(actionInLane('read', 'normal'), 'case.read');
  assert.equal(actionInLane('decide', 'child-safety'), 'case.decide-child-safety');
  assert.equal(isRole('senior'), true);
  assert.equal(isRole('owner'), false);
});

const waiting = (act: (typeof TWO_PERSON_ACTS)[number]): Approval => ({
  id: brandId<ApprovalId>('approval-1'),
  act,
  by: ANA,
  atMs: NOW_MS,
  state: 'waiting',
});

test('[MO-61] nobody approves what they asked for themselves, whatever their roles', () => {
  for (const act of TWO_PERSON_ACTS) {
    const own = answerApproval(waiting(act), 'approved', { id: ANA, roles: ROLES }, NOW_MS);
    assert.deepEqual(own, { ok: false, reason: 'same-person' }, act);
    const unfit = answerApproval(waiting(act), 'approved', { id: BEN, roles: ['triage'] }, NOW_MS);
    assert.deepEqual(unfit, { ok: false, reason: 'not-allowed' });
    const second = { id: BEN, roles: ['senior'] as const };
    const given = answerApproval(waiting(act), 'approved', second, NOW_MS + 1);
    assert.ok(given.ok && given.value.state === 'approved');
    assert.equal(given.value.second, BEN);
    const again = answerApproval(given.value, 'declined', second, NOW_MS + 2);
    assert.deepEqual(again, { ok: false, reason: 'answered' });
  }
});

test('[MO-61] whoever asked may take it back until it is answered', () => {
  const asked = waiting('bulk');
  assert.deepEqual(withdrawApproval(asked, BEN, NOW_MS), { ok: false, reason: 'not-yours' });
  const gone = withdrawApproval(asked, ANA, NOW_MS);
  assert.ok(gone.ok);
  const late = answerApproval(gone.value, 'approved', { id: BEN, roles: ['senior'] }, NOW_MS);
  assert.deepEqual(late, { ok: false, reason: 'answered' });
  assert.deepEqual(withdrawApproval(gone.value, ANA, NOW_MS), { ok: false, reason: 'answered' });
});
