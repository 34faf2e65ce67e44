import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { type AuditEntry, appendAudit } from '@farandole/accounts/records';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { Case } from '../cases/case-machine.ts';
import type { StepRefusal } from '../cases/case-steps.ts';
import { isAppealed, openFor, reportsOf } from '../cases/lookup.ts';
import { destroyPicturesOf, picturesOf } from '../evidence/pictures.ts';
import { holdsSealed, sealedUntilMs } from '../evidence/sealed.ts';
import type { ApprovalId, CaseId, PictureId } from '../ids.ts';
import { QUEUE_ORDERED_MAX, QUEUE_SHOWN_MAX, UNSEALED_MS } from '../limits.ts';
import type { Records } from '../store/records.ts';
import type { Proposal, StoredApproval } from '../store/stored.ts';
import type { Via } from '../store/via.ts';

type OfSealed = Proposal<'unsealing' | 'deletion'>;

interface Asking {
  readonly by: MemberId;
  readonly freshApproval: ApprovalId;
  readonly nowMs: number;
  readonly via?: Via;
}

/** Asks a second child-safety member to approve one view of a picture. One request may wait. */
export async function askForUnsealing(
  records: Records,
  input: Asking & { readonly picture: PictureId },
): Promise<Result<ApprovalId, 'not-allowed' | 'unknown' | 'expired' | 'not-now'>> {
  const { picture: id, by } = input;
  // Checks the permission first, so that members without it don't learn which pictures exist.
  const allowed = await requireMember(records, by, 'evidence.reveal-sealed');
  if (!allowed.ok) return allowed;
  const picture = await records.pictures.get(id);
  if (picture === null) return refused('unknown');
  const opened = await openFor(records, picture.case, by, 'evidence.reveal-sealed');
  if (!opened.ok) return opened;
  if (opened.value.of.lane === 'normal') return refused('not-now');
  if (picture.shreddedAtMs !== null) return refused('expired');
  const asked = (await waitingOf(records, 'unsealing')).find(
    (one) => one.by === by && one.proposal.picture === id,
  );
  if (asked !== undefined) return ok(asked.id);
  return ok(await propose(records, input, { of: 'unsealing', case: picture.case, picture: id }));
}

/** Asks a second child-safety member to approve destroying evidence. One request may wait. */
export async function askForDeletion(
  records: Records,
  input: Asking & { readonly case: CaseId },
): Promise<Result<ApprovalId, DeletionRefusal | 'not-allowed' | 'unknown'>> {
  const { case: id, by } = input;
  const opened = await openFor(records, id, by, 'evidence.delete-early');
  if (!opened.ok) return opened;
  const { of } = opened.value;
  const possible = await mayGo(records, of);
  if (!possible.ok) return possible;
  const asked = (await waitingOf(records, 'deletion')).find((one) => isDeletionOf(one, of));
  return ok(asked?.id ?? (await propose(records, input, { of: 'deletion', case: id })));
}

type DeletionRefusal = Extract<StepRefusal, 'not-now' | 'appeal-waits'>;

/** Returns a refusal while a deciding member or a waiting appeal needs the evidence. */
async function mayGo(records: Records, of: Case): Promise<Result<true, DeletionRefusal>> {
  if (!holdsSealed(of) || of.state !== 'closed') return refused('not-now');
  return (await isAppealed(records, of.id)) ? refused('appeal-waits') : ok(true);
}

/**
 * Returns whether the proposal to destroy evidence covers all evidence that the case has now. A
 * newer decision may be based on evidence that the proposer didn't know.
 */
export function isDeletionOf({ proposal, atMs }: StoredApproval, of: Case): boolean {
  return (
    proposal.of === 'deletion' &&
    proposal.case === of.id &&
    of.state === 'closed' &&
    of.atMs <= atMs
  );
}

async function propose(
  records: Records,
  { by, freshApproval, nowMs, via }: Asking,
  proposal: OfSealed,
): Promise<ApprovalId> {
  const act = proposal.of === 'unsealing' ? 'unsealing' : 'early-deletion';
  await records.approvals.put({
    id: freshApproval,
    act,
    by,
    atMs: nowMs,
    state: 'waiting',
    proposal,
    ...(via !== undefined && { via }),
  });
  const action = proposal.of === 'unsealing' ? 'unsealing.ask' : 'deletion.ask';
  const details = { approval: freshApproval, ...pictureIn(proposal) };
  await appendAudit(records, { by, nowMs }, action, proposal.case, details);
  return freshApproval;
}

function pictureIn(proposal: OfSealed): AuditEntry['details'] {
  return proposal.of === 'unsealing' ? { picture: proposal.picture } : {};
}

interface Agreed {
  readonly approval: StoredApproval;
  readonly by: MemberId;
  readonly of: Case | null;
  readonly nowMs: number;
}

/** Allows the member who asked to view the sealed picture once within `UNSEALED_MS`. */
export async function unsealPicture(
  records: Records,
  proposal: Proposal<'unsealing'>,
  { approval, by, nowMs }: Agreed,
): Promise<Result<null, 'expired'>> {
  const picture = await records.pictures.get(proposal.picture);
  if (picture === null || picture.shreddedAtMs !== null) return refused('expired');
  const unsealed = { for: approval.by, untilMs: nowMs + UNSEALED_MS };
  await records.pictures.put({ ...picture, unsealed });
  const details = { approval: approval.id, picture: picture.id };
  await appendAudit(records, { by, nowMs }, 'unsealing.allow', proposal.case, details);
  return ok(null);
}

export async function deleteSealed(
  records: Records,
  _: Proposal<'deletion'>,
  { approval, by, of, nowMs }: Agreed,
): Promise<Result<null, DeletionRefusal>> {
  if (of === null || !isDeletionOf(approval, of)) return refused('not-now');
  const possible = await mayGo(records, of);
  if (!possible.ok) return possible;
  const reports = await reportsOf(records, of.id);
  const pictures = (await picturesOf(records, of.id)).filter((one) => one.shreddedAtMs === null);
  for (const { id } of reports) {
    await records.words.destroyKey('report', id);
    await destroyPicturesOf(records, id, nowMs);
  }
  await records.cases.put({ ...of, shreddedAtMs: nowMs });
  const details = { approval: approval.id, reports: reports.length, pictures: pictures.length };
  await appendAudit(records, { by, nowMs }, 'deletion.done', of.id, details);
  return ok(null);
}

type WaitingFor<Of extends OfSealed['of']> = StoredApproval & { readonly proposal: Proposal<Of> };

export async function waitingOf<Of extends OfSealed['of']>(
  records: Records,
  of: Of,
): Promise<readonly WaitingFor<Of>[]> {
  const waiting = await records.approvals.find({ state: 'waiting' }, { limit: QUEUE_SHOWN_MAX });
  return waiting.filter((one): one is WaitingFor<Of> => one.proposal.of === of);
}

export interface DueCase {
  readonly of: Case;
  readonly untilMs: number;
}

/**
 * Returns the cases whose sealed evidence two members may now destroy. The case
 * whose evidence could be destroyed first comes first.
 */
export async function readDueSealed(
  records: Records,
  { by, nowMs }: { readonly by: MemberId; readonly nowMs: number },
): Promise<Result<readonly DueCase[], 'not-allowed'>> {
  const allowed = await requireMember(records, by, 'evidence.delete-early');
  if (!allowed.ok) return allowed;
  const closed = await records.cases.find(
    { lane: 'child-safety', state: 'closed' },
    { limit: QUEUE_ORDERED_MAX },
  );
  const due: DueCase[] = [];
  for (const of of closed) {
    const untilMs = sealedUntilMs(of);
    if (holdsSealed(of) && untilMs !== null && untilMs <= nowMs) due.push({ of, untilMs });
  }
  due.sort((a, b) => a.untilMs - b.untilMs);
  due.sort((a, b) => a.untilMs - b.untilMs);
  return ok(due.slice(0, QUEUE_SHOWN_MAX));
}
