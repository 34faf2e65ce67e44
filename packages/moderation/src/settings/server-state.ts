import type { Records } from '../store/records.ts';

/** Returns the last date that a server kept, in ms. Returns null if none did. */
export async function readDate(records: Records): Promise<number | null> {
  return (await records.serverState.get('date'))?.atMs ?? null;
}

export async function keepDate(
  records: Records,
  { dateMs }: { readonly dateMs: number },
): Promise<null> {
  await records.serverState.put({ id: 'date', atMs: dateMs, value: '' });
  return null;
}

/** Returns the average numbers of users per hour, as `keepHours` got them, or null. */
export async function readHours(records: Records): Promise<string | null> {
  return (await records.serverState.get('hours'))?.value ?? null;
}

export async function keepHours(
  records: Records,
  { hours, nowMs }: { readonly hours: string; readonly nowMs: number },
): Promise<null> {
  await records.serverState.put({ id: 'hours', atMs: nowMs, value: hours });
  return null;
}
