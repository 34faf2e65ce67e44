import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import type { Case } from '@farandole/moderation/cases/case-machine';
import type { Measure } from '@farandole/moderation/cases/decision';
import { isWhole } from '@farandole/moderation/cases/lookup';
import type { AppealId, CaseId } from '@farandole/moderation/ids';
import type { ReportReason } from '@farandole/moderation/reports/reason';
import fc from 'fast-check';
import { Desk, subject } from './support/desk.ts';
import { memoryStore } from './support/memory-store.ts';

const MALLORY = subject('mallory');
const REASONS: readonly ReportReason[] = ['hate', 'threat-or-violence', 'may-be-under-18'];
const MEASURES: readonly Measure[] = ['dismiss', 'warn', 'suspend-7d', 'suspend-permanently'];

/** A random action. `who` and `which` are reduced modulo the numbers of members and cases. */
const step = fc.record({
  what: fc.constantFrom(
    ...(['report', 'report', 'decide', 'decide', 'undo', 'reopen', 'approve', 'appeal'] as const),
    ...(['answer', 'assign', 'release', 'escalate', 'later', 'race', 'race'] as const),
    ...(['seal', 'safeguard'] as const),
  ),
  who: fc.nat(2),
  which: fc.nat(9),
});

test('[MO-2, MO-37] keeps one open case per queue and one decision per case', async () => {
  const seen = new Set<string>();
  let joined = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 50 }), async (steps) => {
      const desk = new Desk(memoryStore());
      const members: MemberId[] = [];
      for (const name of ['ana', 'ben', 'cleo']) {
        members.push(await desk.hire(name, 'moderator', 'senior', 'child-safety'));
      }
      // One of the reporters of a possible minor is proven.
      await desk.see('home', 'mallory');
      await desk.prove('reporter-5');
      const cases: CaseId[] = [];
      const appeals: AppealId[] = [];
      for (const [n, { what, who, which }] of steps.entries()) {
        const by = members[who] ?? assert.fail();
        const of = cases[which % Math.max(1, cases.length)];
        const done = await take(desk, { n, what, by, of, which, appeals });
        if (done === null) continue;
        seen.add(what);
        if (typeof done === 'string' && !cases.includes(done)) cases.push(done);
        await requireOrder(desk, cases, by);
      }
      joined += (await desk.audit()).filter(({ action }) => action === 'case.join').length;
      await desk.store.close();
    }),
    { seed: 2, numRuns: 60 },
  );
  assert.ok(joined > 0, 'cases were brought together');
  assert.equal(seen.size, 13, `all of it was done: ${[...seen].join(' ')}`);
});

const STEPS = {
  assign: { event: 'assign' },
  release: { event: 'release' },
  reopen: { event: 'reopen', why: 'new-facts' },
  escalate: { event: 'escalate', to: 'senior' },
  seal: { event: 'escalate', to: 'child-safety' },
  safeguard: { event: 'safeguard' },
} as const;

interface Step {
  readonly n: number;
  readonly what: string;
  readonly by: MemberId;
  readonly of: CaseId | undefined;
  readonly which: number;
  readonly appeals: AppealId[];
}

/**
 * Performs a random action. @returns the reported case for a report, true for another action, or
 * null if the store refused it
 */
async function take(desk: Desk, { n, what, by, of, which, appeals }: Step) {
  const { nowMs } = desk;
  const stepped = async (event: keyof typeof STEPS) => {
    if (of === undefined) return null;
    const input = { case: of, by, step: STEPS[event], nowMs };
    return (await desk.store.run('case.step', input)).ok ? true : null;
  };
  const report = async () => {
    const reason = REASONS[which % REASONS.length] ?? 'other';
    const change = { by: `reporter-${which}`, reason, note: `note-${n}`, atMs: nowMs };
    return await desk.report(n, change);
  };
  const decide = async () => {
    if (of === undefined) return null;
    const measure = MEASURES[which % MEASURES.length] ?? 'warn';
    return await desk.decide(of, by, measure).then(
      () => true,
      () => null,
    );
  };
  const undo = async () => {
    if (of === undefined) return null;
    return (await desk.store.run('case.undo', { case: of, by, nowMs })).ok ? true : null;
  };
  switch (what) {
    case 'report':
      return (await report()).case;
    case 'race': {
      // A report about the subject arrives after a decision and before its undo.
      if (of === undefined || (await decide()) === null) return null;
      const { case: other } = await report();
      return (await undo()) === null ? null : other;
    }
    case 'decide':
      return await decide();
    case 'seal':
    case 'release':
      // Only the assigned member may take this step, so the case is assigned first.
      return (await stepped('assign')) === null ? null : await stepped(what);
    case 'undo':
      return await undo();
    case 'approve': {
      const waiting = await desk.run('approval.list', { by });
      const [first] = waiting.ok ? waiting.value : [];
      if (first === undefined) return null;
      return (await desk.answerProposal(first.approval.id, by, 'approved')).ok ? true : null;
    }
    case 'appeal': {
      const { decisions } = await desk.export(MALLORY);
      const decision = decisions[which % Math.max(1, decisions.length)];
      const filed = decision === undefined ? null : await desk.appeal(decision.id);
      if (filed?.ok !== true) return null;
      appeals.push(filed.value.id);
      return true;
    }
    case 'answer': {
      const appeal = appeals.at(-1);
      if (appeal === undefined) return null;
      const answer = { appeal, by, outcome: 'overturn', endsAtMs: null, nowMs } as const;
      return (await desk.store.run('appeal.answer', answer)).ok ? true : null;
    }
    case 'later':
      desk.nowMs += 3_600_000;
      await desk.run('time.pass', {});
      return null;
    default:
      return await stepped(what as 'assign');
  }
}

async function requireOrder(desk: Desk, cases: readonly CaseId[], by: MemberId): Promise<void> {
  const open: Case[] = [];
  const reports: string[] = [];
  for (const id of cases) {
    const shown = await desk.run('case.show', { case: id, by });
    if (!shown.ok) continue;
    const { of, reports: ofCase, decisions } = shown.value;
    if (of.state !== 'closed') open.push(of);
    assert.equal(of.reports, ofCase.length);
    assert.equal(of.reporters, new Set(ofCase.map(({ report }) => report.by)).size);
    assert.ok(of.lane === 'child-safety' || !of.reasons.some((one) => one.reason === REASONS[2]));
    const standing = decisions.filter(
      ({ decision }) => decision.case === id && decision.reversedAtMs === null,
    );
    assert.ok(standing.length <= 1, 'one decision stands');
    const isDismissed = standing[0]?.decision.measure === 'dismiss';
    const verdicts = ['waiting', ...(isDismissed ? ['rejected', 'inconclusive'] : ['upheld'])];
    for (const { report, words } of ofCase) {
      reports.push(report.id);
      assert.ok(words !== null || standing.length === 0 || isDismissed, 'words stay');
      if (standing.length === 0 || of.state === 'closed') continue;
      assert.ok(verdicts.includes(report.verdict));
    }
  }
  const lanes = open.map(({ lane }) => lane);
  assert.equal(new Set(lanes).size, lanes.length, `open: ${lanes.join(' ')}`);
  assert.ok(open.length <= 1 || !open.some(isWhole), 'a whole case is the only open one');
  assert.equal(new Set(reports).size, reports.length, 'each report is of one case');
  const { decisions } = await desk.export(MALLORY);
  for (const { decision } of (await desk.standing()).sanctions) {
    const its = decisions.find(({ id }) => id === decision);
    assert.equal(its?.reversedAtMs, null, 'what holds is of a decision that stands');
  }
}
