/** Formats a duration as `0:07`, `12:30` or `1:02:03`. */
export function clockOf(elapsedMs: number): string {
  const seconds = Math.max(0, Math.floor(elapsedMs / 1_000));
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown
    .map((part, at) => (at === 0 ? String(part) : String(part).padStart(2, '0')))
    .join(':');
}

/** Rounds a remaining time up to whole seconds, so that a countdown shows 0 only when it ends. */
export function secondsLeft(remainingMs: number): number {
  return Math.max(0, Math.ceil(remainingMs / 1_000));
}

/** Rounds an elapsed time down to whole seconds. Returns at least 1. */
export function secondsAgo(passedMs: number): number {
  return Math.max(1, Math.floor(passedMs / 1_000));
}

/** Rounds the duration of a call to whole seconds or minutes. */
export function spanOf(durationMs: number): { unit: 'seconds' | 'minutes'; count: number } {
  const seconds = Math.max(1, Math.round(durationMs / 1_000));
  if (seconds < 60) return { unit: 'seconds', count: seconds };
  return { unit: 'minutes', count: Math.round(seconds / 60) };
}

const DAY_HOURS = 24;

/**
 * Converts a number of hours to days if it is a whole number of days and at least two. Otherwise
 * returns hours.
 */
export function spanOfHours(hours: number): { unit: 'hours' | 'days'; count: number } {
  const isDays = hours >= 2 * DAY_HOURS && hours % DAY_HOURS === 0;
  return isDays ? { unit: 'days', count: hours / DAY_HOURS } : { unit: 'hours', count: hours };
}
