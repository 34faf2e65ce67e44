import { type Action, may, type Role } from '@farandole/accounts/roles';
import type { Proposal } from '../store/kept.ts';

/** What it takes to be the second person, beside that one may be one at all. */
const TAKES: Readonly<Record<Proposal['of'], Action>> = {
  decision: 'approval.give',
  roles: 'approval.give',
  reveals: 'evidence.allow-more',
  unsealing: 'evidence.reveal-sealed',
  deletion: 'evidence.delete-early',
};

/** Whether roles allow to answer a proposal, wherever its case is. */
export function mayAnswer(roles: readonly Role[], proposal: Proposal): boolean {
  return may(roles, 'approval.give') && may(roles, TAKES[proposal.of]);
}
