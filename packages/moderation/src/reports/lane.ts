import { type Action, may, type Role } from '@farandole/accounts/roles';

/** Who looks at a case: all moderators, or only those of child safety. */
export const LANES = ['normal', 'child-safety'] as const;

export type Lane = (typeof LANES)[number];

/** What reading, or deciding, a case of a lane takes. */
export function actionInLane(what: 'read' | 'decide', lane: Lane): Action {
  if (lane === 'normal') return `case.${what}`;
  return `case.${what}-child-safety`;
}

/** Whether any of the roles allows to read, or to decide, cases of a lane. */
export function mayInLane(roles: readonly Role[], what: 'read' | 'decide', lane: Lane): boolean {
  return may(roles, actionInLane(what, lane));
}
