import type { Mode } from '@farandole/protocol/fields';
import type { HoursFacts } from '@farandole/protocol/http-api';
import { HOUR_LOBBY_MS } from '@farandole/protocol/limits';
import { pageLanguage } from '../../i18n/words.ts';
import type { AppModel } from '../../state/app-model.ts';
import { community } from '../../ui/community.ts';

const MINUTE_MS = 60_000;

export interface HourTimes {
  readonly startMs: number;
  readonly endMs: number;
}

/** Returns the hours of the community whose page is open, or those of the open pool. */
export function hoursOf(app: AppModel): HoursFacts | null {
  const view = community.value?.model.view.value;
  if (view === undefined) return app.link.server.value?.hours ?? null;
  return view.state === 'here' ? (view.facts.hours ?? null) : null;
}

/** When each answer of the server arrived, by the page's clock. */
const arrivals = new WeakMap<HoursFacts, number>();

/** Notes when the facts arrived. Called as soon as the page has them. */
export function noteArrival(hours: HoursFacts, nowMs: number): void {
  if (!arrivals.has(hours)) arrivals.set(hours, nowMs);
}

/** Returns the times of the hour by the page's own clock, which may differ from the server's. */
export function timesOf(hours: HoursFacts, nowMs: number): HourTimes {
  const atMs = arrivals.get(hours) ?? nowMs;
  return { startMs: atMs + hours.next.startsInMs, endMs: atMs + hours.next.endsInMs };
}

/** Returns how long the page shows the same: until a full minute is left, and at most a minute. */
export function nextChangeMs({ startMs, endMs }: HourTimes, nowMs: number): number {
  const left = (startMs > nowMs ? startMs : endMs) - nowMs;
  return left % MINUTE_MS || MINUTE_MS;
}

/** Returns the modes among `offered` in which a user may search or wait now. */
export function openModes(
  { door, next }: HoursFacts,
  { startMs, endMs }: HourTimes,
  offered: readonly Mode[],
  nowMs: number,
): readonly Mode[] {
  const mayWait = nowMs >= startMs - HOUR_LOBBY_MS && nowMs < endMs;
  return offered.filter(
    (mode) =>
      door === 'open' || (door === 'text' && mode === 'text') || (mayWait && mode === next.mode),
  );
}

/** Returns the seconds until the bell in the words of the browser, as "35 sec". */
export function secondsLeftOf({ atMs }: { readonly atMs: number }, nowMs: number): string {
  const seconds = Math.max(0, Math.ceil((atMs - nowMs) / 1_000));
  const how = { style: 'unit', unit: 'second', unitDisplay: 'short' } as const;
  // The unit stays on the line of its number.
  return new Intl.NumberFormat(pageLanguage(), how).format(seconds).replace(' ', '\u00a0');
}
