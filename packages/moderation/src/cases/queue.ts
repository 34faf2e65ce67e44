import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { may, type Role } from '@farandole/accounts/roles';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { CaseId, FoldId } from '../ids.ts';
import { PROPOSAL_PINNED_MS, QUEUE_ORDERED_MAX, QUEUE_PAGE } from '../limits.ts';
import {
  actionInQueue,
  QUEUE_FILTERS,
  QUEUES,
  type QueueFilter,
  type QueueName,
} from '../reports/queue-name.ts';
import {
  compareKeys,
  type Priority,
  priorityOf,
  type QueueKey,
  queueKey,
  turnOf,
  withUnproven,
} from '../reports/triage.ts';
import { readAll } from '../store/read-all.ts';
import type { Records } from '../store/records.ts';
import { metLastHour } from '../trust/pairs.ts';
import { firstTrust, trustAt } from '../trust/trust.ts';
import { type Case, holds } from './case-machine.ts';
import { type QueueCursor, readCursor, type SourceMark, writeCursor } from './queue-cursor.ts';
import { FOLDED, LISTED, placeOf } from './queue-place.ts';
import { type FoldedCrowd, type Found, readWindows, type Window } from './queue-sources.ts';

export interface QueuedCase {
  readonly of: Case;
  readonly priority: Priority;
  /** The fold that the row stands for; `of` is then its first case. Null for a single case. */
  readonly crowd: FoldedCrowd | null;
}

export interface QueuePage {
  /** At most `QUEUE_PAGE` rows, most urgent first. */
  readonly rows: readonly QueuedCase[];
  /** Opaque cursor of the next page. Null on the last page. */
  readonly next: string | null;
  /** The fold whose cases the page shows. Null on pages of the queue, and if the fold is empty. */
  readonly crowd: FoldedCrowd | null;
}

export interface QueueInput {
  readonly by: MemberId;
  readonly nowMs: number;
  readonly show?: QueueFilter;
  /** A fold whose cases the page shows instead of the queue. */
  readonly fold?: FoldId;
  /** `next` of the previous page. Absent for the first page. */
  readonly after?: string;
}

/** Turn of a network's fold: the queue shows it with the second cases of networks (MO-144). */
const FOLD_TURN = 2;

interface Row extends QueuedCase {
  readonly window: Window;
  readonly key: QueueKey;
}

/** Returns a page of the waiting cases that this member may see. */
export async function readQueue(
  records: Records,
  { by, nowMs, show = 'all', fold, after }: QueueInput,
): Promise<Result<QueuePage, 'not-allowed' | 'malformed'>> {
  const allowed = await requireMember(records, by, 'queue.read');
  if (!allowed.ok) return allowed;
  const cursor = after === undefined ? { atMs: nowMs, marks: {} } : readCursor(after);
  if (cursor === null || !QUEUE_FILTERS.includes(show)) return refused('malformed');
  const lanes = queuesOf(allowed.value.roles);
  if (fold !== undefined) {
    if (!lanes.includes('normal')) return ok({ rows: [], next: null, crowd: null });
    return ok(await readFold(records, fold, cursor));
  }
  const awaited = await longAwaited(records, lanes, cursor.atMs);
  const windows =
    show === 'mine'
      ? [windowOf('mine', await readOwn(records, lanes, by, nowMs), cursor.marks)]
      : [
          windowOf('awaited', [...awaited.values()], cursor.marks),
          ...(await readWindows(records, lanes, cursor.marks)),
        ];
  const isShown = (of: Case, { name }: Window): boolean =>
    (name === 'awaited' || !awaited.has(of.id)) && (show !== 'free' || isFree(of, by, nowMs));
  const found = windows.flatMap((window) =>
    window.found.filter(({ of }) => isShown(of, window)).map((one) => ({ ...one, window })),
  );
  const priced = await withPriorities(records, found, cursor.atMs);
  const rows = priced
    .map(({ window, ...row }): Row => {
      const { of, crowd } = row;
      const isPinned = row.priority.pinned || (awaited.has(of.id) && crowd === null);
      const priority = { ...row.priority, pinned: isPinned };
      const turn = crowd === null ? turnOf(of) : FOLD_TURN;
      return { ...row, priority, window, key: queueKey(of, priority, turn) };
    })
    .filter(({ key, window: { mark } }) => !mark.after || compareKeys(key, mark.after) > 0)
    .toSorted((a, b) => compareKeys(a.key, b.key));
  return ok(pageOf(windows, withUnproven(rows), cursor));
}

/** Returns the next page of the ordered rows. Its cursor says how much of each window is shown. */
function pageOf(
  windows: readonly Window[],
  ordered: readonly Row[],
  { atMs }: QueueCursor,
): QueuePage {
  const left = new Map(windows.map((window) => [window, 0]));
  for (const { window } of ordered) left.set(window, (left.get(window) ?? 0) + 1);
  const lastKey = new Map<Window, QueueKey>();
  const rows: QueuedCase[] = [];
  for (const { window, key, of, priority, crowd } of ordered) {
    rows.push({ of, priority, crowd });
    lastKey.set(window, key);
    const after = (left.get(window) ?? 0) - 1;
    left.set(window, after);
    // Ends the page early at the end of a window, so that the next window's cases come next.
    if (rows.length >= QUEUE_PAGE || (after === 0 && window.endsAt !== null)) break;
  }
  const hasMore = windows.some((window) => window.endsAt !== null || (left.get(window) ?? 0) > 0);
  const marks = windows.map((window): [string, SourceMark] => {
    if (left.get(window) === 0 && window.endsAt !== null)
      return [window.name, { from: window.endsAt }];
    const { from, after: before } = window.mark;
    const after = lastKey.get(window) ?? before;
    return [
      window.name,
      {
        ...(from !== undefined && { from }),
        ...(window.endsAt !== null && { to: window.endsAt }),
        ...(after !== undefined && { after }),
      },
    ];
  });
  const next = hasMore ? writeCursor({ atMs, marks: Object.fromEntries(marks) }) : null;
  return { rows, next, crowd: null };
}

/** Returns a page of a fold's cases: worst reason first, then one case per device in turn. */
async function readFold(records: Records, fold: FoldId, cursor: QueueCursor): Promise<QueuePage> {
  const { atMs, marks } = cursor;
  const from = marks['fold']?.from;
  const place = { from: from ?? FOLDED.from, to: FOLDED.to };
  // Also reads the last case of the previous page, and the first case of the next page.
  const options = { limit: QUEUE_PAGE + 2, orderBy: 'place' } as const;
  const cases = (await records.cases.find({ fold, place }, options)).filter(
    (of) => placeOf(of) !== from,
  );
  const shown = cases.slice(0, QUEUE_PAGE);
  const rows = await withPriorities(
    records,
    shown.map((of) => ({ of, crowd: null })),
    atMs,
  );
  const last = shown.at(-1);
  const end = last === undefined || cases.length <= QUEUE_PAGE ? null : placeOf(last);
  const next = end === null ? null : writeCursor({ atMs, marks: { fold: { from: end } } });
  const [whole] = await records.folds.waiting({ ...FOLDED, fold, limit: 1 });
  return { rows, next, crowd: whole === undefined ? null : { fold, reports: whole.reports } };
}

async function withPriorities<Of extends Found>(
  records: Records,
  found: readonly Of[],
  nowMs: number,
): Promise<readonly (Of & { readonly priority: Priority })[]> {
  const subjects = found.map(({ of }) => of.subject);
  const met = await metLastHour(records, subjects, nowMs);
  const people = await readAll(records.people, subjects);
  return found.map((row) => {
    const { subject } = row.of;
    const trust = people.get(subject)?.trust ?? firstTrust(false, nowMs);
    const now = { trust: trustAt(trust, nowMs), metLastHour: met(subject) };
    return { ...row, priority: priorityOf(row.of, now, nowMs) };
  });
}

/** Returns a window with all cases of a source. No window follows it. */
function windowOf(name: string, cases: readonly Case[], marks: QueueCursor['marks']): Window {
  const found = cases.map((of) => ({ of, crowd: null }));
  return { name, found, mark: marks[name] ?? {}, endsAt: null };
}

async function readOwn(
  records: Records,
  lanes: readonly QueueName[],
  by: MemberId,
  nowMs: number,
): Promise<readonly Case[]> {
  if (lanes.length === 0) return [];
  const asked = { lane: { oneOf: lanes }, state: 'assigned' } as const;
  const assigned = await records.cases.find(asked, { limit: QUEUE_ORDERED_MAX });
  return assigned.filter((of) => holds(of, by, nowMs));
}

/** Returns whether the member may take the case now. */
function isFree(of: Case, by: MemberId, nowMs: number): boolean {
  const isHeld = of.state === 'assigned' && nowMs < of.untilMs;
  const isAwaited = of.state === 'escalated' && of.approval !== null;
  return !isHeld && !isAwaited && of.handedOn?.by !== by;
}

/** Returns the cases whose proposal has waited for so long that the suspension will end soon. */
async function longAwaited(
  records: Records,
  lanes: readonly QueueName[],
  nowMs: number,
): Promise<ReadonlyMap<CaseId, Case>> {
  const old = { state: 'waiting', atMs: { to: nowMs - PROPOSAL_PINNED_MS } } as const;
  const approvals = await records.approvals.find(old, { limit: QUEUE_ORDERED_MAX });
  const about = approvals.flatMap(({ proposal }) =>
    proposal.of === 'decision' ? [proposal.case] : [],
  );
  const cases = await readAll(records.cases, about);
  return new Map([...cases].filter(([, { lane }]) => lanes.includes(lane)));
}

export function queuesOf(roles: readonly Role[]): readonly QueueName[] {
  if (!may(roles, 'queue.read')) return [];
  return QUEUES.filter((lane) => may(roles, actionInQueue('read', lane)));
}

/** Returns the first listed (waiting, not folded) cases of each queue, at most `limit` of each. */
export async function firstListed(
  records: Records,
  lanes: readonly QueueName[],
  limit = QUEUE_ORDERED_MAX,
): Promise<readonly Case[]> {
  const found: Case[] = [];
  for (const lane of lanes) {
    const options = { limit, orderBy: 'place' } as const;
    found.push(...(await records.cases.find({ lane, place: LISTED }, options)));
  }
  return found;
}
