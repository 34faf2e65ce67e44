import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CASE_STATES,
  CASE_TABLE,
  type Case,
  type CaseEvent,
  type CaseEventName,
  holds,
  moveCase,
} from '@farandole/moderation/cases/case-machine';
import { ASSIGNMENT_MS, UNDO_MS } from '@farandole/moderation/limits';
import fc from 'fast-check';
import { ANA, APPROVAL, BEN, CASES, eventsBy, FACTS, NOW_MS } from './support/cases.ts';

/** These events are possible only while a case waits for a second approver. */
const ANSWERS: readonly CaseEventName[] = ['approve', 'decline', 'withdraw'];
const EVENT_NAMES = Object.keys(eventsBy(ANA)) as CaseEventName[];

test("[MO-30] refuses every event that the case table doesn't list", () => {
  let refusals = 0;
  for (const state of CASE_STATES) {
    for (const name of EVENT_NAMES) {
      if (CASE_TABLE[state][name] !== undefined) continue;
      for (const member of [ANA, BEN]) {
        const moved = moveCase(CASES[state], eventsBy(member)[name], NOW_MS);
        assert.deepEqual(moved, { ok: false, reason: 'not-now' }, `${state} × ${name}`);
        refusals += 1;
      }
    }
  }
  assert.ok(refusals > 80);
});

test('[MO-30] moves a case to the next state that the case table lists', () => {
  const waiting: Case = {
    ...FACTS,
    state: 'escalated',
    by: ANA,
    to: 'second-person',
    approval: APPROVAL,
  };
  for (const state of CASE_STATES) {
    for (const name of EVENT_NAMES) {
      const next = CASE_TABLE[state][name];
      if (next === undefined) continue;
      const before = ANSWERS.includes(name) ? waiting : CASES[state];
      const atMs = name === 'lapse' ? NOW_MS + 60_000 : NOW_MS;
      const reached = [ANA, BEN].flatMap((member) => {
        const moved = moveCase(before, eventsBy(member)[name], atMs);
        return moved.ok ? [moved.value.state] : [];
      });
      assert.ok(reached.length > 0, `${state} × ${name} is taken by nobody`);
      assert.deepEqual(new Set(reached), new Set([next]), `${state} × ${name}`);
    }
  }
});

test("[MO-30] keeps a case's facts through any sequence of events", () => {
  const event = fc
    .constantFrom(...EVENT_NAMES, ...EVENT_NAMES)
    .chain((name) => fc.constantFrom(eventsBy(ANA)[name], eventsBy(BEN)[name]));
  let steps = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(event, fc.nat(ASSIGNMENT_MS / 4)), { minLength: 10, maxLength: 60 }),
      (walk) => {
        let at: Case = CASES.open;
        let nowMs = NOW_MS;
        for (const [next, laterMs] of walk) {
          nowMs += laterMs;
          const moved = moveCase(at, next, nowMs);
          if (!moved.ok) continue;
          steps += 1;
          at = moved.value;
          assert.equal(at.id, FACTS.id);
          assert.equal(at.subject, FACTS.subject);
          assert.deepEqual(at.reasons, FACTS.reasons);
        }
      },
    ),
    { seed: 30, numRuns: 500 },
  );
  assert.ok(steps > 1_000);
});

test('[MO-31] assigns a case to one member until the assignment expires', () => {
  const { assigned } = CASES;
  const take: CaseEvent = { event: 'assign', by: BEN };
  assert.ok(assigned.state === 'assigned');
  const { untilMs } = assigned;
  assert.deepEqual(moveCase(assigned, take, untilMs - 1), { ok: false, reason: 'taken' });
  const taken = moveCase(assigned, take, untilMs);
  assert.ok(taken.ok && taken.value.state === 'assigned');
  assert.equal(taken.value.to, BEN);
  assert.equal(taken.value.untilMs, untilMs + ASSIGNMENT_MS);
  assert.equal(holds(taken.value, ANA, untilMs), false);
  assert.deepEqual(moveCase(assigned, { event: 'lapse' }, untilMs - 1), {
    ok: false,
    reason: 'too-early',
  });
});

test("[MO-31] restarts the assignment's duration when the assignee takes the case again", () => {
  const again = moveCase(CASES.assigned, { event: 'assign', by: ANA }, NOW_MS + 1);
  assert.ok(again.ok && again.value.state === 'assigned');
  assert.equal(again.value.untilMs, NOW_MS + 1 + ASSIGNMENT_MS);
});

test('[MO-32] lets only the assignee move an assigned case', () => {
  for (const name of ['release', 'escalate', 'decide', 'propose'] as const) {
    const { assigned } = CASES;
    assert.deepEqual(moveCase(assigned, eventsBy(BEN)[name], NOW_MS), {
      ok: false,
      reason: 'not-yours',
    });
    assert.equal(moveCase(assigned, eventsBy(ANA)[name], NOW_MS).ok, true);
    const late = moveCase(assigned, eventsBy(ANA)[name], NOW_MS + 60_000);
    assert.deepEqual(late, { ok: false, reason: 'not-yours' }, name);
  }
});

test('[MO-33] assigns escalated cases only to other members, cases with proposals to none', () => {
  const { escalated } = CASES;
  const bySame = moveCase(escalated, { event: 'assign', by: ANA }, NOW_MS);
  assert.deepEqual(bySame, { ok: false, reason: 'same-person' });
  assert.equal(moveCase(escalated, { event: 'assign', by: BEN }, NOW_MS).ok, true);
  const proposed = moveCase(CASES.assigned, eventsBy(ANA).propose, NOW_MS);
  assert.ok(proposed.ok);
  const meanwhile = moveCase(proposed.value, { event: 'assign', by: BEN }, NOW_MS);
  assert.deepEqual(meanwhile, { ok: false, reason: 'awaits-approval' });
});

test('[MO-33] never assigns an escalated case to the member who escalated it', () => {
  const names = EVENT_NAMES.filter((name) => !['reopen', 'escalate'].includes(name));
  const event = fc
    .constantFrom(...names, 'assign' as const, 'release' as const)
    .chain((name) => fc.constantFrom(eventsBy(ANA)[name], eventsBy(BEN)[name]));
  let taken = 0;
  fc.assert(
    fc.property(fc.array(fc.tuple(event, fc.nat(ASSIGNMENT_MS)), { maxLength: 40 }), (walk) => {
      let at: Case = CASES.escalated;
      let nowMs = NOW_MS;
      for (const [next, laterMs] of walk) {
        nowMs += laterMs;
        const moved = moveCase(at, next, nowMs);
        if (!moved.ok) continue;
        at = moved.value;
        if (at.state === 'closed') return;
        assert.equal(at.handedOn?.by, ANA);
        if (at.state !== 'assigned') continue;
        assert.equal(at.to, BEN);
        taken += 1;
      }
    }),
    { seed: 33, numRuns: 300 },
  );
  assert.ok(taken > 100, `${taken}`);
  const again = moveCase(CASES.closed, eventsBy(BEN).reopen, NOW_MS);
  assert.ok(again.ok && moveCase(again.value, eventsBy(ANA).assign, NOW_MS).ok);
});

test('[MO-33] refuses to escalate a child-safety case to another queue', () => {
  const handed = moveCase(
    CASES.assigned,
    { event: 'escalate', by: ANA, to: 'child-safety' },
    NOW_MS,
  );
  assert.ok(handed.ok);
  assert.equal(handed.value.lane, 'child-safety');
  const taken = moveCase(handed.value, { event: 'assign', by: BEN }, NOW_MS);
  assert.ok(taken.ok);
  assert.equal(taken.value.lane, 'child-safety');
});

test('[MO-3] unassigns a case moved to child safety but keeps its proposal', () => {
  const became = (before: Case): Case => {
    const moved = moveCase(before, { event: 'safeguard' }, NOW_MS);
    assert.ok(moved.ok);
    assert.equal(moved.value.lane, 'child-safety');
    return moved.value;
  };
  assert.deepEqual(became(CASES.assigned), { ...FACTS, lane: 'child-safety', state: 'queued' });
  const handed = became(CASES.escalated);
  assert.ok(handed.state === 'escalated');
  assert.equal(handed.to, 'child-safety');
  const proposed = moveCase(CASES.assigned, eventsBy(ANA).propose, NOW_MS);
  assert.ok(proposed.ok);
  assert.deepEqual(became(proposed.value), { ...proposed.value, lane: 'child-safety' });
});

test('[MO-34] requires another member to approve a proposal', () => {
  const proposed = moveCase(CASES.assigned, eventsBy(ANA).propose, NOW_MS);
  assert.ok(proposed.ok);
  for (const answer of ['approve', 'decline'] as const) {
    assert.deepEqual(moveCase(proposed.value, eventsBy(ANA)[answer], NOW_MS), {
      ok: false,
      reason: 'same-person',
    });
    const other = { ...eventsBy(BEN)[answer], approval: 'approval-2' } as CaseEvent;
    assert.deepEqual(moveCase(proposed.value, other, NOW_MS), {
      ok: false,
      reason: 'another-approval',
    });
  }
  const approved = moveCase(proposed.value, eventsBy(BEN).approve, NOW_MS);
  assert.ok(approved.ok && approved.value.state === 'closed');
  const declined = moveCase(proposed.value, eventsBy(BEN).decline, NOW_MS);
  assert.ok(declined.ok && declined.value.state === 'queued');
});

test('[MO-35] lets the decider undo a decision for ten seconds', () => {
  const { closed } = CASES;
  assert.ok(closed.state === 'closed');
  const { atMs } = closed;
  const undo = eventsBy(ANA).undo;
  assert.equal(moveCase(closed, undo, atMs + UNDO_MS - 1).ok, true);
  assert.deepEqual(moveCase(closed, undo, atMs + UNDO_MS), { ok: false, reason: 'too-late' });
  assert.deepEqual(moveCase(closed, eventsBy(BEN).undo, atMs), { ok: false, reason: 'not-yours' });
});
