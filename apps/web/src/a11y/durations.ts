/** Seconds in whole numbers as a clock shows them: `0:07`, `12:30`, `1:02:03`. */
export function clockOf(elapsedMs: number): string {
  const seconds = Math.max(0, Math.floor(elapsedMs / 1_000));
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown
    .map((part, at) => (at === 0 ? String(part) : String(part).padStart(2, '0')))
    .join(':');
}

/** What remains, counted up to whole seconds, so that a countdown never shows 0 and waits. */
export function secondsLeft(remainingMs: number): number {
  return Math.max(0, Math.ceil(remainingMs / 1_000));
}

/** What has passed, in whole seconds, of which one at least is said. */
export function secondsAgo(passedMs: number): number {
  return Math.max(1, Math.floor(passedMs / 1_000));
}

/** How long a call was, in the unit that a person would use. */
export function spanOf(durationMs: number): { unit: 'seconds' | 'minutes'; count: number } {
  const seconds = Math.max(1, Math.round(durationMs / 1_000));
  if (seconds < 60) return { unit: 'seconds', count: seconds };
  return { unit: 'minutes', count: Math.round(seconds / 60) };
}

const DAY_HOURS = 24;

/** So many hours in the unit that a person would use: in days from two on, where it is whole ones. */
export function spanOfHours(hours: number): { unit: 'hours' | 'days'; count: number } {
  const isDays = hours >= 2 * DAY_HOURS && hours % DAY_HOURS === 0;
  return isDays ? { unit: 'days', count: hours / DAY_HOURS } : { unit: 'hours', count: hours };
}
