import type { MemberId } from '@farandole/accounts/ids';
import type { Member } from '@farandole/accounts/member';
import { requireMember } from '@farandole/accounts/members';
import { appendAudit } from '@farandole/accounts/records';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { Case } from '../cases/case-machine.ts';
import { keepBehind } from '../cases/decided.ts';
import { sanctionsOf } from '../cases/lookup.ts';
import { destroyRequested } from '../cases/pending-erasure.ts';
import { overturnDecision } from '../cases/reverse.ts';
import type { AppealId } from '../ids.ts';
import { SHARED_APPEALS_MAX, TEXT_DECIDED_MS_MIN } from '../limits.ts';
import { earlier, isActive } from '../sanctions/sanction.ts';
import type { Records } from '../store/records.ts';
import type { Decision } from '../store/stored.ts';
import {
  type AffectedAppeal,
  type AgeAppeal,
  type AnswerRefusal,
  type Appeal,
  type AppealOutcome,
  answerAppeal,
  isAppealAnswer,
  isMeasureOutcome,
  type MeasureAppeal,
  type SubjectAppeal,
} from './appeal.ts';
import { AGE_QUEUE, mayAnswerAppeal } from './may-answer-appeal.ts';
import { liftMeasures } from './measure-appeals.ts';
import { answersAgainst, isSharedAnswer, liftsBy, type SharedAnswer } from './shared-appeal.ts';

interface AnswerInput {
  readonly appeal: AppealId;
  readonly by: MemberId;
  readonly outcome: AppealOutcome | SharedAnswer;
  /** New end of the sanctions. Given only with the outcome `shorten`. */
  readonly endsAtMs: number | null;
  readonly nowMs: number;
}

type AffectedRefusal =
  | 'answered'
  | 'same-person'
  | 'too-late'
  /** Two members made the decision, so an affected user's appeal can't be granted by one. */
  | 'takes-two';

export async function answerOneAppeal(
  records: Records,
  input: AnswerInput,
): Promise<
  Result<Appeal, AnswerRefusal | AffectedRefusal | 'not-allowed' | 'unknown' | 'malformed'>
> {
  const { appeal: id, by, outcome, endsAtMs } = input;
  if (!isAppealAnswer(outcome, endsAtMs) && !isSharedAnswer(outcome)) return refused('malformed');
  const allowed = await requireMember(records, by, 'appeal.decide');
  if (!allowed.ok) return allowed;
  const before = await records.appeals.get(id);
  if (before === null) return refused('unknown');
  if (before.standing === 'measure') {
    return await answerMeasure(records, before, allowed.value, input);
  }
  if (before.standing === 'age') return await answerAge(records, before, allowed.value, input);
  const decision = await records.decisions.get(before.decision);
  const of = decision === null ? null : await records.cases.get(decision.case);
  if (decision === null || of === null) return refused('unknown');
  const against = { decision, of, member: allowed.value };
  return before.standing === 'subject'
    ? await answerSubject(records, before, against, input)
    : await answerAffected(records, before, against, input);
}

interface Against {
  readonly decision: Decision;
  readonly of: Case;
  readonly member: Member;
}

async function answerSubject(
  records: Records,
  before: SubjectAppeal,
  { decision, of, member }: Against,
  { by, outcome, endsAtMs, nowMs }: AnswerInput,
): Promise<Result<Appeal, AnswerRefusal | 'not-allowed' | 'malformed'>> {
  if (isSharedAnswer(outcome)) return refused('malformed');
  if (!mayAnswerAppeal(member, before, of)) return refused('not-allowed');
  const answered = answerAppeal(before, decision, { by, outcome, endsAtMs }, nowMs);
  if (!answered.ok) return answered;
  const { effects } = answered.value;
  const isShortened = effects.sanctions === 'shorten' && endsAtMs !== null;
  const { appeal } = answered.value;
  await records.appeals.put(appeal);
  await keepAnswered(records, before, nowMs);
  await keepBehind(records, isShortened ? { ...decision, endsAtMs } : decision);
  if (isShortened) {
    await records.decisions.put({ ...decision, endsAtMs });
    for (const sanction of await sanctionsOf(records, decision.id)) {
      // Takes the earlier end, because a network sanction may end before the other sanctions of
      // its decision.
      await records.sanctions.put({ ...sanction, endsAtMs: earlier(sanction.endsAtMs, endsAtMs) });
    }
  }
  if (effects.sanctions === 'lift') {
    await overturnDecision(records, decision.id, nowMs);
    await destroyRequested(records, decision.case, nowMs);
  }
  const details = { decision: decision.id, outcome, endsAtMs };
  await appendAudit(records, { by, nowMs }, 'appeal.answer', appeal.id, details);
  return ok(appeal);
}

/** Lifts or keeps the network or device sanction and answers every waiting appeal against it. */
async function answerAffected(
  records: Records,
  before: AffectedAppeal,
  { decision, of, member }: Against,
  { by, outcome, nowMs }: AnswerInput,
): Promise<Result<Appeal, AffectedRefusal | 'not-allowed' | 'unknown' | 'malformed'>> {
  if (!isSharedAnswer(outcome)) return refused('malformed');
  const sanction = await records.sanctions.get(before.sanction);
  if (sanction === null) return refused('unknown');
  if (!mayAnswerAppeal(member, before, of)) return refused('not-allowed');
  if (before.state !== 'waiting') return refused('answered');
  if (decision.deciders.includes(by)) return refused('same-person');
  if (!isActive(sanction, nowMs)) return refused('too-late');
  if (!answersAgainst(decision).includes(outcome)) return refused('takes-two');
  const answer = { state: 'answered', by, outcome, endsAtMs: null, answeredAtMs: nowMs } as const;
  let answered: readonly Appeal[] = [before];
  if (liftsBy(outcome)) {
    await records.sanctions.put({ ...sanction, liftedAtMs: nowMs });
    const waiting = { sanction: sanction.id, state: 'waiting' } as const;
    answered = await records.appeals.find(waiting, { limit: SHARED_APPEALS_MAX });
  }
  for (const appeal of answered) {
    if (appeal.standing !== 'affected') continue;
    await records.appeals.put({ ...appeal, ...answer });
    await keepAnswered(records, appeal, nowMs);
  }
  const details = { decision: decision.id, sanction: sanction.id, answer: outcome };
  await appendAudit(records, { by, nowMs }, 'shared-appeal.answer', before.id, details);
  return ok({ ...before, ...answer });
}

/**
 * Answers an appeal against an automatic suspension or restriction. `overturn` lifts it; the
 * case still has to be decided.
 */
async function answerMeasure(
  records: Records,
  before: MeasureAppeal,
  member: Member,
  { by, outcome, nowMs }: AnswerInput,
): Promise<Result<Appeal, AffectedRefusal | 'not-allowed' | 'unknown' | 'malformed'>> {
  if (!isMeasureOutcome(outcome)) return refused('malformed');
  const of = await records.cases.get(before.case);
  if (of === null) return refused('unknown');
  if (!mayAnswerAppeal(member, before, of)) return refused('not-allowed');
  if (before.state !== 'waiting') return refused('answered');
  // While a proposed decision waits for a second member, one member can't lift the suspension.
  const isProposed = of.state === 'escalated' && of.approval !== null;
  if (outcome === 'overturn' && isProposed) return refused('takes-two');
  const answer = { state: 'answered', by, outcome, endsAtMs: null, answeredAtMs: nowMs } as const;
  const appeal: MeasureAppeal = { ...before, ...answer };
  await records.appeals.put(appeal);
  await keepAnswered(records, before, nowMs);
  if (outcome === 'overturn') await liftMeasures(records, before, nowMs);
  const details = { case: of.id, outcome };
  await appendAudit(records, { by, nowMs }, 'appeal.answer', before.id, details);
  return ok(appeal);
}

/** Answers an appeal against an age refusal. `overturn` exempts the author from it. */
async function answerAge(
  records: Records,
  before: AgeAppeal,
  member: Member,
  { by, outcome, nowMs }: AnswerInput,
): Promise<Result<Appeal, AffectedRefusal | 'not-allowed' | 'malformed'>> {
  if (!isMeasureOutcome(outcome)) return refused('malformed');
  if (!mayAnswerAppeal(member, before, AGE_QUEUE)) return refused('not-allowed');
  if (before.state !== 'waiting') return refused('answered');
  if (before.endsAtMs <= nowMs) return refused('too-late');
  const appeal: AgeAppeal = { ...before, state: 'answered', by, outcome, answeredAtMs: nowMs };
  await records.appeals.put(appeal);
  await keepAnswered(records, before, nowMs);
  await appendAudit(records, { by, nowMs }, 'appeal.answer', before.id, { outcome });
  return ok(appeal);
}

/** Keeps an answered appeal's text for the retention time, or erases it at its author's request. */
async function keepAnswered(
  records: Records,
  { id, erasureAskedAtMs }: Appeal,
  nowMs: number,
): Promise<void> {
  if (erasureAskedAtMs !== undefined) await records.words.destroyKey('appeal', id);
  else await records.words.keepUntil('appeal', id, nowMs + TEXT_DECIDED_MS_MIN);
}
