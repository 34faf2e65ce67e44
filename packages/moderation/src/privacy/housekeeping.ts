import { removeLapsedSignIns } from '@farandole/accounts/own-sign-in';
import { removeAppealsAgainst, removeOldShared } from '../appeals/old-appeals.ts';
import { moveCase } from '../cases/case-machine.ts';
import { reportsOf, sanctionsOf } from '../cases/lookup.ts';
import { finishErasure } from '../cases/pending-erasure.ts';
import { isSuspended } from '../cases/suspension.ts';
import { destroyDuePictures, removePicturesOf } from '../evidence/pictures.ts';
import { holdsSealed } from '../evidence/sealed.ts';
import { NO_NETWORK } from '../ids.ts';
import {
  APPROVAL_KEPT_MS,
  CASE_KEPT_MS,
  HOUSEKEEPING_BATCH_MAX,
  PERSON_KEPT_MS,
  RESTRICTIONS_MAX,
  UNDO_MS,
} from '../limits.ts';
import { isActive } from '../sanctions/sanction.ts';
import type { Records } from '../store/records.ts';
import { removeErased, removeOldAnchors } from '../trust/anchors.ts';
import { removeOldPairs } from '../trust/pairs.ts';

/** Results of one turn; `more` if work remains. */
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
  /** Users whose remaining data was removed after an erasure. */
  readonly erasedRemoved: number;
  readonly approvalsRemoved: number;
  readonly sharedAppealsRemoved: number;
  readonly networksForgotten: number;
  readonly more: boolean;
}

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
  // These run every minute and decide nothing, so they aren't audited.
  const passed = {
    auditPruned,
    signInsLapsed,
    pairsRemoved: await removeOldPairs(records, nowMs, limit),
    anchorsRemoved: await removeOldAnchors(records, nowMs, limit),
    erasedRemoved: await removeErased(records, nowMs, limit),
    approvalsRemoved: await removeOldApprovals(records, nowMs, limit),
    sharedAppealsRemoved: await removeOldShared(records, nowMs, limit),
    networksForgotten: await forgetNetworks(records, nowMs, limit),
  };
  const counts = [lapsed, ...Object.values(gone), ...Object.values(passed)];
  if (Object.values(gone).some((count) => count > 0)) {
    await records.audit.append({
      by: 'software',
      action: 'retention',
      about: 'retention',
      atMs: nowMs,
      details: gone,
    });
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
    await records.audit.append({
      by: 'software',
      action: 'case.lapse',
      about: before.id,
      atMs: nowMs,
      details: {},
    });
    count += 1;
  }
  return count;
}

/** Removes old closed cases with their data, unless a sanction is active or evidence sealed. */
async function removeCases(records: Records, nowMs: number, limit: number): Promise<number> {
  const old = { state: { oneOf: ['closed', 'open'] }, atMs: { to: nowMs - CASE_KEPT_MS } } as const;
  let count = 0;
  // Scans all, since cases with endless sanctions stay and may exceed the limit.
  for (const of of await records.cases.find(old, { limit: RESTRICTIONS_MAX })) {
    if (count >= limit) break;
    // A possible minor's evidence never expires.
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

/** Removes approvals answered long ago; the audit keeps who did what. */
async function removeOldApprovals(records: Records, nowMs: number, limit: number): Promise<number> {
  const answered = ['approved', 'declined', 'withdrawn'] as const;
  const old = { state: { oneOf: answered }, atMs: { to: nowMs - APPROVAL_KEPT_MS } };
  const gone = await records.approvals.find(old, { limit });
  for (const { id } of gone) await records.approvals.remove(id);
  return gone.length;
}

/** Removes a sanction's network when it has ended and can't be restored by an undo. */
async function forgetNetworks(records: Records, nowMs: number, limit: number): Promise<number> {
  const over = { namesNetwork: 1, holdsUntilMs: { to: nowMs - UNDO_MS } };
  const ended = await records.sanctions.find(over, { limit });
  for (const sanction of ended) {
    if (sanction.on.scope !== 'prefix') continue;
    await records.sanctions.put({ ...sanction, on: { ...sanction.on, prefix: NO_NETWORK } });
  }
  return ended.length;
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
