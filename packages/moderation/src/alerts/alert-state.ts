import type { Records } from '../store/records.ts';
import { type AlertState, NO_ALERTS } from './alert.ts';

const ALERTS_STATE = 'alerts';

export async function readAlertState(records: Pick<Records, 'serverState'>): Promise<AlertState> {
  const stored = await records.serverState.get(ALERTS_STATE);
  return stored === null ? NO_ALERTS : (JSON.parse(stored.value) as AlertState);
}

export async function keepAlerts(
  records: Pick<Records, 'serverState'>,
  state: AlertState,
  nowMs: number,
): Promise<void> {
  await records.serverState.put({ id: ALERTS_STATE, atMs: nowMs, value: JSON.stringify(state) });
}
