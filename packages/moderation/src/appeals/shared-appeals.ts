import type { MemberId } from '@farandole/accounts/ids';
import type { Member } from '@farandole/accounts/member';
import { requireMember } from '@farandole/accounts/members';
import { type Action, may, type Role } from '@farandole/accounts/roles';
import type { SubjectId } from '@farandole/kernel/id';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { Case } from '../cases/case-machine.ts';
import type { Restriction } from '../cases/decision.ts';
import { noteRead } from '../evidence/exposures.ts';
import type { AppealId, SanctionId } from '../ids.ts';
import {
  OWN_DECISIONS_MAX,
  QUEUE_SHOWN_MAX,
  SHARED_APPEAL_KEPT_MS,
  SHARED_APPEALS_MAX,
  STANDING_MAX,
  WAITING_READ_AT_ONCE,
  WORDS_DECIDED_MS_MAX,
  WORDS_DECIDED_MS_MIN,
} from '../limits.ts';
import { actionInLane, mayInLane } from '../reports/lane.ts';
import { isPinned } from '../reports/triage.ts';
import { isActive, type Sanction } from '../sanctions/sanction.ts';
import type { Decision } from '../store/kept.ts';
import { thatWait } from '../store/pages.ts';
import { readAll } from '../store/read-all.ts';
import type { Records } from '../store/records.ts';
import { textOf } from '../store/words.ts';
import { readAppealText, type TextRefusal } from './appeal.ts';
import {
  answersAgainst,
  isSharedAnswer,
  isSharedScope,
  liftsBy,
  type SharedAnswer,
  type SharedAppeal,
  type SharedScope,
} from './shared-appeal.ts';

/**
 * Who is kept out by a network or a device, and is not whom it was decided of, has nothing to appeal against
 * in that decision, of which they are told nothing. What they may ask for is that what they share is let go.
 */

/** A sanction of somebody else that keeps somebody out. Of whom, and for what, is not in it. */
export interface OwnShared {
  readonly sanction: SanctionId;
  readonly scope: SharedScope['scope'];
  readonly restriction: Restriction;
  readonly endsAtMs: number | null;
  /** Whether it keeps anybody out now. */
  readonly holds: boolean;
  /** Null while they have not written. */
  readonly appeal:
    | { readonly state: 'waiting'; readonly atMs: number }
    | {
        readonly state: 'answered';
        readonly atMs: number;
        readonly answeredAtMs: number;
        readonly answer: SharedAnswer;
      }
    | null;
}

/** @param input.sanctions those by which they are known to be kept out, beside what they have written of */
export async function readOwnShared(
  records: Records,
  input: {
    readonly subject: SubjectId;
    readonly sanctions: readonly SanctionId[];
    readonly nowMs: number;
  },
): Promise<readonly OwnShared[]> {
  const { subject, sanctions, nowMs } = input;
  const written = await records.sharedAppeals.find(
    { by: subject },
    { limit: OWN_DECISIONS_MAX, newestFirst: true },
  );
  const all = new Set([...sanctions, ...written.map(({ sanction }) => sanction)]);
  const own: OwnShared[] = [];
  for (const id of all) {
    const against = await againstOf(records, id);
    if (against === null || against.decision.subject === subject) continue;
    const { sanction, on } = against;
    const appeal = written.find((one) => one.sanction === id);
    own.push({
      sanction: id,
      scope: on.scope,
      restriction: sanction.restriction,
      endsAtMs: sanction.endsAtMs,
      holds: isActive(sanction, nowMs),
      appeal: appeal === undefined ? null : ownAppeal(appeal),
    });
  }
  return own;
}

function ownAppeal(appeal: SharedAppeal): OwnShared['appeal'] {
  if (appeal.state === 'waiting') return { state: 'waiting', atMs: appeal.atMs };
  const { atMs, answeredAtMs, answer } = appeal;
  return { state: 'answered', atMs, answeredAtMs, answer };
}

/** Whoever asks has seen that this sanction keeps them out: by what they were told, or where they come from. */
export async function fileSharedAppeal(
  records: Records,
  input: {
    readonly sanction: SanctionId;
    readonly subject: SubjectId;
    readonly text: string;
    readonly freshAppeal: AppealId;
    readonly nowMs: number;
  },
): Promise<Result<SharedAppeal, TextRefusal | 'already-appealed' | 'unknown' | 'crowded'>> {
  const { sanction, subject, freshAppeal, nowMs } = input;
  const against = await againstOf(records, sanction);
  if (against === null || against.decision.subject === subject) return refused('unknown');
  if (!isActive(against.sanction, nowMs)) return refused('unknown');
  const own = await records.sharedAppeals.count({ sanction, by: subject });
  if (own > 0) return refused('already-appealed');
  const text = readAppealText(input.text);
  if (!text.ok) return text;
  // Whoever is kept out themselves can come with any number of cookies.
  const waiting = await records.sharedAppeals.count({ sanction, state: 'waiting' });
  if (waiting >= SHARED_APPEALS_MAX) return refused('crowded');
  const appeal = { id: freshAppeal, sanction, by: subject, atMs: nowMs, state: 'waiting' } as const;
  await records.sharedAppeals.put(appeal);
  const words = { note: text.value, lines: [] };
  await records.words.put('appeal', freshAppeal, words, nowMs + WORDS_DECIDED_MS_MAX);
  await records.audit.append({
    by: 'subject',
    action: 'shared-appeal.file',
    about: freshAppeal,
    atMs: nowMs,
    details: { decision: against.decision.id },
  });
  return ok(appeal);
}

/** What nobody has answered yet, with what it is about. */
export interface OpenShared extends Against {
  readonly appeal: SharedAppeal;
}

type WithoutAuthor<Kind> = Kind extends unknown ? Omit<Kind, 'by'> : never;

/** The same as a member may see it. */
export interface WaitingShared {
  /** Who wrote is told to no member. */
  readonly appeal: WithoutAuthor<SharedAppeal>;
  /** Null once it is shredded. */
  readonly text: string | null;
  readonly scope: SharedScope['scope'];
  /** When what keeps them out ends by itself. */
  readonly endsAtMs: number | null;
  readonly decision: Decision;
  readonly of: Case;
  /** False where their shift asks this member to read no more. */
  readonly isShown: boolean;
  readonly mayAnswer: boolean;
}

/** Those that wait and that this member may see, whoever waited longest first. */
export async function readSharedAppeals(
  records: Records,
  { by, nowMs }: { readonly by: MemberId; readonly nowMs: number },
): Promise<Result<readonly WaitingShared[], 'not-allowed'>> {
  const member = await requireMember(records, by, 'appeal.decide');
  if (!member.ok) return member;
  const waiting: WaitingShared[] = [];
  for await (const page of sharedThatWait(records, WAITING_READ_AT_ONCE)) {
    for (const open of page) {
      if (!mayInLane(member.value.roles, 'read', open.of.lane) || !isActive(open.sanction, nowMs))
        continue;
      waiting.push(await shownTo(records, member.value, open, nowMs));
      if (waiting.length >= QUEUE_SHOWN_MAX) return ok(waiting);
    }
  }
  return ok(waiting);
}

async function shownTo(
  records: Records,
  member: Member,
  open: OpenShared,
  nowMs: number,
): Promise<WaitingShared> {
  const { sanction, on, decision, of } = open;
  const { by: _, ...appeal } = open.appeal;
  const read = { action: 'appeal.read', about: appeal.id, by: member.id } as const;
  const isShown = await noteRead(records, { ...read, presses: isPinned(of), nowMs });
  return {
    appeal,
    text: isShown ? await textOf(records, appeal.id) : null,
    scope: on.scope,
    endsAtMs: sanction.endsAtMs,
    decision,
    of,
    isShown,
    mayAnswer: mayAnswerShared(member, open),
  };
}

export function mayAnswerShared({ id, roles }: Member, { decision, of }: Against): boolean {
  return !decision.deciders.includes(id) && mayLift(roles, of);
}

/** All that wait, the oldest first, so many at once; also those of which what they are about is over. */
export async function* sharedThatWait(
  records: Records,
  atOnce: number,
): AsyncGenerator<readonly OpenShared[], void, undefined> {
  for await (const appeals of thatWait(records.sharedAppeals, atOnce)) {
    const ids = appeals.map(({ sanction }) => sanction);
    const sanctions = await readAll(records.sanctions, ids);
    const made = [...sanctions.values()].map(({ decision }) => decision);
    const decisions = await readAll(records.decisions, made);
    const about = [...decisions.values()].map((decision) => decision.case);
    const cases = await readAll(records.cases, about);
    yield appeals.flatMap((appeal) => {
      const sanction = sanctions.get(appeal.sanction);
      const decision = sanction === undefined ? undefined : decisions.get(sanction.decision);
      const of = decision === undefined ? undefined : cases.get(decision.case);
      if (sanction === undefined || !isSharedScope(sanction.on)) return [];
      if (decision === undefined || of === undefined) return [];
      return [{ appeal, sanction, on: sanction.on, decision, of }];
    });
  }
}

/** An answer by somebody who had no part in the decision. It ends what is shared, or nothing. */
export async function answerSharedAppeal(
  records: Records,
  input: {
    readonly appeal: AppealId;
    readonly by: MemberId;
    readonly answer: SharedAnswer;
    readonly nowMs: number;
  },
): Promise<
  Result<
    true,
    | 'not-allowed'
    | 'unknown'
    | 'malformed'
    | 'answered'
    | 'same-person'
    | 'too-late'
    /** Two people decided it: it is left, or another decision of two takes its place. */
    | 'takes-two'
  >
> {
  const { appeal: id, by, answer, nowMs } = input;
  if (!isSharedAnswer(answer)) return refused('malformed');
  const allowed = await requireMember(records, by, 'appeal.decide');
  if (!allowed.ok) return allowed;
  const before = await records.sharedAppeals.get(id);
  const against = before === null ? null : await againstOf(records, before.sanction);
  if (before === null || against === null) return refused('unknown');
  const { sanction, decision, of } = against;
  if (!mayLift(allowed.value.roles, of)) return refused('not-allowed');
  if (before.state !== 'waiting') return refused('answered');
  if (decision.deciders.includes(by)) return refused('same-person');
  if (!isActive(sanction, nowMs)) return refused('too-late');
  if (!answersAgainst(decision).includes(answer)) return refused('takes-two');
  if (liftsBy(answer)) await records.sanctions.put({ ...sanction, liftedAtMs: nowMs });
  const answered = liftsBy(answer) ? await waitingAgainst(records, sanction.id) : [before];
  for (const appeal of answered) {
    await records.sharedAppeals.put({
      ...appeal,
      state: 'answered',
      answeredBy: by,
      answer,
      answeredAtMs: nowMs,
    });
    if (appeal.erasureAskedAtMs === undefined) {
      await records.words.keepUntil('appeal', appeal.id, nowMs + WORDS_DECIDED_MS_MIN);
    } else {
      await records.words.shred('appeal', appeal.id);
    }
  }
  await records.audit.append({
    by,
    action: 'shared-appeal.answer',
    about: id,
    atMs: nowMs,
    details: { decision: decision.id, sanction: sanction.id, answer },
  });
  return ok(true);
}

async function waitingAgainst(
  records: Records,
  sanction: SanctionId,
): Promise<readonly SharedAppeal[]> {
  const waiting = { sanction, state: 'waiting' } as const;
  return await records.sharedAppeals.find(waiting, { limit: SHARED_APPEALS_MAX });
}

/** What somebody wrote goes on their wish; what is to be read yet, once it is answered. */
export async function eraseShared(
  records: Records,
  by: SubjectId,
  nowMs: number,
): Promise<{ readonly erased: number; readonly needed: number }> {
  let [erased, needed] = [0, 0];
  for (const appeal of await records.sharedAppeals.find({ by }, { limit: STANDING_MAX })) {
    if (await isAwaited(records, appeal, nowMs)) {
      await records.sharedAppeals.put({ ...appeal, erasureAskedAtMs: nowMs });
      needed += 1;
    } else {
      await records.words.shred('appeal', appeal.id);
      erased += 1;
    }
  }
  return { erased, needed };
}

async function isAwaited(
  records: Records,
  { state, sanction: id }: SharedAppeal,
  nowMs: number,
): Promise<boolean> {
  const sanction = state === 'waiting' ? await records.sanctions.get(id) : null;
  return sanction !== null && isActive(sanction, nowMs);
}

/** All of them that are about a sanction go, with their words. */
export async function removeSharedAgainst(records: Records, sanction: SanctionId): Promise<void> {
  for (const { id } of await records.sharedAppeals.find({ sanction }, { limit: STANDING_MAX })) {
    await remove(records, id);
  }
}

/** Those that nobody waits for any more, once they are old. */
export async function removeOldShared(
  records: Records,
  nowMs: number,
  limit: number,
): Promise<number> {
  const old = { atMs: { to: nowMs - SHARED_APPEAL_KEPT_MS } };
  let count = 0;
  for (const appeal of await records.sharedAppeals.find(old, { limit: STANDING_MAX })) {
    if (count >= limit) break;
    if (await isAwaited(records, appeal, nowMs)) continue;
    await remove(records, appeal.id);
    count += 1;
  }
  return count;
}

async function remove(records: Records, id: AppealId): Promise<void> {
  await records.words.shred('appeal', id);
  await records.sharedAppeals.remove(id);
}

interface Against {
  readonly sanction: Sanction;
  readonly on: SharedScope;
  readonly decision: Decision;
  readonly of: Case;
}

/** What such a sanction is of; null where it is none that others can be kept out by. */
async function againstOf(records: Records, id: SanctionId): Promise<Against | null> {
  const sanction = await records.sanctions.get(id);
  if (sanction === null || !isSharedScope(sanction.on)) return null;
  const decision = await records.decisions.get(sanction.decision);
  const of = decision === null ? null : await records.cases.get(decision.case);
  return decision === null || of === null ? null : { sanction, on: sanction.on, decision, of };
}

/** Of what may be of a minor a senior sees nothing: there it is for those who may decide on it. */
function mayLift(roles: readonly Role[], { lane }: Case): boolean {
  const lift: Action = lane === 'normal' ? 'sanction.lift' : 'appeal.decide';
  return may(roles, lift) && may(roles, actionInLane('decide', lane));
}
