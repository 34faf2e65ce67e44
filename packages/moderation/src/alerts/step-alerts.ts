import type { CaseId } from '../ids.ts';
import {
  ALERT_KINDS,
  type Alert,
  type AlertChannel,
  type AlertEnd,
  type AlertKind,
  type AlertMessage,
  type AlertState,
  CASE_ALERT_KINDS,
  type CaseAlertKind,
  type CaseClass,
  endAlerts,
  FAULT_KINDS,
  type FaultKind,
  isCaseAlert,
  isOpen,
  mayWait,
  type PendingAlerts,
  type ToldCase,
  worstOf,
} from './alert.ts';
import { dutyOrder, isQuiet, type QuietHours, type RotaEntry } from './duty.ts';
import {
  ALERT_CASES_NAMED,
  ALERT_EVERY_MS,
  ALERT_UNANSWERED_MS,
  ALERTS_KEPT,
  FAULT_RENEWED_MS,
  FAULT_STALE_MS,
  MESSAGE_CLAIMED_MS,
  MESSAGE_RETRY_MS,
  MESSAGE_RETRY_MS_MAX,
  MESSAGE_TRIES_MAX,
  MESSAGE_UNTAKEN_MS,
  MESSAGES_MAX,
  NETWORK_WAKES_EVERY_MS,
  PENDING_CASES_MAX,
  TOLD_CASES_KEPT_MS,
  TOLD_CASES_MAX,
  WOKEN_NETWORKS_MAX,
} from './limits.ts';
import { type HeldCase, recount } from './recount.ts';

/** Whom alerts wake, and when. */
export interface AlertRules {
  readonly rota: readonly RotaEntry[];
  readonly quiet: QuietHours | null;
  readonly zone: string;
}

/** A waiting case that is pinned or late. */
export interface SeenCase {
  readonly id: CaseId;
  readonly reports: number;
  readonly isPinned: boolean;
  readonly isLate: boolean;
  readonly class: CaseClass;
}

/** A case with the network of its reporters if all are unproven users of one; otherwise null. */
export interface NewCase extends SeenCase {
  readonly network: string | null;
}

export interface SettledMessage {
  readonly id: string;
  readonly isSent: boolean;
}

export interface AlertStep {
  readonly nowMs: number;
  /** Name of the node that runs the step. */
  readonly source: string;
  /** The faults that the node finds now. */
  readonly faults: readonly FaultKind[];
  /** The cases for which `isNews` is true. */
  readonly cases: readonly NewCase[];
  /** What became of the cases of `casesToRecount`. */
  readonly held: ReadonlyMap<CaseId, HeldCase>;
  /** Ends of open alerts by their ids: their cases were opened or decided. */
  readonly ends: ReadonlyMap<string, AlertEnd>;
  readonly rules: AlertRules;
  /** The channels that the operator has configured. */
  readonly channels: readonly AlertChannel[];
  readonly settled: readonly SettledMessage[];
  /** Alerts that the node sent while the store didn't answer, newest first. */
  readonly earlier: readonly Alert[];
}

export interface AlertsStepped {
  /** The same object as before if nothing changed. */
  readonly state: AlertState;
  /** The messages that the node must send now. No other node sends them meanwhile. */
  readonly send: readonly AlertMessage[];
  /** The messages that no node with their channel has taken, and that were given up now. */
  readonly untaken: readonly AlertMessage[];
}

/** Returns the cases of the held alerts that may be sent now. */
export function casesToRecount(
  state: AlertState,
  when: Pick<AlertStep, 'nowMs' | 'rules'>,
): readonly CaseId[] {
  const due = CASE_ALERT_KINDS.filter((kind) => mayBeSent(kind, state, when));
  return due.flatMap((kind) => state.pending[kind]?.cases ?? []);
}

/** Returns whether a case may have to be told: it is new, has more reports, or became late. */
export function isNews(
  { cases }: AlertState,
  { id, reports, isPinned, isLate }: SeenCase,
): boolean {
  const told = cases[id];
  if (told === undefined) return true;
  return (isLate && !told.late) || (isPinned && !told.woke && reports !== told.reports);
}

/** Decides what to tell, whom to wake and what to send. */
export function stepAlerts(before: AlertState, step: AlertStep): AlertsStepped {
  let state = settle(adopt(before, step), step);
  state = noteFaults(state, step);
  state = forget(noteCases(state, step), step);
  state = endAlerts(state, (alert) => endOf(alert, state, step));
  state = emit(state, step);
  state = escalate(state, step);
  return claim(state, step);
}

/** Keeps the alerts from before for the record. They are over, because the store answers. */
function adopt(state: AlertState, { earlier, nowMs }: AlertStep): AlertState {
  // A node gives them again if it got no answer.
  const news = earlier.filter(({ id }) => state.alerts.every((alert) => alert.id !== id));
  if (news.length === 0) return state;
  const over = news.map((alert) => ({
    ...alert,
    end: alert.end ?? ({ how: 'over', atMs: nowMs } as const),
  }));
  const alerts = [...over, ...state.alerts].slice(0, ALERTS_KEPT);
  return { ...state, revision: state.revision + 1, alerts };
}

function settle(state: AlertState, { settled, nowMs }: AlertStep): AlertState {
  const results = new Map(settled.map(({ id, isSent }) => [id, isSent]));
  if (!state.messages.some(({ id }) => results.has(id))) return state;
  const lost: AlertMessage[] = [];
  const messages = state.messages.flatMap((message): readonly AlertMessage[] => {
    const isSent = results.get(message.id);
    if (isSent === undefined) return [message];
    if (isSent) return [];
    const tries = message.tries + 1;
    if (tries < MESSAGE_TRIES_MAX) {
      const delayMs = Math.min(MESSAGE_RETRY_MS * 2 ** (tries - 1), MESSAGE_RETRY_MS_MAX);
      return [{ ...message, tries, dueMs: nowMs + delayMs }];
    }
    lost.push(message);
    return [];
  });
  return markUndelivered({ ...state, messages }, lost);
}

function markUndelivered(
  state: AlertState,
  lost: readonly AlertMessage[],
  mark: 'undelivered' | 'notSetUp' = 'undelivered',
): AlertState {
  if (lost.length === 0) return state;
  const alerts = state.alerts.map((alert): Alert => {
    const channels = lost.filter((one) => one.alert === alert.id).map(({ channel }) => channel);
    if (channels.length === 0) return alert;
    return { ...alert, [mark]: [...new Set([...(alert[mark] ?? []), ...channels])] };
  });
  return { ...state, revision: state.revision + 1, alerts };
}

/** Adds the node's new faults, renews the continuing ones and drops those that are over. */
function noteFaults(state: AlertState, { source, faults, nowMs }: AlertStep): AlertState {
  const known = new Map(
    state.faults.filter((one) => one.source === source).map((one) => [one.kind, one]),
  );
  const others = state.faults.filter(
    (one) => one.source !== source && nowMs - one.seenMs < FAULT_STALE_MS,
  );
  const own = [...new Set(faults)].map((kind) => {
    const earlier = known.get(kind);
    const isFresh = earlier !== undefined && nowMs - earlier.seenMs < FAULT_RENEWED_MS;
    return isFresh ? earlier : { source, kind, seenMs: nowMs };
  });
  const now = [...others, ...own];
  const isSame =
    now.length === state.faults.length && now.every((one) => state.faults.includes(one));
  if (isSame) return state;
  let pending = state.pending;
  for (const kind of FAULT_KINDS) {
    const isNew = faults.includes(kind) && !known.has(kind);
    const isOver = !now.some((one) => one.kind === kind);
    // Further nodes are counted until the alert about the fault is sent.
    const isTold = pending[kind] === undefined && others.some((one) => one.kind === kind);
    if (isNew && !isTold) pending = { ...pending, [kind]: added(pending[kind], 1, [], null) };
    else if (isOver && pending[kind] !== undefined) pending = without(pending, kind);
  }
  return { ...state, faults: now, pending };
}

function noteCases(state: AlertState, { cases, nowMs }: AlertStep): AlertState {
  const news = cases.filter((one) => isNews(state, one));
  if (news.length === 0) return state;
  let { pending } = state;
  const told: Record<CaseId, ToldCase> = { ...state.cases };
  const networks: Record<string, number> = { ...state.networks };
  const tell = (kind: CaseAlertKind, { id, class: of }: NewCase): void => {
    pending = { ...pending, [kind]: added(pending[kind], 1, [id], of) };
  };
  for (const one of news) {
    const { id, reports, network, isPinned, isLate } = one;
    const earlier = told[id];
    let woke = earlier?.woke ?? false;
    if (isPinned && !woke) {
      const lastMs = network === null ? undefined : networks[network];
      woke = lastMs === undefined || hasPassed(lastMs, NETWORK_WAKES_EVERY_MS, nowMs);
      if (woke && network !== null) networks[network] = nowMs;
      if (woke) tell('pinned-case', one);
    }
    const isNewlyLate = isLate && earlier?.late !== true;
    // A pinned case that woke no member wakes none when it is late, or a network could wake members
    // again an hour after its first case.
    const isSilent = isPinned && !woke;
    if (isNewlyLate && !isSilent) tell(isPinned ? 'late-pinned-case' : 'late-case', one);
    const late = isLate || earlier?.late === true;
    told[id] = { atMs: earlier?.atMs ?? nowMs, reports, woke, late };
  }
  return { ...state, pending, cases: told, networks };
}

/** Forgets cases and networks that are old or too many. */
function forget(state: AlertState, { nowMs }: AlertStep): AlertState {
  const caseMs = nowMs - TOLD_CASES_KEPT_MS;
  const cases = newest(state.cases, ({ atMs }) => atMs, caseMs, TOLD_CASES_MAX);
  const networkMs = nowMs - NETWORK_WAKES_EVERY_MS;
  const networks = newest(state.networks, (atMs) => atMs, networkMs, WOKEN_NETWORKS_MAX);
  const isSame = cases === state.cases && networks === state.networks;
  return isSame ? state : { ...state, cases, networks };
}

/** Keeps at most `max` entries of a record, the newest ones, and none from before a time. */
function newest<Value>(
  of: Readonly<Record<string, Value>>,
  atMsOf: (value: Value) => number,
  fromMs: number,
  max: number,
): Readonly<Record<string, Value>> {
  const all = Object.entries(of);
  const kept = all.filter(([, value]) => atMsOf(value) > fromMs);
  if (kept.length === all.length && all.length <= max) return of;
  kept.sort(([, a], [, b]) => atMsOf(b) - atMsOf(a));
  return Object.fromEntries(kept.slice(0, max));
}

function endOf({ id, kind }: Alert, state: AlertState, step: AlertStep): AlertEnd | null {
  if (isCaseAlert(kind)) return step.ends.get(id) ?? null;
  const isOn = state.faults.some((fault) => fault.kind === kind);
  return isOn ? null : { how: 'over', atMs: step.nowMs };
}

/** Returns whether neither the last alert of a kind nor quiet hours hold back the next one. */
function mayBeSent(
  kind: AlertKind,
  { sentMs }: AlertState,
  { nowMs, rules }: Pick<AlertStep, 'nowMs' | 'rules'>,
): boolean {
  const lastMs = sentMs[kind] ?? Number.NEGATIVE_INFINITY;
  if (!hasPassed(lastMs, ALERT_EVERY_MS, nowMs)) return false;
  return !(mayWait(kind) && isQuiet(rules.quiet, rules.zone, nowMs));
}

/** Sends what waits, at most once per kind in `ALERT_EVERY_MS`. */
function emit(before: AlertState, step: AlertStep): AlertState {
  const { nowMs } = step;
  let state = before;
  for (const kind of ALERT_KINDS) {
    const held = state.pending[kind];
    if (held === undefined || !mayBeSent(kind, state, step)) continue;
    const { now, later } = isCaseAlert(kind)
      ? recount(held, step.held)
      : { now: held, later: null };
    if (later === held) continue;
    const rest = without(state.pending, kind);
    state = { ...state, pending: later === null ? rest : { ...rest, [kind]: later } };
    if (now === null) continue;
    const number = state.lastId + 1;
    const alert: Alert = {
      id: `alert-${String(number).padStart(4, '0')}`,
      ...{ kind, atMs: nowMs, count: now.count, cases: now.cases.slice(0, ALERT_CASES_NAMED) },
      ...{ class: now.class, woken: [], end: null },
    };
    state = {
      ...state,
      revision: state.revision + 1,
      lastId: number,
      alerts: [alert, ...state.alerts].slice(0, ALERTS_KEPT),
      sentMs: { ...state.sentMs, [kind]: nowMs },
    };
    state = wakeNext(state, alert, step);
  }
  return state;
}

/** Wakes the next member for each alert that no member answered for `ALERT_UNANSWERED_MS`. */
function escalate(before: AlertState, step: AlertStep): AlertState {
  const { nowMs, rules } = step;
  const isHeld = isQuiet(rules.quiet, rules.zone, nowMs);
  let state = before;
  for (const alert of state.alerts) {
    const last = alert.woken.at(-1);
    if (!isOpen(alert) || last === undefined || (isHeld && mayWait(alert.kind))) continue;
    if (hasPassed(last.atMs, ALERT_UNANSWERED_MS, nowMs)) state = wakeNext(state, alert, step);
  }
  return state;
}

/**
 * Wakes the first member of the rota whom the alert hasn't woken. Without a rota, only the webhook
 * is called, once.
 */
function wakeNext(state: AlertState, alert: Alert, step: AlertStep): AlertState {
  const { nowMs, rules, channels } = step;
  const woken = new Set(alert.woken.map(({ member }) => member));
  const next = dutyOrder(rules.rota, rules.zone, nowMs).find(({ member }) => !woken.has(member));
  if (next === undefined && alert.woken.length > 0) return state;
  const count = alert.woken.length;
  const message = (channel: AlertChannel, to: string | null): AlertMessage => ({
    id: `${alert.id}-${count}-${channel}`,
    ...{ alert: alert.id, channel, to, step: count, tries: 0, dueMs: nowMs },
  });
  const messages = [...state.messages];
  if (channels.includes('webhook')) messages.push(message('webhook', null));
  const mail = next?.mail ?? '';
  if (channels.includes('mail') && mail !== '') messages.push(message('mail', mail));
  const change = next === undefined ? [] : [{ member: next.member, atMs: nowMs }];
  const alerts = state.alerts.map((one) =>
    one.id === alert.id ? { ...one, woken: [...one.woken, ...change] } : one,
  );
  const lost = messages.slice(0, Math.max(0, messages.length - MESSAGES_MAX));
  const kept = messages.slice(-MESSAGES_MAX);
  return markUndelivered({ ...state, revision: state.revision + 1, alerts, messages: kept }, lost);
}

/**
 * Takes the due messages of the node's channels, which then aren't due for `MESSAGE_CLAIMED_MS`.
 * Gives up those of other channels that no node has taken.
 */
function claim(before: AlertState, { nowMs, channels }: AlertStep): AlertsStepped {
  const kept = new Set(before.alerts.map(({ id }) => id));
  const isDue = ({ channel, dueMs }: AlertMessage): boolean =>
    channels.includes(channel) && (dueMs <= nowMs || dueMs > nowMs + MESSAGE_RETRY_MS_MAX);
  const isUntaken = ({ channel, dueMs }: AlertMessage): boolean =>
    !channels.includes(channel) && nowMs - dueMs >= MESSAGE_UNTAKEN_MS;
  const wanted = before.messages.filter(({ alert }) => kept.has(alert));
  const [send, untaken] = [wanted.filter(isDue), wanted.filter(isUntaken)];
  if (send.length + untaken.length === 0 && wanted.length === before.messages.length) {
    return { state: before, send, untaken };
  }
  const dueMs = nowMs + MESSAGE_CLAIMED_MS;
  const messages = wanted
    .filter((one) => !isUntaken(one))
    .map((one) => (isDue(one) ? { ...one, dueMs } : one));
  const state = markUndelivered({ ...before, messages }, untaken, 'notSetUp');
  return { state, send, untaken };
}

/**
 * Whether a time passed since a date. A date as far ahead is from a node with a wrong clock, and
 * must not hold back alerts until then.
 */
function hasPassed(sinceMs: number, ms: number, nowMs: number): boolean {
  return Math.abs(nowMs - sinceMs) >= ms;
}

function added(
  before: PendingAlerts | undefined,
  count: number,
  cases: readonly CaseId[],
  of: CaseClass | null,
): PendingAlerts {
  return {
    count: (before?.count ?? 0) + count,
    cases: [...(before?.cases ?? []), ...cases].slice(0, PENDING_CASES_MAX),
    class: worstOf(before?.class ?? null, of),
  };
}

function without(pending: AlertState['pending'], kind: AlertKind): AlertState['pending'] {
  const { [kind]: _, ...rest } = pending;
  return rest;
}
