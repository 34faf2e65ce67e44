import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { appendAudit } from '@farandole/accounts/records';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { hasControlCharacters } from '@farandole/kernel/text';
import {
  HOUR_AHEAD_MS_MAX,
  HOUR_MINUTES_MAX,
  HOUR_MINUTES_MIN,
  HOUR_TITLE_UNITS_MAX,
  HOURS_MAX,
  HOURS_PLANNED_MS,
} from '../limits.ts';
import type { Records } from '../store/records.ts';
import { readCommunity } from './communities.ts';
import { instantOf, isZone } from './zoned-time.ts';

/** Setting name of the published hours. `putSetting` refuses it. */
export const HOURS_SETTING = 'hours.published';

const MINUTE_MS = 60_000;
const WEEK_DAYS = 7;
const WEEK_MS = WEEK_DAYS * 24 * 60 * MINUTE_MS;
/** Weeks in which two hours must not overlap. They contain every clock change of a year. */
const WEEKS_COMPARED = 54;

export const HOUR_DOORS = ['open', 'text', 'closed'] as const;
export type HourDoor = (typeof HOUR_DOORS)[number];

/** An hour as the operator publishes it. */
export interface PublishedHour {
  readonly id: string;
  readonly title: string;
  /** First start by the clocks of `zone`, as `YYYY-MM-DDTHH:MM`. */
  readonly start: string;
  /** IANA name of the time zone. */
  readonly zone: string;
  /** Whether the hour repeats each week at the same local time. */
  readonly weekly: boolean;
  readonly minutes: number;
  readonly mode: string;
  /** Name of the community whose users meet. Absent in the open pool. */
  readonly community?: string;
}

export interface PublishedHours {
  /** Increases with each change. 0 before the first one. */
  readonly version: number;
  /** What the server offers outside the hours. */
  readonly door: HourDoor;
  readonly hours: readonly PublishedHour[];
}

/** One occurrence of an hour. Times are wall-clock ms. */
export interface HourOccurrence
  extends Readonly<Record<'id' | 'title' | 'mode', string>>,
    Readonly<Record<'startMs' | 'endMs', number>>,
    Pick<PublishedHour, 'community'> {}

export type HoursRefusal =
  | 'not-allowed'
  | 'changed-meanwhile'
  | 'malformed'
  | 'too-many-hours'
  | 'hour-title-wrong'
  | 'hour-start-wrong'
  | 'hour-zone-unknown'
  | 'hour-length-wrong'
  | 'hour-mode-unknown'
  | 'hour-community-unknown'
  | 'hour-in-the-past'
  | 'hours-overlap'
  | 'door-needs-hour';

/**
 * Replaces the published hours. An hour that is stored already may have begun, and its community
 * may be closed; a new or changed one may not. Single hours that are over are dropped.
 *
 * @param input.modes the modes that the server offers
 */
export async function putHours(
  records: Records,
  input: Omit<PublishedHours, 'version'> & {
    readonly modes: readonly string[];
    /** The version that the member read before changing it. */
    readonly before: number;
    readonly by: MemberId;
    readonly nowMs: number;
  },
): Promise<Result<PublishedHours, HoursRefusal>> {
  const { door, modes, before, by, nowMs } = input;
  const allowed = await requireMember(records, by, 'rules.edit');
  if (!allowed.ok) return allowed;
  const known = await readPublishedHours(records);
  if (known.version !== before) return refused('changed-meanwhile');
  const given = input.hours.map((hour) => ({ ...hour, title: hour.title.trim() }));
  const kept = new Set(known.hours.map((hour) => JSON.stringify(hour)));
  if (given.length > HOURS_MAX) return refused('too-many-hours');
  if (new Set(given.map(({ id }) => id)).size < given.length) return refused('malformed');
  for (const hour of given) {
    const fault = faultOf(hour, modes);
    if (fault !== null) return refused(fault);
    if (kept.has(JSON.stringify(hour))) continue;
    const startMs = instantOf(hour.start, hour.zone) ?? 0;
    if (startMs <= nowMs) return refused('hour-in-the-past');
    if (startMs > nowMs + HOUR_AHEAD_MS_MAX) return refused('hour-start-wrong');
    const { community } = hour;
    if (community === undefined) continue;
    const found = await readCommunity(records, community);
    if (found === null || found.closedAtMs !== null) return refused('hour-community-unknown');
  }
  const hours = given.filter((hour) => hour.weekly || endOf(hour) > nowMs);
  if (overlap(hours, nowMs)) return refused('hours-overlap');
  if (door !== 'open' && hours.length === 0) return refused('door-needs-hour');
  const put: PublishedHours = { version: known.version + 1, door, hours };
  await records.settings.put({ id: HOURS_SETTING, value: JSON.stringify(put), atMs: nowMs });
  const details = { version: put.version };
  await appendAudit(records, { by, nowMs }, 'hours.put', HOURS_SETTING, details);
  return ok(put);
}

export async function readPublishedHours(records: {
  readonly settings: Pick<Records['settings'], 'get'>;
}): Promise<PublishedHours> {
  const setting = await records.settings.get(HOURS_SETTING);
  if (setting === null) return { version: 0, door: 'open', hours: [] };
  return JSON.parse(setting.value) as PublishedHours;
}

/**
 * Returns the occurrences that aren't over, in order of their start: of a single hour the only
 * one, and of a weekly hour those that start within `HOURS_PLANNED_MS`.
 */
export function occurrencesOf(
  hours: readonly PublishedHour[],
  nowMs: number,
  withinMs = HOURS_PLANNED_MS,
): readonly HourOccurrence[] {
  return hours
    .flatMap((hour) => occurrences(hour, nowMs, withinMs))
    .filter(({ endMs }) => nowMs < endMs)
    .toSorted((a, b) => a.startMs - b.startMs);
}

function occurrences(hour: PublishedHour, nowMs: number, withinMs: number): HourOccurrence[] {
  const { id, title, mode, start, zone, minutes, weekly, community } = hour;
  const firstMs = instantOf(start, zone) ?? 0;
  const at = (startMs: number): HourOccurrence => ({
    ...{ id, title, mode, startMs },
    ...(community !== undefined && { community }),
    endMs: startMs + minutes * MINUTE_MS,
  });
  if (!weekly) return [at(firstMs)];
  const found: HourOccurrence[] = [];
  // The occurrence of the week before may still be on. A clock change moves it by an hour or two.
  let week = Math.max(0, Math.floor((nowMs - firstMs) / WEEK_MS) - 1);
  for (; ; week++) {
    const startMs = instantOf(start, zone, week * WEEK_DAYS) ?? 0;
    // The first start is always included, however far away.
    if (week > 0 && startMs > nowMs + withinMs) return found;
    found.push(at(startMs));
    if (startMs > nowMs + withinMs) return found;
  }
}

function faultOf(hour: PublishedHour, modes: readonly string[]): HoursRefusal | null {
  const { title, start, zone, minutes, mode } = hour;
  if (title === '' || title.length > HOUR_TITLE_UNITS_MAX) return 'hour-title-wrong';
  if (hasControlCharacters(title)) return 'hour-title-wrong';
  if (!isZone(zone)) return 'hour-zone-unknown';
  if (instantOf(start, zone) === null) return 'hour-start-wrong';
  const isLength = Number.isInteger(minutes) && minutes >= HOUR_MINUTES_MIN;
  if (!isLength || minutes > HOUR_MINUTES_MAX) return 'hour-length-wrong';
  return modes.includes(mode) ? null : 'hour-mode-unknown';
}

function endOf({ start, zone, minutes }: PublishedHour): number {
  return (instantOf(start, zone) ?? 0) + minutes * MINUTE_MS;
}

/**
 * Whether two hours of the open pool, or of one community, overlap within a year from now, or from
 * the start of the latest first hour.
 */
function overlap(all: readonly PublishedHour[], nowMs: number): boolean {
  const pools = new Set(all.map(({ community }) => community));
  return [...pools].some((pool) => {
    const hours = all.filter(({ community }) => community === pool);
    return overlapInPool(hours, nowMs);
  });
}

function overlapInPool(hours: readonly PublishedHour[], nowMs: number): boolean {
  const latestMs = Math.max(nowMs, ...hours.map(endOf));
  const all = occurrencesOf(hours, nowMs, latestMs - nowMs + WEEKS_COMPARED * WEEK_MS);
  return all.some(({ startMs }, at) => {
    const before = all[at - 1];
    return before !== undefined && startMs < before.endMs;
  });
}
