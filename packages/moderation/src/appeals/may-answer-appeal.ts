import type { Member } from '@farandole/accounts/member';
import { type Action, may } from '@farandole/accounts/roles';
import type { Case } from '../cases/case-machine.ts';
import { mayInQueue } from '../reports/queue-name.ts';
import type { Appeal } from './appeal.ts';

type InQueue = Pick<Case, 'lane'>;

/** An age refusal has no case. Its appeals are answered as those of the normal queue. */
export const AGE_QUEUE: InQueue = { lane: 'normal' };

function actionOf({ standing }: Pick<Appeal, 'standing'>, { lane }: InQueue): Action {
  // In the child-safety queue, the members who decide its cases lift its sanctions, because senior
  // moderators may not decide there.
  return standing === 'affected' && lane === 'normal' ? 'sanction.lift' : 'appeal.decide';
}

export function mayAnswerAppeal(
  { roles }: Pick<Member, 'roles'>,
  appeal: Pick<Appeal, 'standing'>,
  of: InQueue,
): boolean {
  return may(roles, actionOf(appeal, of)) && mayInQueue(roles, 'decide', of.lane);
}
