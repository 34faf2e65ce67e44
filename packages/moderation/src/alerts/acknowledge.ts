import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { appendAudit } from '@farandole/accounts/records';
import { may, type Role } from '@farandole/accounts/roles';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { Records } from '../store/records.ts';
import { type Alert, type AlertState, endAlerts, isOpen } from './alert.ts';
import { type AlertSettings, readAlertSettings } from './alert-settings.ts';
import { keepAlerts, readAlertState } from './alert-state.ts';

/** An open alert for a member's browser to show. */
export interface MemberAlert extends Pick<Alert, 'id' | 'kind' | 'count'> {
  /** When the alert woke the member. */
  readonly atMs: number;
}

/**
 * Acknowledges an alert and the other open alerts of its kind, so that they wake no further member.
 * An alert that is acknowledged already stays as it is.
 */
export async function acknowledgeAlert(
  records: Records,
  input: { readonly alert: string; readonly by: MemberId; readonly nowMs: number },
): Promise<Result<null, 'not-allowed' | 'unknown'>> {
  const { by, nowMs } = input;
  if (!(await isMember(records, by))) return refused('not-allowed');
  const before = await readAlertState(records);
  const asked = before.alerts.find(({ id }) => id === input.alert);
  if (asked === undefined) return refused('unknown');
  const state = endAlerts(before, ({ kind }) =>
    isOpen(asked) && kind === asked.kind ? { how: 'acknowledged', by, atMs: nowMs } : null,
  );
  if (state === before) return ok(null);
  await keepAlerts(records, state, nowMs);
  await appendAudit(records, { by, nowMs }, 'alert.acknowledge', asked.id);
  return ok(null);
}

export interface AlertsPage {
  /** The kept alerts, newest first. */
  readonly alerts: readonly Alert[];
  /** Null for a member without `settings.edit`, because they contain mail addresses. */
  readonly settings: AlertSettings | null;
}

export async function readAlerts(
  records: Records,
  { by }: { readonly by: MemberId },
): Promise<Result<AlertsPage, 'not-allowed'>> {
  if (!(await isMember(records, by))) return refused('not-allowed');
  const { alerts } = await readAlertState(records);
  const editor = await requireMember(records, by, 'settings.edit');
  return ok({ alerts, settings: editor.ok ? await readAlertSettings(records) : null });
}

/** Every member may answer an alert, because it names no user and opens no case. */
async function isMember(records: Pick<Records, 'members'>, by: MemberId): Promise<boolean> {
  return (await records.members.get(by))?.leftAtMs === null;
}

/**
 * Returns the newest open alert for a member: one that woke them or, if it woke no member because
 * the rota is empty, any if they read the queue or run the server. Null if there is none.
 */
export function alertFor(
  { alerts }: AlertState,
  { id, roles }: { readonly id: MemberId; readonly roles: readonly Role[] },
): MemberAlert | null {
  const isOnCall = may(roles, 'queue.read') || may(roles, 'settings.edit');
  for (const { id: alert, kind, count, woken, ...rest } of alerts) {
    if (rest.end !== null) continue;
    const wake = woken.find(({ member }) => member === id);
    const isForAll = woken.length === 0 && isOnCall;
    if (wake === undefined && !isForAll) continue;
    return { id: alert, kind, count, atMs: wake?.atMs ?? rest.atMs };
  }
  return null;
}
