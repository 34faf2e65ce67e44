import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { may } from '@farandole/accounts/roles';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { keepBehind } from '../cases/decided.ts';
import { sanctionsOf } from '../cases/lookup.ts';
import { shredAsked } from '../cases/pending-erasure.ts';
import { overturnDecision } from '../cases/reverse.ts';
import type { AppealId, DecisionId } from '../ids.ts';
import { WORDS_DECIDED_MS_MAX, WORDS_DECIDED_MS_MIN } from '../limits.ts';
import { actionInLane } from '../reports/lane.ts';
import { earlier } from '../sanctions/sanction.ts';
import type { KeptAppeal } from '../store/kept.ts';
import type { Records } from '../store/records.ts';
import {
  type AnswerRefusal,
  type Appeal,
  type AppealOutcome,
  type AppealRefusal,
  answerAppeal,
  createAppeal,
  isAppealAnswer,
} from './appeal.ts';

/** A subject's appeal. Whoever asks has seen that it is theirs: by their cookie, or by the code. */
export async function fileAppeal(
  records: Records,
  input: {
    readonly decision: DecisionId;
    readonly text: string;
    readonly freshAppeal: AppealId;
    readonly nowMs: number;
  },
): Promise<Result<KeptAppeal, AppealRefusal | 'unknown'>> {
  const { decision: id, text, freshAppeal, nowMs } = input;
  const decision = await records.decisions.get(id);
  if (decision === null || decision.reversedAtMs !== null || decision.measure === 'dismiss') {
    return refused('unknown');
  }
  const [before] = await records.appeals.find({ decision: id }, { limit: 1 });
  const created = createAppeal(
    { id: freshAppeal, text },
    decision,
    before === undefined ? null : { ...before, text: '' },
    nowMs,
  );
  if (!created.ok) return created;
  const appeal = withoutText(created.value);
  await records.appeals.put(appeal);
  const words = { note: created.value.text, lines: [] };
  await records.words.put('appeal', freshAppeal, words, nowMs + WORDS_DECIDED_MS_MAX);
  await keepBehind(records, decision);
  await records.audit.append({
    by: 'subject',
    action: 'appeal.file',
    about: freshAppeal,
    atMs: nowMs,
    details: { decision: id },
  });
  return ok(appeal);
}

/** An answer by somebody who had no part in the decision, with all that follows from it. */
export async function answerOneAppeal(
  records: Records,
  input: {
    readonly appeal: AppealId;
    readonly by: MemberId;
    readonly outcome: AppealOutcome;
    /** With `shorten`: when the sanctions end now. */
    readonly endsAtMs: number | null;
    readonly nowMs: number;
  },
): Promise<Result<KeptAppeal, AnswerRefusal | 'not-allowed' | 'unknown' | 'malformed'>> {
  const { appeal: id, by, outcome, endsAtMs, nowMs } = input;
  if (!isAppealAnswer(outcome, endsAtMs)) return refused('malformed');
  const allowed = await requireMember(records, by, 'appeal.decide');
  if (!allowed.ok) return allowed;
  const before = await records.appeals.get(id);
  if (before === null) return refused('unknown');
  const decision = await records.decisions.get(before.decision);
  const of = decision === null ? null : await records.cases.get(decision.case);
  if (decision === null || of === null) return refused('unknown');
  if (!may(allowed.value.roles, actionInLane('decide', of.lane))) return refused('not-allowed');
  const answered = answerAppeal(
    { ...before, text: '' },
    decision,
    { by, outcome, endsAtMs },
    nowMs,
  );
  if (!answered.ok) return answered;
  const { effects } = answered.value;
  const isShortened = effects.sanctions === 'shorten' && endsAtMs !== null;
  const appeal = withoutText(answered.value.appeal);
  await records.appeals.put(appeal);
  if (before.erasureAskedAtMs === undefined) {
    await records.words.keepUntil('appeal', id, nowMs + WORDS_DECIDED_MS_MIN);
  } else {
    await records.words.shred('appeal', id);
  }
  await keepBehind(records, isShortened ? { ...decision, endsAtMs } : decision);
  if (isShortened) {
    await records.decisions.put({ ...decision, endsAtMs });
    for (const sanction of await sanctionsOf(records, decision.id)) {
      // That of a network may end before the others.
      await records.sanctions.put({ ...sanction, endsAtMs: earlier(sanction.endsAtMs, endsAtMs) });
    }
  }
  // The sanctions, the strike and the reports are reversed together: an appeal has no half of it.
  if (effects.sanctions === 'lift') {
    await overturnDecision(records, decision.id, nowMs);
    await shredAsked(records, decision.case, nowMs);
  }
  await records.audit.append({
    by,
    action: 'appeal.answer',
    about: id,
    atMs: nowMs,
    details: { decision: decision.id, outcome, endsAtMs },
  });
  return ok(appeal);
}

function withoutText(appeal: Appeal): KeptAppeal {
  const { text: _, ...rest } = appeal;
  return rest;
}
