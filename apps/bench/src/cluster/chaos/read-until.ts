import { setTimeout as delay } from 'node:timers/promises';

export const POLL_MS = 50;

/** Reads a value again until it is as wanted or the time is over. Returns the last value. */
export async function readUntil<Value>(
  read: () => Value | Promise<Value>,
  isWanted: (value: Value) => boolean,
  waitMs: number,
): Promise<Value> {
  const untilMs = performance.now() + waitMs;
  for (;;) {
    const value = await read();
    if (isWanted(value) || performance.now() >= untilMs) return value;
    await delay(POLL_MS);
  }
}
