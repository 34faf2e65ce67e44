import type { MemberId } from '@farandole/accounts/ids';
import type { Member } from '@farandole/accounts/member';
import { requireMember } from '@farandole/accounts/members';
import { may } from '@farandole/accounts/roles';
import { ok, type Result } from '@farandole/kernel/result';
import type { Case } from '../cases/case-machine.ts';
import { noteRead } from '../evidence/exposures.ts';
import { QUEUE_SHOWN_MAX, WAITING_READ_AT_ONCE } from '../limits.ts';
import { mayInQueue } from '../reports/queue-name.ts';
import { isPinned } from '../reports/triage.ts';
import { isActive } from '../sanctions/sanction.ts';
import { thatWait } from '../store/pages.ts';
import { readAll } from '../store/read-all.ts';
import type { Records } from '../store/records.ts';
import type { Decision } from '../store/stored.ts';
import { noteOf, textOf } from '../store/user-text.ts';
import type { AffectedAppeal, AgeAppeal, MeasureAppeal, SubjectAppeal } from './appeal.ts';
import { AGE_QUEUE, mayAnswerAppeal } from './may-answer-appeal.ts';
import { measureOfCase } from './measure-appeals.ts';
import { isSharedScope, type SharedScope } from './shared-appeal.ts';

interface OpenAgainstDecision {
  readonly appeal: SubjectAppeal | AffectedAppeal;
  readonly decision: Decision;
  readonly of: Case;
  readonly shared: {
    readonly scope: SharedScope['scope'];
    readonly endsAtMs: number | null;
  } | null;
}

interface OpenAgainstMeasure {
  readonly appeal: MeasureAppeal;
  readonly decision: null;
  readonly of: Case;
  /** End of the measure as its user was notified of it. Null once the measure is over. */
  readonly endsAtMs: number | null;
}

interface OpenAgainstAge {
  readonly appeal: AgeAppeal;
  readonly decision: null;
  /** An age refusal has no case. */
  readonly of: null;
  readonly endsAtMs: number;
}

export type OpenAppeal = OpenAgainstDecision | OpenAgainstMeasure | OpenAgainstAge;

type WithoutAuthor<Kind> = Kind extends unknown ? Omit<Kind, 'author' | 'device'> : never;

type ForMember<Open extends OpenAppeal> = Omit<Open, 'appeal'> & {
  readonly appeal: WithoutAuthor<Open['appeal']>;
} & Shown;

interface Shown {
  /** Text of the appeal. Null if it was erased or `isShown` is false. */
  readonly text: string | null;
  /** Note of the members who decided. Given only for an appeal by the decision's subject. */
  readonly note: string | null;
  /** Whether text and note are included. False if the member reached the shift's reading limit. */
  readonly isShown: boolean;
  /** Whether this member may answer the appeal and took no part in the decision. */
  readonly mayAnswer: boolean;
}

export type WaitingDecisionAppeal = ForMember<OpenAgainstDecision>;
export type WaitingMeasureAppeal = ForMember<OpenAgainstMeasure>;
export type WaitingAgeAppeal = ForMember<OpenAgainstAge>;
export type WaitingAppeal = WaitingDecisionAppeal | WaitingMeasureAppeal | WaitingAgeAppeal;

/**
 * Returns the waiting appeals that this member may see, oldest first, at most `QUEUE_SHOWN_MAX`
 * of each kind of appeal.
 */
export async function readAppeals(
  records: Records,
  { by, nowMs }: { readonly by: MemberId; readonly nowMs: number },
): Promise<Result<readonly WaitingAppeal[], 'not-allowed'>> {
  const member = await requireMember(records, by, 'appeal.decide');
  if (!member.ok) return member;
  const waiting: WaitingAppeal[] = [];
  const shown = { subject: 0, affected: 0, measure: 0, age: 0 };
  for await (const page of appealsThatWait(records, WAITING_READ_AT_ONCE, nowMs)) {
    for (const open of page) {
      const { standing } = open.appeal;
      if (shown[standing] >= QUEUE_SHOWN_MAX) continue;
      if (!isSeenBy(member.value, open)) continue;
      shown[standing] += 1;
      waiting.push(await shownTo(records, member.value, open, nowMs));
    }
    if (Object.values(shown).every((count) => count >= QUEUE_SHOWN_MAX)) break;
  }
  return ok(waiting);
}

async function shownTo(
  records: Records,
  member: Member,
  open: OpenAppeal,
  nowMs: number,
): Promise<WaitingAppeal> {
  const { id, standing } = open.appeal;
  const read = { action: 'appeal.read', about: id, by: member.id } as const;
  // Reading an appeal against an age refusal doesn't count toward the member's reading limit.
  // Otherwise one user with many device keys could use up the limit with such appeals.
  const isShown =
    open.of === null || (await noteRead(records, { ...read, presses: isPinned(open.of), nowMs }));
  const hasNote = isShown && standing === 'subject' && open.decision !== null;
  const told = {
    text: isShown ? await textOf(records, id) : null,
    note: hasNote ? await noteOf(records, open.decision.id) : null,
    isShown,
    mayAnswer: isTheirs(member, open),
  };
  if (open.of === null) {
    const { author: _, device: _device, ...appeal } = open.appeal;
    return { ...open, appeal, ...told };
  }
  if (open.decision === null) {
    const { author: _, ...appeal } = open.appeal;
    return { ...open, appeal, ...told };
  }
  if (open.appeal.standing === 'subject') return { ...open, appeal: open.appeal, ...told };
  const { author: _, ...appeal } = open.appeal;
  return { ...open, appeal, ...told };
}

export function answersAppeals({ roles }: Member): boolean {
  return may(roles, 'appeal.decide');
}

export function isTheirs(member: Member, { appeal, decision, of }: OpenAppeal): boolean {
  const hasDecided = decision?.deciders.includes(member.id) === true;
  return !hasDecided && mayAnswerAppeal(member, appeal, of ?? AGE_QUEUE);
}

/** Whether the member may read appeals of this appeal's queue. */
export function isSeenBy({ roles }: Member, { of }: OpenAppeal): boolean {
  return mayInQueue(roles, 'read', (of ?? AGE_QUEUE).lane);
}

/**
 * Yields waiting appeals, oldest first. Skips appeals whose decision was removed or whose
 * network or device sanction or age refusal has ended.
 */
export async function* appealsThatWait(
  records: Records,
  atOnce: number,
  nowMs: number,
): AsyncGenerator<readonly OpenAppeal[], void, undefined> {
  for await (const appeals of thatWait(records.appeals, atOnce)) {
    const decisions = await readAll(
      records.decisions,
      appeals.flatMap((one) => ('decision' in one ? [one.decision] : [])),
    );
    const measured = appeals.filter((one) => one.standing === 'measure');
    const cases = await readAll(records.cases, [
      ...[...decisions.values()].map((decision) => decision.case),
      ...measured.map((one) => one.case),
    ]);
    const people = await readAll(
      records.people,
      measured.map(({ author }) => author),
    );
    const sanctions = await readAll(
      records.sanctions,
      appeals.flatMap((one) => (one.standing === 'affected' ? [one.sanction] : [])),
    );
    yield appeals.flatMap((appeal): OpenAppeal[] => {
      if (appeal.standing === 'measure') {
        const of = cases.get(appeal.case);
        const person = people.get(appeal.author);
        const inForce = person === undefined ? null : measureOfCase(person, appeal.case, nowMs);
        const endsAtMs = inForce?.endsAtMs ?? null;
        return of === undefined ? [] : [{ appeal, decision: null, of, endsAtMs }];
      }
      if (appeal.standing === 'age') {
        const { endsAtMs } = appeal;
        return endsAtMs > nowMs ? [{ appeal, decision: null, of: null, endsAtMs }] : [];
      }
      const decision = decisions.get(appeal.decision);
      const of = decision === undefined ? undefined : cases.get(decision.case);
      if (decision === undefined || of === undefined) return [];
      if (appeal.standing === 'subject') return [{ appeal, decision, of, shared: null }];
      const sanction = sanctions.get(appeal.sanction);
      if (sanction === undefined || !isSharedScope(sanction.on)) return [];
      if (!isActive(sanction, nowMs)) return [];
      const shared = { scope: sanction.on.scope, endsAtMs: sanction.endsAtMs };
      return [{ appeal, decision, of, shared }];
    });
  }
}
