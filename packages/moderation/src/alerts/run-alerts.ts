import type { MemberId } from '@farandole/accounts/ids';
import type { Case } from '../cases/case-machine.ts';
import { firstListed } from '../cases/queue.ts';
import { FOLDED_PINNED } from '../cases/queue-place.ts';
import type { CaseId } from '../ids.ts';
import { QUEUES } from '../reports/queue-name.ts';
import { ruleOfReason } from '../reports/reason.ts';
import { dueAtMsOf, isPinned } from '../reports/triage.ts';
import { countUnopenable } from '../service/counts.ts';
import { readAll } from '../store/read-all.ts';
import type { Records } from '../store/records.ts';
import {
  type AlertEnd,
  type AlertMessage,
  type AlertState,
  type AlertToSend,
  type CaseClass,
  type FaultKind,
  isCaseAlert,
  isOpen,
  withAlerts,
} from './alert.ts';
import { type AlertSettings, forgetFormerMembers } from './alert-settings.ts';
import { keepAlerts, readAlertState } from './alert-state.ts';
import {
  ALERT_AUDIT_READ,
  ALERT_CASES_READ,
  ALERT_FOLDED_READ,
  ALERT_REPORTS_READ,
  APPEAL_LATE_MS,
} from './limits.ts';
import type { HeldCase } from './recount.ts';
import {
  type AlertStep,
  casesToRecount,
  isNews,
  type NewCase,
  type SeenCase,
  stepAlerts,
} from './step-alerts.ts';

export interface AlertRun {
  readonly send: readonly AlertToSend[];
  /** Messages that were given up now, because no node has their channel. */
  readonly untaken: readonly AlertMessage[];
  readonly state: AlertState;
  readonly settings: AlertSettings;
}

/**
 * Looks for cases and faults that wake a member. Of several nodes that run this at once, one gets
 * each message.
 */
export async function runAlerts(
  records: Records,
  input: Pick<AlertStep, 'nowMs' | 'source' | 'faults' | 'channels' | 'settled' | 'earlier'>,
): Promise<AlertRun> {
  const { nowMs } = input;
  const before = await readAlertState(records);
  const settings = await forgetFormerMembers(records, nowMs);
  const cases: NewCase[] = [];
  const pressing = await pressingCases(records, nowMs);
  for (const one of pressing) {
    if (!isNews(before, one)) continue;
    cases.push({ ...one, network: await soleNetworkOf(records, one.id) });
  }
  const faults = [...input.faults, ...(await faultsOfStore(records, nowMs))];
  const ends = await endsOf(records, before, nowMs);
  const asked = casesToRecount(before, { nowMs, rules: settings });
  const held = await heldCases(records, asked, pressing, nowMs);
  const step = { ...input, faults, cases, held, ends, rules: settings };
  const { state, send, untaken } = stepAlerts(before, step);
  if (state !== before) await keepAlerts(records, state, nowMs);
  return { send: withAlerts(send, state), untaken, state, settings };
}

async function faultsOfStore(records: Records, nowMs: number): Promise<readonly FaultKind[]> {
  const late = { state: 'waiting', atMs: { to: nowMs - APPEAL_LATE_MS } } as const;
  return [
    ...((await countUnopenable(records)) > 0 ? (['sealed-unopenable'] as const) : []),
    ...((await records.appeals.count(late)) > 0 ? (['late-appeals'] as const) : []),
  ];
}

/** Returns the waiting cases that are pinned or late, each queue's most urgent ones. */
async function pressingCases(records: Records, nowMs: number): Promise<readonly SeenCase[]> {
  const listed = await firstListed(records, QUEUES, ALERT_CASES_READ);
  const folded = await records.cases.find(
    { place: FOLDED_PINNED },
    { limit: ALERT_FOLDED_READ, orderBy: 'place' },
  );
  return [...listed, ...folded]
    .filter((of) => isUnattended(of, nowMs))
    .map((of) => ({
      id: of.id,
      reports: of.reports,
      isPinned: isPinned(of),
      isLate: dueAtMsOf(of) <= nowMs,
      class: classOf(of),
    }))
    .filter((one) => one.isPinned || one.isLate);
}

/** Returns what became of the asked cases, and of those that wait and are pinned or late. */
async function heldCases(
  records: Records,
  asked: readonly CaseId[],
  pressing: readonly SeenCase[],
  nowMs: number,
): Promise<ReadonlyMap<CaseId, HeldCase>> {
  const held = new Map(
    pressing.map((one): [CaseId, HeldCase] => [one.id, { is: 'waiting', class: one.class }]),
  );
  const others = asked.filter((id) => !held.has(id));
  const cases = await readAll(records.cases, others);
  for (const id of others) held.set(id, stateOf(cases.get(id), nowMs));
  return held;
}

function stateOf(of: Case | undefined, nowMs: number): HeldCase {
  if (of === undefined || of.state === 'closed') return { is: 'closed' };
  return isUnattended(of, nowMs) ? { is: 'waiting', class: classOf(of) } : { is: 'attended' };
}

/** Returns whether no member has the case, and no proposal about it waits for an answer. */
function isUnattended(of: Case, nowMs: number): boolean {
  if (of.state === 'assigned') return of.untilMs <= nowMs;
  return of.state !== 'escalated' || of.approval === null;
}

function classOf(of: Case): CaseClass {
  if (of.lane === 'child-safety') return 'child-safety';
  const isDanger = of.reasons.some(({ reason }) => ruleOfReason(reason).pinned);
  if (of.imminent || isDanger) return 'danger';
  return of.crowded === true ? 'many-reports' : 'other';
}

/** Returns the network of a case's reporters if all are unproven users of one, otherwise null. */
async function soleNetworkOf(records: Records, id: CaseId): Promise<string | null> {
  const options = { limit: ALERT_REPORTS_READ, newestFirst: true };
  const reports = await records.reports.find({ case: id }, options);
  const networks = new Set(reports.map(({ from }) => from?.network));
  const [network] = networks;
  const isProven = reports.some(({ byProven }) => byProven === true);
  return isProven || networks.size !== 1 ? null : (network ?? null);
}

/** Returns the ends of the open alerts whose cases a member opened or decided. */
async function endsOf(
  records: Records,
  { alerts }: AlertState,
  nowMs: number,
): Promise<ReadonlyMap<string, AlertEnd>> {
  const ends = new Map<string, AlertEnd>();
  const open = alerts.filter((alert) => isOpen(alert) && isCaseAlert(alert.kind));
  if (open.length === 0) return ends;
  const named = open.flatMap(({ cases }) => cases);
  const cases = await readAll(records.cases, named);
  const acts = new Map<CaseId, Awaited<ReturnType<Records['audit']['of']>>>();
  for (const id of new Set(named)) acts.set(id, await records.audit.of(id, ALERT_AUDIT_READ));
  for (const alert of open) {
    const act = alert.cases
      .flatMap((id) => acts.get(id) ?? [])
      .find(({ by, atMs }) => atMs >= alert.atMs && isByMember(by));
    const isAll = alert.count === alert.cases.length;
    const areOver = alert.cases.every((id) => (cases.get(id)?.state ?? 'closed') === 'closed');
    if (act !== undefined) {
      const by = act.by as MemberId;
      ends.set(alert.id, { how: 'acknowledged', by, atMs: act.atMs });
    } else if (isAll && areOver) ends.set(alert.id, { how: 'over', atMs: nowMs });
  }
  return ends;
}

function isByMember(by: string): boolean {
  return !['software', 'subject', 'operator'].includes(by);
}
