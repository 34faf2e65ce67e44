import { type Action, may, type Role } from '@farandole/accounts/roles';

export const LANES = ['normal', 'child-safety'] as const;

export type Lane = (typeof LANES)[number];

export function actionInLane(what: 'read' | 'decide', lane: Lane): Action {
  if (lane === 'normal') return `case.${what}`;
  return `case.${what}-child-safety`;
}

export function mayInLane(roles: readonly Role[], what: 'read' | 'decide', lane: Lane): boolean {
  return may(roles, actionInLane(what, lane));
}
