import type { MemberId } from '@farandole/accounts/ids';
import { type Action, may, type Role } from '@farandole/accounts/roles';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { AppliedDecision } from '../cases/apply-decision.ts';
import { applyDecision, isShared } from '../cases/apply-decision.ts';
import type { Case, CaseEvent, CaseRefusal } from '../cases/case-machine.ts';
import { moveCase } from '../cases/case-machine.ts';
import { standingIn } from '../cases/lookup.ts';
import { isAppealedFrom } from '../cases/reverse.ts';
import { allowMoreReveals } from '../disclosure/reveal-picture.ts';
import { deleteSealed, unsealPicture } from '../disclosure/unseal.ts';
import type { DecisionId } from '../ids.ts';
import type { Records } from '../store/records.ts';
import type { Proposal, ProposalKind, StoredApproval } from '../store/stored.ts';

export type KindRefusal =
  | CaseRefusal
  | 'unknown'
  | 'same-person'
  | 'others-there'
  /** The retention of the proposal's picture ended, so the picture is already destroyed. */
  | 'expired'
  | 'appeal-waits';

export interface Answered {
  readonly approval: StoredApproval;
  readonly by: MemberId;
  readonly of: Case | null;
  readonly nowMs: number;
}

type Handler<Kind extends ProposalKind, Input, Outcome> = (
  records: Records,
  proposal: Proposal<Kind>,
  input: Input,
) => Promise<Result<Outcome, KindRefusal>>;

interface KindRule<Kind extends ProposalKind> {
  /** Permission that the second approver needs in addition to `approval.give`. */
  readonly permission: Action;
  /** Applies the proposal. Returns the result if it was a decision, otherwise null. */
  readonly approve: Handler<
    Kind,
    Answered & { readonly freshDecision: DecisionId },
    AppliedDecision | null
  >;
  readonly decline: Handler<Kind, Answered, null>;
  readonly withdraw: Handler<Kind, Answered, null>;
}

const nothing = async () => ok(null);

/** For each kind of proposal, who may answer it and what each answer does. */
const KINDS: { readonly [Kind in ProposalKind]: KindRule<Kind> } = {
  decision: {
    permission: 'approval.give',
    approve: approveDecision,
    decline: (records, _, answered) => dropDecision(records, 'decline', answered),
    withdraw: (records, _, answered) => dropDecision(records, 'withdraw', answered),
  },
  roles: {
    permission: 'approval.give',
    approve: giveRoles,
    decline: async (_, { member }, { by }) => (member === by ? refused('same-person') : ok(null)),
    withdraw: nothing,
  },
  reveals: {
    permission: 'evidence.allow-more',
    approve: async (records, { member }, { by, nowMs }) => {
      await allowMoreReveals(records, { member, by, nowMs });
      return ok(null);
    },
    decline: nothing,
    withdraw: nothing,
  },
  unsealing: {
    permission: 'evidence.reveal-sealed',
    approve: unsealPicture,
    decline: nothing,
    withdraw: nothing,
  },
  deletion: {
    permission: 'evidence.delete-early',
    approve: deleteSealed,
    decline: nothing,
    withdraw: nothing,
  },
};

export function mayAnswer(roles: readonly Role[], { of }: Proposal): boolean {
  return may(roles, 'approval.give') && may(roles, KINDS[of].permission);
}

export function kindOf<Kind extends ProposalKind>({ of }: Proposal<Kind>): KindRule<Kind> {
  return KINDS[of];
}

async function giveRoles(
  records: Records,
  proposal: Proposal<'roles'>,
  { by }: Answered,
): Promise<Result<null, 'same-person' | 'unknown'>> {
  if (proposal.member === by) return refused('same-person');
  const member = await records.members.get(proposal.member);
  if (member === null || member.leftAtMs !== null) return refused('unknown');
  await records.members.put({ ...member, roles: proposal.roles });
  return ok(null);
}

/** Applies a proposed decision. Repeats checks whose result may have changed since the proposal. */
async function approveDecision(
  records: Records,
  proposal: Proposal<'decision'>,
  { approval, by, of, freshDecision, nowMs }: Answered & { readonly freshDecision: DecisionId },
): Promise<Result<AppliedDecision, CaseRefusal | 'unknown' | 'same-person' | 'others-there'>> {
  if (of === null) return refused('unknown');
  if (await isShared(records, of, proposal.networks, nowMs)) return refused('others-there');
  const deciders = [approval.by, by];
  const standing = await standingIn(records, of.id);
  if (await isAppealedFrom(records, standing, deciders)) return refused('same-person');
  const { id } = approval;
  const moved = moveCase(
    of,
    { event: 'approve', by, approval: id, decision: freshDecision },
    nowMs,
  );
  if (!moved.ok) return moved;
  const note = (await records.words.get('decision', id))?.note ?? '';
  await records.words.destroyKey('decision', id);
  const made = { id: freshDecision, deciders, note, nowMs };
  return ok(await applyDecision(records, moved.value, proposal, made));
}

/** Returns the case to the queue and removes the proposal's suspension and note. */
async function dropDecision(
  records: Records,
  event: 'decline' | 'withdraw',
  { approval, by, of, nowMs }: Answered,
): Promise<Result<null, CaseRefusal | 'unknown'>> {
  if (of === null) return refused('unknown');
  const dropped: CaseEvent = { event, by, approval: approval.id };
  const moved = moveCase(of, dropped, nowMs);
  if (!moved.ok) return moved;
  await records.cases.put(moved.value);
  await records.words.destroyKey('decision', approval.id);
  await endSuspensionOf(records, approval, moved.value);
  return ok(null);
}

/** Ends the suspension that started with the proposal. A suspension that started earlier stays. */
async function endSuspensionOf(
  records: Records,
  { atMs }: StoredApproval,
  { id, subject }: Case,
): Promise<void> {
  const person = await records.people.get(subject);
  if (person?.hold?.case !== id || person.hold.startsAtMs !== atMs) return;
  await records.people.put({ ...person, hold: null });
}
