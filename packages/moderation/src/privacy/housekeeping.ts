import { removeLapsedSignIns } from '@farandole/accounts/own-sign-in';
import { appendAudit } from '@farandole/accounts/records';
import { forgetOldAuthors } from '../apart/forget-authors.ts';
import { removeOldRemovals } from '../apart/note-apart.ts';
import { removeAppealsAgainst, removeOldShared } from '../appeals/old-appeals.ts';
import { moveCase } from '../cases/case-machine.ts';
import { reportsOf, sanctionsOf } from '../cases/lookup.ts';
import { finishErasure } from '../cases/pending-erasure.ts';
import { isSuspended } from '../cases/suspension.ts';
import { destroyDuePictures, removePicturesOf } from '../evidence/pictures.ts';
import { holdsSealed } from '../evidence/sealed.ts';
import { NO_NETWORK } from '../ids.ts';
import {
  AGE_REFUSAL_KEPT_MS,
  ANCHOR_KEPT_MS,
  APPROVAL_KEPT_MS,
  CASE_KEPT_MS,
  HOUSEKEEPING_BATCH_MAX,
  PERSON_KEPT_MS,
  PUSH_KEPT_MS,
  RESTRICTIONS_MAX,
  UNDO_MS,
} from '../limits.ts';
import { isActive } from '../sanctions/sanction.ts';
import type { Records } from '../store/records.ts';
import { removeOld } from '../store/remove-old.ts';
import { removeErased, removeOldAnchors } from '../trust/anchors.ts';
import { removeOldPairs } from '../trust/pairs.ts';

/** Numbers of items that one housekeeping run removed. `more` is true if another run is needed. */
export interface Housekept {
  readonly lapsed: number;
  readonly shredded: number;
  readonly picturesShredded: number;
  readonly casesRemoved: number;
  readonly peopleRemoved: number;
  readonly auditPruned: number;
  readonly signInsLapsed: number;
  readonly pairsRemoved: number;
  readonly anchorsRemoved: number;
  /** Number of users whose remaining data was removed some time after their erasure request. */
  readonly erasedRemoved: number;
  readonly approvalsRemoved: number;
  readonly sharedAppealsRemoved: number;
  readonly networksForgotten: number;
  /** Number of reports from which the reporter's network was removed. */
  readonly reportersUnplaced: number;
  /** Number of blocks and reports whose author or network was forgotten. */
  readonly authorsForgotten: number;
  readonly ageRefusalsRemoved: number;
  /** Number of removals of blocks that all nodes have read. */
  readonly blockRemovalsRemoved: number;
  readonly pushesRemoved: number;
  readonly more: boolean;
}

/** The result on a node that leaves the housekeeping to another node. */
export const NOT_HOUSEKEPT: Housekept = {
  lapsed: 0,
  shredded: 0,
  picturesShredded: 0,
  casesRemoved: 0,
  peopleRemoved: 0,
  auditPruned: 0,
  signInsLapsed: 0,
  pairsRemoved: 0,
  anchorsRemoved: 0,
  erasedRemoved: 0,
  approvalsRemoved: 0,
  sharedAppealsRemoved: 0,
  networksForgotten: 0,
  reportersUnplaced: 0,
  authorsForgotten: 0,
  ageRefusalsRemoved: 0,
  blockRemovalsRemoved: 0,
  pushesRemoved: 0,
  more: false,
};

export async function passTime(
  records: Records,
  { nowMs }: { readonly nowMs: number },
): Promise<Housekept> {
  const limit = HOUSEKEEPING_BATCH_MAX;
  const lapsed = await lapse(records, nowMs, limit);
  const shredded = await records.words.destroyDue(nowMs, limit);
  const picturesShredded = await destroyDuePictures(records, nowMs, limit);
  const casesRemoved = await removeCases(records, nowMs, limit);
  const peopleRemoved = await removePeople(records, nowMs, limit);
  const auditPruned = await records.audit.prune(nowMs - CASE_KEPT_MS, limit);
  const signInsLapsed = await removeLapsedSignIns(records, nowMs, limit);
  const gone = { shredded, picturesShredded, casesRemoved, peopleRemoved };
  // The audit log doesn't record these steps, because they run every minute and decide nothing.
  const passed = {
    auditPruned,
    signInsLapsed,
    pairsRemoved: await removeOldPairs(records, nowMs, limit),
    anchorsRemoved: await removeOldAnchors(records, nowMs, limit),
    erasedRemoved: await removeErased(records, nowMs, limit),
    approvalsRemoved: await removeOldApprovals(records, nowMs, limit),
    sharedAppealsRemoved: await removeOldShared(records, nowMs, limit),
    networksForgotten: await forgetNetworks(records, nowMs, limit),
    reportersUnplaced: await forgetReporterNetworks(records, nowMs, limit),
    authorsForgotten: await forgetOldAuthors(records, nowMs, limit),
    ageRefusalsRemoved: await removeOld(records.ageRefusals, nowMs - AGE_REFUSAL_KEPT_MS, limit),
    blockRemovalsRemoved: await removeOldRemovals(records, nowMs, limit),
    pushesRemoved: await removeOld(records.pushes, nowMs - PUSH_KEPT_MS, limit),
  };
  const counts = [lapsed, ...Object.values(gone), ...Object.values(passed)];
  if (Object.values(gone).some((count) => count > 0)) {
    await appendAudit(records, { by: 'software', nowMs }, 'retention', 'retention', gone);
  }
  const more = counts.some((count) => count >= limit);
  return { lapsed, ...gone, ...passed, more };
}

async function lapse(records: Records, nowMs: number, limit: number): Promise<number> {
  let count = 0;
  for (const before of await records.cases.find({ state: 'assigned' }, { limit })) {
    const moved = moveCase(before, { event: 'lapse' }, nowMs);
    if (!moved.ok) continue;
    await records.cases.put(moved.value);
    await appendAudit(records, { by: 'software', nowMs }, 'case.lapse', before.id);
    count += 1;
  }
  return count;
}

/**
 * Removes old cases that are closed or were never queued, except cases with an active sanction
 * or sealed evidence.
 */
async function removeCases(records: Records, nowMs: number, limit: number): Promise<number> {
  const old = { state: { oneOf: ['closed', 'open'] }, atMs: { to: nowMs - CASE_KEPT_MS } } as const;
  let count = 0;
  // Reads more rows than the limit, because cases with permanent sanctions stay and may themselves
  // be more than the limit.
  for (const of of await records.cases.find(old, { limit: RESTRICTIONS_MAX })) {
    if (count >= limit) break;
    // Keeps the case, because evidence about a possible minor never expires.
    if (holdsSealed(of)) continue;
    const { id, subject } = of;
    const decisions = await records.decisions.find({ case: id }, { limit: 100 });
    const sanctions = [];
    for (const decision of decisions) sanctions.push(...(await sanctionsOf(records, decision.id)));
    if (decisions.some(({ atMs }) => atMs > nowMs - CASE_KEPT_MS)) continue;
    if (sanctions.some((sanction) => isActive(sanction, nowMs))) continue;
    for (const sanction of sanctions) {
      await records.sanctions.remove(sanction.id);
    }
    for (const decision of decisions) {
      for (const strike of await records.strikes.find({ decision: decision.id }, { limit: 10 })) {
        await records.strikes.remove(strike.id);
      }
      await removeAppealsAgainst(records, decision.id);
      await records.words.destroyKey('decision', decision.id);
      await records.decisions.remove(decision.id);
    }
    await removePicturesOf(records, id);
    for (const report of await reportsOf(records, id)) {
      await records.words.destroyKey('report', report.id);
      await records.reports.remove(report.id);
    }
    await records.cases.remove(id);
    await finishErasure(records, subject, nowMs);
    count += 1;
  }
  return count;
}

/** Removes proposals that were answered long ago. The audit log still says who approved what. */
async function removeOldApprovals(records: Records, nowMs: number, limit: number): Promise<number> {
  const answered = ['approved', 'declined', 'withdrawn'] as const;
  const old = { state: { oneOf: answered }, atMs: { to: nowMs - APPROVAL_KEPT_MS } };
  const gone = await records.approvals.find(old, { limit });
  for (const { id } of gone) await records.approvals.remove(id);
  return gone.length;
}

/** Removes the network from sanctions that have ended and that an undo can no longer restore. */
async function forgetNetworks(records: Records, nowMs: number, limit: number): Promise<number> {
  const over = { namesNetwork: 1, holdsUntilMs: { to: nowMs - UNDO_MS } };
  const ended = await records.sanctions.find(over, { limit });
  for (const sanction of ended) {
    if (sanction.on.scope !== 'prefix') continue;
    await records.sanctions.put({ ...sanction, on: { ...sanction.on, prefix: NO_NETWORK } });
  }
  return ended.length;
}

/**
 * Removes the reporter's network and device from reports older than `ANCHOR_KEPT_MS`, the newest
 * of these first.
 */
async function forgetReporterNetworks(
  records: Records,
  nowMs: number,
  limit: number,
): Promise<number> {
  const old = { atMs: { to: nowMs - ANCHOR_KEPT_MS } };
  let count = 0;
  for (let skip = 0; ; skip += limit) {
    const reports = await records.reports.find(old, { limit, skip, newestFirst: true });
    const placed = reports.filter(
      ({ from, byDevice }) => from !== undefined || byDevice !== undefined,
    );
    for (const { from: _, byDevice: __, ...rest } of placed) await records.reports.put(rest);
    count += placed.length;
    // Stops here, because an earlier run removed the networks of older reports.
    if (placed.length < limit) return count;
  }
}

async function removePeople(records: Records, nowMs: number, limit: number): Promise<number> {
  const stale = await records.people.find({ atMs: { to: nowMs - PERSON_KEPT_MS } }, { limit });
  let count = 0;
  for (const { id, hold } of stale) {
    if (isSuspended(hold, nowMs)) continue;
    await records.people.remove(id);
    count += 1;
  }
  return count;
}
