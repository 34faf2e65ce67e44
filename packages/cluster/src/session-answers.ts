import type { Instant } from '@farandole/kernel/clock';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import { NODE_MESSAGE_VERSION, type NodeMessageOf } from '@farandole/protocol/node-message';
import type { Moves } from './moves.ts';
import type { Questions } from './questions.ts';
import type { CheckedSessions, SessionChecks } from './session-checks.ts';

export interface SessionAnswersParts {
  readonly moves: Pick<Moves, 'givenLately' | 'isSubjectInDoubt' | 'newerThan'>;
  readonly questions: Pick<Questions, 'yields'>;
  readonly checks: Pick<SessionChecks, 'yields'>;
  readonly sessions: Pick<CheckedSessions, 'sessionOf'>;
}

/** Answers another node's question about a user. */
export function answerTo(
  asked: NodeMessageOf<'who.subject'>,
  { moves, questions, checks, sessions }: SessionAnswersParts,
  now: Instant,
): NodeMessageOf<'who.answer'> {
  const { question, own, rank } = asked;
  const subject = brandId<SubjectId>(asked.subject);
  const session = sessions.sessionOf(subject);
  const given = moves.givenLately(subject, now);
  const newer = own === undefined ? null : moves.newerThan(own, now);
  const answer = (
    has: NodeMessageOf<'who.answer'>['has'],
    generation = 0,
  ): NodeMessageOf<'who.answer'> => {
    return { type: 'who.answer', v: NODE_MESSAGE_VERSION, question, has, generation };
  };
  if (newer !== null) return answer('newer', newer);
  if (moves.isSubjectInDoubt(subject)) return answer('later');
  if (session !== null) {
    return checks.yields(subject, rank) ? answer('nothing') : answer('session', session.generation);
  }
  if (given !== null) return answer('later', given);
  return answer(questions.yields(asked, now) ? 'yields' : 'nothing');
}
