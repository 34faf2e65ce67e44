import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACTIONS, type Action, isRole, may, ROLES, type Role } from '@farandole/accounts/roles';

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

test('[MO-60] grants each role exactly the table’s actions', () => {
  for (const action of ACTIONS) {
    const allowed = ROLES.filter((role) => may([role], action));
    assert.deepEqual(allowed, WHO[action], action);
  }
});

test('[MO-60] grants no action without a role, and the union for several roles', () => {
  for (const action of ACTIONS) assert.equal(may([], action), false);
  assert.equal(may(['triage'], 'case.decide'), false);
  assert.equal(may(['triage', 'moderator'], 'case.decide'), true);
  assert.equal(isRole('senior'), true);
  assert.equal(isRole('owner'), false);
});
