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
import type { AffectedAppeal, Appeal, SubjectAppeal } from './appeal.ts';
import { mayAnswerAppeal } from './may-answer-appeal.ts';
import { isSharedScope, type SharedScope } from './shared-appeal.ts';

export interface OpenAppeal {
  readonly appeal: Appeal;
  readonly decision: Decision;
  readonly of: Case;
  readonly shared: {
    readonly scope: SharedScope['scope'];
    readonly endsAtMs: number | null;
  } | null;
}

type WithoutAuthor<Kind> = Kind extends unknown ? Omit<Kind, 'author'> : never;

export interface WaitingAppeal extends Omit<OpenAppeal, 'appeal'> {
  readonly appeal: SubjectAppeal | WithoutAuthor<AffectedAppeal>;
  /** Null once erased, and while `isShown` is false. */
  readonly text: string | null;
  /** The deciders' note, for a subject's appeal. */
  readonly note: string | null;
  /** False if this member has reached the shift's reading limit. */
  readonly isShown: boolean;
  /** False for members who took part in the decision, or lack the permission. */
  readonly mayAnswer: boolean;
}

/** Waiting appeals that this member may see, oldest first: `QUEUE_SHOWN_MAX` of each standing. */
export async function readAppeals(
  records: Records,
  { by, nowMs }: { readonly by: MemberId; readonly nowMs: number },
): Promise<Result<readonly WaitingAppeal[], 'not-allowed'>> {
  const member = await requireMember(records, by, 'appeal.decide');
  if (!member.ok) return member;
  const waiting: WaitingAppeal[] = [];
  const shown = { subject: 0, affected: 0 };
  for await (const page of appealsThatWait(records, WAITING_READ_AT_ONCE, nowMs)) {
    for (const open of page) {
      const { standing } = open.appeal;
      if (shown[standing] >= QUEUE_SHOWN_MAX) continue;
      if (!mayInQueue(member.value.roles, 'read', open.of.lane)) continue;
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
  const isShown = await noteRead(records, { ...read, presses: isPinned(open.of), nowMs });
  const hasNote = isShown && standing === 'subject';
  return {
    ...open,
    appeal: withoutAuthor(open.appeal),
    text: isShown ? await textOf(records, id) : null,
    note: hasNote ? await noteOf(records, open.decision.id) : null,
    isShown,
    mayAnswer: isTheirs(member, open),
  };
}

function withoutAuthor(appeal: Appeal): WaitingAppeal['appeal'] {
  if (appeal.standing === 'subject') return appeal;
  const { author: _, ...rest } = appeal;
  return rest;
}

export function answersAppeals({ roles }: Member): boolean {
  return may(roles, 'appeal.decide');
}

export function isTheirs(member: Member, { appeal, decision, of }: OpenAppeal): boolean {
  return !decision.deciders.includes(member.id) && mayAnswerAppeal(member, appeal, of);
}

/** Oldest first, without those whose decision is gone or whose shared sanction has ended. */
export async function* appealsThatWait(
  records: Records,
  atOnce: number,
  nowMs: number,
): AsyncGenerator<readonly OpenAppeal[], void, undefined> {
  for await (const appeals of thatWait(records.appeals, atOnce)) {
    const decisions = await readAll(
      records.decisions,
      appeals.map(({ decision }) => decision),
    );
    const cases = await readAll(
      records.cases,
      [...decisions.values()].map((decision) => decision.case),
    );
    const sanctions = await readAll(
      records.sanctions,
      appeals.flatMap((one) => (one.standing === 'affected' ? [one.sanction] : [])),
    );
    yield appeals.flatMap((appeal): OpenAppeal[] => {
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
