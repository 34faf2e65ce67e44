import type { Member } from '@farandole/accounts/member';
import { type Action, may } from '@farandole/accounts/roles';
import type { Case } from '../cases/case-machine.ts';
import { mayInQueue } from '../reports/queue-name.ts';
import type { Appeal } from './appeal.ts';

function actionOf({ standing }: Pick<Appeal, 'standing'>, { lane }: Case): Action {
  // Seniors don't decide in the child-safety lane, so its deciders lift there.
  return standing === 'affected' && lane === 'normal' ? 'sanction.lift' : 'appeal.decide';
}

export function mayAnswerAppeal(
  { roles }: Pick<Member, 'roles'>,
  appeal: Pick<Appeal, 'standing'>,
  of: Case,
): boolean {
  return may(roles, actionOf(appeal, of)) && mayInQueue(roles, 'decide', of.lane);
}
