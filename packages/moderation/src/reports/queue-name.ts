import { type Action, may, type Role } from '@farandole/accounts/roles';

export const QUEUES = ['normal', 'child-safety'] as const;

export type QueueName = (typeof QUEUES)[number];

/** `free`: cases that the member may take. `mine`: cases assigned to the member. */
export const QUEUE_FILTERS = ['all', 'free', 'mine'] as const;

export type QueueFilter = (typeof QUEUE_FILTERS)[number];

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
