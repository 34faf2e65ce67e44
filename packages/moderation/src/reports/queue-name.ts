import { type Action, may, type Role } from '@farandole/accounts/roles';

export const QUEUES = ['normal', 'child-safety'] as const;

export type QueueName = (typeof QUEUES)[number];

export function actionInQueue(what: 'read' | 'decide', lane: QueueName): Action {
  if (lane === 'normal') return `case.${what}`;
  return `case.${what}-child-safety`;
}

export function mayInQueue(
  roles: readonly Role[],
  what: 'read' | 'decide',
  lane: QueueName,
): boolean {
  return may(roles, actionInQueue(what, lane));
}
