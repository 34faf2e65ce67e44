import type { MemberId } from '@farandole/accounts/ids';
import type { Member } from '@farandole/accounts/member';
import { requireMember } from '@farandole/accounts/members';
import { may } from '@farandole/accounts/roles';
import { ok, type Result } from '@farandole/kernel/result';
import type { Case } from '../cases/case-machine.ts';
import { noteRead } from '../evidence/exposures.ts';
import { QUEUE_SHOWN_MAX, WAITING_READ_AT_ONCE } from '../limits.ts';
import { mayInLane } from '../reports/lane.ts';
import { isPinned } from '../reports/triage.ts';
import type { Decision, KeptAppeal } from '../store/kept.ts';
import { thatWait } from '../store/pages.ts';
import { readAll } from '../store/read-all.ts';
import type { Records } from '../store/records.ts';
import { noteOf, textOf } from '../store/words.ts';

/** An appeal that nobody has answered, with what it is against. */
export interface OpenAppeal {
  readonly appeal: KeptAppeal;
  readonly decision: Decision;
  readonly of: Case;
}

/** The same as a member may see it. */
export interface WaitingAppeal extends OpenAppeal {
  /** Null once it is shredded. */
  readonly text: string | null;
  /** For the other moderators. */
  readonly note: string | null;
  /** False where their shift asks this member to read no more. */
  readonly isShown: boolean;
  /** Nobody answers who had a part in the decision. */
  readonly mayAnswer: boolean;
}

/** The appeals that wait and that this member may see, whoever waited longest first. */
export async function readAppeals(
  records: Records,
  { by, nowMs }: { readonly by: MemberId; readonly nowMs: number },
): Promise<Result<readonly WaitingAppeal[], 'not-allowed'>> {
  const member = await requireMember(records, by, 'appeal.decide');
  if (!member.ok) return member;
  const waiting: WaitingAppeal[] = [];
  for await (const page of appealsThatWait(records, WAITING_READ_AT_ONCE)) {
    for (const open of page) {
      if (!mayInLane(member.value.roles, 'read', open.of.lane)) continue;
      const { id: about } = open.appeal;
      const presses = isPinned(open.of);
      const isShown = await noteRead(records, { action: 'appeal.read', about, by, presses, nowMs });
      waiting.push({
        ...open,
        text: isShown ? await textOf(records, about) : null,
        note: isShown ? await noteOf(records, open.decision.id) : null,
        isShown,
        mayAnswer: mayAnswerAppeal(member.value, open),
      });
      if (waiting.length >= QUEUE_SHOWN_MAX) return ok(waiting);
    }
  }
  return ok(waiting);
}

export function answersAppeals({ roles }: Member): boolean {
  return may(roles, 'appeal.decide');
}

export function mayAnswerAppeal({ id, roles }: Member, { decision, of }: OpenAppeal): boolean {
  return !decision.deciders.includes(id) && mayInLane(roles, 'decide', of.lane);
}

/** All appeals that wait, as above, but for those of which nothing is left that they are against. */
export async function* appealsThatWait(
  records: Records,
  atOnce: number,
): AsyncGenerator<readonly OpenAppeal[], void, undefined> {
  for await (const appeals of thatWait(records.appeals, atOnce)) {
    const against = appeals.map(({ decision }) => decision);
    const decisions = await readAll(records.decisions, against);
    const about = [...decisions.values()].map((decision) => decision.case);
    const cases = await readAll(records.cases, about);
    yield appeals.flatMap((appeal) => {
      const decision = decisions.get(appeal.decision);
      const of = decision === undefined ? undefined : cases.get(decision.case);
      return decision === undefined || of === undefined ? [] : [{ appeal, decision, of }];
    });
  }
}
