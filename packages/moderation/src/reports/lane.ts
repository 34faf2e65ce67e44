import type { Action } from '@farandole/accounts/roles';

/** Who looks at a case: all moderators, or only those of child safety. */
export const LANES = ['normal', 'child-safety'] as const;

export type Lane = (typeof LANES)[number];

/** What reading, or deciding, a case of a lane takes. */
export function actionInLane(what: 'read' | 'decide', lane: Lane): Action {
  if (lane === 'normal') return `case.${what}`;
  return `case.${what}-child-safety`;
}
