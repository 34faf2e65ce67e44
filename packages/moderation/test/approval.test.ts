import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROLES } from '@farandole/accounts/roles';
import { brandId } from '@farandole/kernel/id';
import {
  type Approval,
  answerApproval,
  TWO_PERSON_ACTS,
  withdrawApproval,
} from '@farandole/moderation/cases/approval';
import type { ApprovalId } from '@farandole/moderation/ids';
import { actionInQueue } from '@farandole/moderation/reports/queue-name';
import { ANA, BEN, NOW_MS } from './support/cases.ts';

test("[MO-60] requires the permission of the case's lane", () => {
  assert.equal(actionInQueue('read', 'normal'), 'case.read');
  assert.equal(actionInQueue('decide', 'child-safety'), 'case.decide-child-safety');
});

const waiting = (act: (typeof TWO_PERSON_ACTS)[number]): Approval => ({
  id: brandId<ApprovalId>('approval-1'),
  act,
  by: ANA,
  atMs: NOW_MS,
  state: 'waiting',
});

test("[MO-61] refuses a member's approval of their own proposal", () => {
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

test('[MO-61] lets the proposer withdraw until an answer', () => {
  const asked = waiting('bulk');
  assert.deepEqual(withdrawApproval(asked, BEN, NOW_MS), { ok: false, reason: 'not-yours' });
  const gone = withdrawApproval(asked, ANA, NOW_MS);
  assert.ok(gone.ok);
  const late = answerApproval(gone.value, 'approved', { id: BEN, roles: ['senior'] }, NOW_MS);
  assert.deepEqual(late, { ok: false, reason: 'answered' });
  assert.deepEqual(withdrawApproval(gone.value, ANA, NOW_MS), { ok: false, reason: 'answered' });
});
