import type { HourSpan } from './http-api.ts';
import {
  BUSIEST_PEOPLE_MIN,
  BUSIEST_SPAN_HOURS,
  BUSIEST_TIMES_MEAN,
  BUSIEST_WEEKS_MIN,
  HOUSE_SAMPLES_MIN,
  HOUSE_WEEKS,
  PEAKS_MAX,
} from './limits.ts';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
const WEEK_HOURS = 7 * DAY_HOURS;
/** Maximum plausible number of users. A higher number means that the file is damaged. */
const PEOPLE_MAX = 1_000_000_000;
const UNSEEN = { hour: -1, samples: 0, sum: 0 };

/**
 * Average number of connected users for each hour of the week, in UTC. The week starts at the
 * weekday and hour at which 1970 began.
 */
export interface StoredHours {
  /** The last hour that was counted, in hours since 1970, or -1 if none was. */
  readonly lastHour: number;
  /**
   * For each hour of the week, the number of weeks in which it was counted, up to `HOUSE_WEEKS`.
   */
  readonly weeks: readonly number[];
  readonly people: readonly number[];
}

/** A busy hour of the week, counted in UTC from the weekday and hour at which 1970 began. */
export interface WeekPeak {
  readonly hourOfWeek: number;
  /** Average number of connected users. */
  readonly people: number;
}

export class HouseHours {
  readonly #weeks: number[];
  readonly #people: number[];
  #lastHour: number;
  #current = UNSEEN;

  /** @param kept data of an earlier process, ignored if it is too old or in the future */
  constructor(kept: StoredHours | null, nowMs: number) {
    const age = hourOf(nowMs) - (kept?.lastHour ?? -1);
    const known = age >= 0 && age <= HOUSE_WEEKS * WEEK_HOURS ? kept : null;
    this.#lastHour = known?.lastHour ?? -1;
    this.#weeks = Array.from({ length: WEEK_HOURS }, (_, at) => known?.weeks[at] ?? 0);
    this.#people = Array.from({ length: WEEK_HOURS }, (_, at) => known?.people[at] ?? 0);
  }

  get kept(): StoredHours {
    return { lastHour: this.#lastHour, weeks: [...this.#weeks], people: [...this.#people] };
  }

  sample(people: number, nowMs: number): void {
    const hour = hourOf(nowMs);
    if (hour !== this.#current.hour) this.settle();
    const { samples, sum } = this.#current;
    this.#current = { hour, samples: samples + 1, sum: sum + people };
  }

  /** Adds the current hour to the averages if it has enough samples and wasn't added before. */
  settle(): void {
    const { hour, samples, sum } = this.#current;
    this.#current = UNSEEN;
    if (samples < HOUSE_SAMPLES_MIN || hour === this.#lastHour) return;
    const at = hour % WEEK_HOURS;
    const weeks = Math.min((this.#weeks[at] ?? 0) + 1, HOUSE_WEEKS);
    const before = this.#people[at] ?? 0;
    this.#weeks[at] = weeks;
    this.#people[at] = inHundredths(before + (sum / samples - before) / weeks);
    this.#lastHour = hour;
  }

  /** The busiest hours of the day. Null without enough data, enough users or a clear peak. */
  get busiest(): HourSpan | null {
    if (this.#weeks.some((weeks) => weeks < BUSIEST_WEEKS_MIN)) return null;
    const ofDay = hoursFrom(0, DAY_HOURS).map((hour) =>
      meanOf(this.#people.filter((_, at) => at % DAY_HOURS === hour)),
    );
    const spans = ofDay.map((_, from) =>
      meanOf(hoursFrom(from, BUSIEST_SPAN_HOURS).map((hour) => ofDay[hour % DAY_HOURS] ?? 0)),
    );
    const most = Math.max(...spans);
    if (most < BUSIEST_PEOPLE_MIN || most < BUSIEST_TIMES_MEAN * meanOf(ofDay)) return null;
    return { fromUtcHour: spans.indexOf(most), hours: BUSIEST_SPAN_HOURS };
  }
}

/**
 * Returns the busiest hours of the week, each on another day, busiest first. Contains only hours
 * with enough data and users.
 */
export function peaksOf({ weeks, people }: StoredHours): readonly WeekPeak[] {
  const peaks: WeekPeak[] = [];
  const byPeople = people
    .map((mean, hourOfWeek) => ({ hourOfWeek, people: Math.round(mean) }))
    .filter(({ hourOfWeek }) => (weeks[hourOfWeek] ?? 0) >= BUSIEST_WEEKS_MIN)
    .filter((peak) => peak.people >= BUSIEST_PEOPLE_MIN)
    .toSorted((a, b) => b.people - a.people || a.hourOfWeek - b.hourOfWeek);
  const dayOf = ({ hourOfWeek }: WeekPeak): number => Math.floor(hourOfWeek / DAY_HOURS);
  for (const peak of byPeople) {
    if (peaks.length === PEAKS_MAX) break;
    if (!peaks.some((other) => dayOf(other) === dayOf(peak))) peaks.push(peak);
  }
  return peaks;
}

/** Parses stored averages from JSON. Returns null if they are invalid. */
export function parseStoredHours(text: string): StoredHours | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { lastHour, weeks, people } = (value ?? {}) as Partial<Record<keyof StoredHours, unknown>>;
  if (typeof lastHour !== 'number' || !Number.isSafeInteger(lastHour) || lastHour < -1) return null;
  const isCount = (one: number): boolean => Number.isInteger(one) && one <= HOUSE_WEEKS;
  if (!isOfWeek(weeks) || !weeks.every(isCount) || !isOfWeek(people)) return null;
  return { lastHour, weeks, people };
}

function isOfWeek(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) &&
    value.length === WEEK_HOURS &&
    value.every((one) => typeof one === 'number' && one >= 0 && one <= PEOPLE_MAX)
  );
}

function hourOf(wallMs: number): number {
  return Math.floor(wallMs / HOUR_MS);
}

function hoursFrom(from: number, length: number): number[] {
  return Array.from({ length }, (_, at) => from + at);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function inHundredths(value: number): number {
  return Math.round(100 * value) / 100;
}
