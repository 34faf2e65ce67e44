import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HouseHours, parseStoredHours, peaksOf } from '../src/house-hours.ts';
import {
  BUSIEST_PEOPLE_MIN,
  BUSIEST_SPAN_HOURS,
  BUSIEST_TIMES_MEAN,
  BUSIEST_WEEKS_MIN,
  HOUSE_SAMPLES_MIN,
  HOUSE_WEEKS,
} from '../src/limits.ts';

const HOUR_MS = 3_600_000;
const WEEK_HOURS = 168;
/** Number of an hour at which both a day and a week of `HouseHours` begin. */
const START = 2_800 * WEEK_HOURS;

const fresh = (): HouseHours => new HouseHours(null, START * HOUR_MS);

function sampleIn(
  house: HouseHours,
  hour: number,
  people: number,
  samples = HOUSE_SAMPLES_MIN,
): void {
  for (let at = 0; at < samples; at++) house.sample(people, hour * HOUR_MS + at);
}

function live(house: HouseHours, weeks: number, peopleAt: (hourOfDay: number) => number): void {
  for (let hour = 0; hour < weeks * WEEK_HOURS; hour++) {
    sampleIn(house, START + hour, peopleAt(hour % 24));
  }
  house.settle();
}

function busiestOf(peopleAt: (hourOfDay: number) => number, weeks = BUSIEST_WEEKS_MIN) {
  const house = fresh();
  live(house, weeks, peopleAt);
  return house.busiest;
}

const evening = (hour: number): number => (hour >= 19 && hour < 22 ? 20 : 4);

test('[PR-82] reports the busiest hours of the day, even across midnight', () => {
  assert.deepEqual(busiestOf(evening), { fromUtcHour: 19, hours: BUSIEST_SPAN_HOURS });
  const night = (hour: number): number => ([23, 0, 1].includes(hour) ? 20 : 4);
  assert.deepEqual(busiestOf(night), { fromUtcHour: 23, hours: BUSIEST_SPAN_HOURS });
});

test('[PR-82] reports no busiest hours before each hour was counted often enough', () => {
  const house = fresh();
  live(house, BUSIEST_WEEKS_MIN, evening);
  const { lastHour, weeks, people } = house.kept;
  assert.equal(lastHour, START + BUSIEST_WEEKS_MIN * WEEK_HOURS - 1);
  const oneLess = weeks.map((count, at) => (at === 3 ? BUSIEST_WEEKS_MIN - 1 : count));
  const now = lastHour * HOUR_MS;
  assert.equal(new HouseHours({ lastHour, weeks: oneLess, people }, now).busiest, null);
  assert.notEqual(new HouseHours({ lastHour, weeks, people }, now).busiest, null);
  assert.equal(fresh().busiest, null);
});

test('[PR-82] reports no busiest hours for few users or without a peak', () => {
  const of = (busy: number, else_: number) =>
    busiestOf((hour) => (hour < BUSIEST_SPAN_HOURS ? busy : else_));
  assert.notEqual(of(BUSIEST_PEOPLE_MIN, 0), null);
  assert.equal(of(BUSIEST_PEOPLE_MIN - 0.01, 0), null);
  // Average number of users in the hours of the span. All other hours have 100.
  const share = BUSIEST_SPAN_HOURS / 24;
  const busy = (100 * BUSIEST_TIMES_MEAN * (1 - share)) / (1 - BUSIEST_TIMES_MEAN * share);
  assert.notEqual(of(Math.ceil(busy), 100), null);
  assert.equal(of(Math.floor(busy), 100), null);
  assert.equal(of(100, 100), null);
});

test('[PR-82] gives the newest week a weight of 1/HOUSE_WEEKS in an hour’s average', () => {
  const house = fresh();
  for (let week = 0; week < HOUSE_WEEKS; week++) sampleIn(house, START + week * WEEK_HOURS, 10);
  sampleIn(house, START + HOUSE_WEEKS * WEEK_HOURS, 30);
  house.settle();
  assert.equal(house.kept.people[0], 10 + 20 / HOUSE_WEEKS);
  assert.equal(house.kept.weeks[0], HOUSE_WEEKS);
  const early = fresh();
  sampleIn(early, START, 10);
  sampleIn(early, START + WEEK_HOURS, 30);
  early.settle();
  assert.equal(early.kept.people[0], 20);
});

test('[PR-82] counts each hour once and only with enough samples', () => {
  const house = fresh();
  sampleIn(house, START, 10, HOUSE_SAMPLES_MIN - 1);
  sampleIn(house, START + 1, 10, HOUSE_SAMPLES_MIN);
  house.settle();
  assert.deepEqual(house.kept.weeks.slice(0, 2), [0, 1]);
  // The second process samples the rest of the hour that the first process began.
  const next = new HouseHours(house.kept, (START + 1) * HOUR_MS);
  sampleIn(next, START + 1, 90);
  next.settle();
  assert.deepEqual(next.kept, house.kept);
});

test("[PR-82] loads an earlier process's averages unless old or in the future", () => {
  const house = fresh();
  live(house, BUSIEST_WEEKS_MIN, evening);
  const { kept } = house;
  const told = parseStoredHours(JSON.stringify(kept));
  assert.deepEqual(told, kept);
  const after = (hours: number) => new HouseHours(told, (kept.lastHour + hours) * HOUR_MS).busiest;
  assert.deepEqual(after(HOUSE_WEEKS * WEEK_HOURS), house.busiest);
  assert.equal(after(HOUSE_WEEKS * WEEK_HOURS + 1), null);
  assert.equal(after(-1), null);
});

test('[PR-82] rejects invalid stored averages', () => {
  const house = fresh();
  sampleIn(house, START, 10);
  house.settle();
  const { kept } = house;
  const withOne = (values: readonly number[], value: unknown) => [value, ...values.slice(1)];
  const damaged: readonly unknown[] = [
    null,
    7,
    [],
    { ...kept, lastHour: 'now' },
    { ...kept, lastHour: 0.5 },
    { ...kept, lastHour: -2 },
    { ...kept, weeks: withOne(kept.weeks, HOUSE_WEEKS + 1) },
    { ...kept, weeks: withOne(kept.weeks, 0.5) },
    { ...kept, weeks: kept.weeks.slice(1) },
    { ...kept, people: [...kept.people, 0] },
    { ...kept, people: withOne(kept.people, -1) },
    { ...kept, people: withOne(kept.people, '10') },
    { ...kept, people: withOne(kept.people, 1e10) },
    { ...kept, people: null },
  ];
  for (const value of damaged) assert.equal(parseStoredHours(JSON.stringify(value)), null);
  assert.equal(parseStoredHours(JSON.stringify(kept).slice(0, -1)), null);
});

test('[PR-131] finds the busiest hours of the week, each on another day', () => {
  const of = (people: (at: number) => number, weeks = BUSIEST_WEEKS_MIN) =>
    peaksOf({
      lastHour: 0,
      weeks: Array.from({ length: WEEK_HOURS }, () => weeks),
      people: Array.from({ length: WEEK_HOURS }, (_, at) => people(at)),
    });
  const busy = new Map([
    [20, 40],
    [21, 39.6],
    [44, 30],
    [92, 20],
    [116, 10],
  ]);
  assert.deepEqual(
    of((at) => busy.get(at) ?? 1),
    [
      { hourOfWeek: 20, people: 40 },
      { hourOfWeek: 44, people: 30 },
      { hourOfWeek: 92, people: 20 },
    ],
  );
  assert.deepEqual(
    of(() => BUSIEST_PEOPLE_MIN - 1),
    [],
  );
  assert.deepEqual(
    of(() => 50, BUSIEST_WEEKS_MIN - 1),
    [],
  );
});
