import type { MemberId } from '@farandole/accounts/ids';
import type { CaseId } from '../ids.ts';

/** Faults that a node finds, and states of the store that need a member. They last until they end. */
export const FAULT_KINDS = [
  'store-failing',
  'reports-unstored',
  'disk-full',
  'audit-broken',
  'relay-dead',
  'clock-doubtful',
  'backup-old',
  'sealed-unopenable',
  'late-appeals',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export const CASE_ALERT_KINDS = ['pinned-case', 'late-pinned-case', 'late-case'] as const;

export type CaseAlertKind = (typeof CASE_ALERT_KINDS)[number];

export type AlertKind = CaseAlertKind | FaultKind;

export const ALERT_KINDS: readonly AlertKind[] = [...CASE_ALERT_KINDS, ...FAULT_KINDS];

/** Kinds that quiet hours hold back. */
const MAY_WAIT: ReadonlySet<AlertKind> = new Set<AlertKind>([
  'late-case',
  'clock-doubtful',
  'backup-old',
  'late-appeals',
]);

export function mayWait(kind: AlertKind): boolean {
  return MAY_WAIT.has(kind);
}

/** Why a case wakes a member. Worst first. An alert about several cases has the worst. */
export const CASE_CLASSES = ['child-safety', 'danger', 'many-reports', 'other'] as const;

export type CaseClass = (typeof CASE_CLASSES)[number];

/** A message to an operator's webhook, or to the mail address of a member of the rota. */
export type AlertChannel = 'webhook' | 'mail';

/** An alert. It has no text by a user, no user and no sign-in. */
export interface Alert {
  readonly id: string;
  readonly kind: AlertKind;
  /** When the alert was sent first. */
  readonly atMs: number;
  /** How many cases, or nodes with the fault, the alert is about. */
  readonly count: number;
  /** At most `ALERT_CASES_NAMED` of the cases. Empty for a fault. */
  readonly cases: readonly CaseId[];
  /** Null for a fault. */
  readonly class: CaseClass | null;
  /** The members of the rota who were woken, in order. */
  readonly woken: readonly Wake[];
  readonly end: AlertEnd | null;
  /** Channels that didn't take a message although it was repeated. Absent if there are none. */
  readonly undelivered?: readonly AlertChannel[];
  /** Channels of messages that were given up because no node has the channel. Absent likewise. */
  readonly notSetUp?: readonly AlertChannel[];
}

export interface Wake {
  readonly member: MemberId;
  readonly atMs: number;
}

/**
 * `acknowledged`: a member pressed the button, or opened or decided one of the cases. `over`: the
 * fault ended, or all cases are decided.
 */
export type AlertEnd =
  | { readonly how: 'acknowledged'; readonly by: MemberId; readonly atMs: number }
  | { readonly how: 'over'; readonly atMs: number };

/** A message that a node must send. Its receiver may get it twice, with the same id. */
export interface AlertMessage {
  readonly id: string;
  readonly alert: string;
  readonly channel: AlertChannel;
  /** The mail address; null for the webhook. */
  readonly to: string | null;
  /** How many members were woken before. */
  readonly step: number;
  readonly tries: number;
  readonly dueMs: number;
}

/** A message that a node must send now, with its alert. */
export interface AlertToSend {
  readonly message: AlertMessage;
  readonly alert: Alert;
}

/** What waits to be told: new cases of a kind, or the nodes that report a fault. */
export interface PendingAlerts {
  readonly count: number;
  /** At most `PENDING_CASES_MAX`, so that a held alert can be counted again before it is sent. */
  readonly cases: readonly CaseId[];
  readonly class: CaseClass | null;
}

/** A case that was considered, with its number of reports then. */
export interface ToldCase {
  readonly atMs: number;
  readonly reports: number;
  /** Whether it woke a member as a pinned case. */
  readonly woke: boolean;
  readonly late: boolean;
}

export interface KnownFault {
  readonly source: string;
  readonly kind: FaultKind;
  readonly seenMs: number;
}

/** Everything that the alerts of a server remember. */
export interface AlertState {
  /** Increases with each alert and each change of one. */
  readonly revision: number;
  readonly lastId: number;
  /** Newest first. */
  readonly alerts: readonly Alert[];
  readonly messages: readonly AlertMessage[];
  readonly pending: Readonly<Partial<Record<AlertKind, PendingAlerts>>>;
  /** When each kind was sent last. */
  readonly sentMs: Readonly<Partial<Record<AlertKind, number>>>;
  readonly faults: readonly KnownFault[];
  readonly cases: Readonly<Record<CaseId, ToldCase>>;
  /** When a pinned case of each network woke a member. */
  readonly networks: Readonly<Record<string, number>>;
}

/** Pairs messages with their alerts. An alert that is no longer kept needs no message. */
export function withAlerts(
  send: readonly AlertMessage[],
  { alerts }: Pick<AlertState, 'alerts'>,
): readonly AlertToSend[] {
  const known = new Map(alerts.map((alert) => [alert.id, alert]));
  return send.flatMap((message) => {
    const alert = known.get(message.alert);
    return alert === undefined ? [] : [{ message, alert }];
  });
}

export const NO_ALERTS: AlertState = {
  revision: 0,
  lastId: 0,
  alerts: [],
  messages: [],
  pending: {},
  sentMs: {},
  faults: [],
  cases: {},
  networks: {},
};

export function isOpen({ end }: Alert): boolean {
  return end === null;
}

export function isCaseAlert(kind: AlertKind): kind is CaseAlertKind {
  return (CASE_ALERT_KINDS as readonly AlertKind[]).includes(kind);
}

export function worstOf(a: CaseClass | null, b: CaseClass | null): CaseClass | null {
  if (a === null || b === null) return a ?? b;
  return CASE_CLASSES.indexOf(a) <= CASE_CLASSES.indexOf(b) ? a : b;
}

/** Ends open alerts that meet the condition. Returns the same object if there is none. */
export function endAlerts(
  state: AlertState,
  isEnded: (alert: Alert) => AlertEnd | null,
): AlertState {
  let isChanged = false;
  const alerts = state.alerts.map((alert) => {
    const end = isOpen(alert) ? isEnded(alert) : null;
    if (end === null) return alert;
    isChanged = true;
    return { ...alert, end };
  });
  if (!isChanged) return state;
  const open = new Set(alerts.filter(isOpen).map(({ id }) => id));
  // A member answered, so no further message wakes another one.
  const messages = state.messages.filter(({ alert }) => open.has(alert));
  return { ...state, revision: state.revision + 1, alerts, messages };
}
