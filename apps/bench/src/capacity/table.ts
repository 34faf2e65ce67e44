import { ASSUMED, COSTS } from './costs.ts';
import { type Capacity, capacityOf, peopleOf } from './model.ts';

const PEOPLE = [100, 1_000, 10_000, 100_000];
const VISITS_A_DAY = 10_000_000;

/** Renders the table that `docs/capacity.md` contains. */
export function capacityTable(): string {
  const sizes = [...PEOPLE, peopleOf(VISITS_A_DAY, ASSUMED)];
  const all = sizes.map((people) => capacityOf(people, ASSUMED, COSTS));
  const rows: readonly (readonly [string, (capacity: Capacity) => string])[] = [
    ['visits a day', ({ visitsADay }) => inWhole(visitsADay)],
    ['nodes (add one that may fail)', ({ nodes }) => String(nodes)],
    ['CPU of all nodes, cores', ({ cores }) => inShort(cores)],
    ['memory of all nodes, GiB', ({ memoryMib }) => inShort(memoryMib / 1_024)],
    ['relay, all calls, Gb/s', ({ relayMbps }) => inShort(relayMbps.all / 1_000)],
    ['relay, a fifth of the calls, Gb/s', ({ relayMbps }) => inShort(relayMbps.some / 1_000)],
    ['relay, all calls, TB a day', ({ relayGbADay }) => inShort(relayGbADay.all / 1_000)],
    [`relay, all calls at ${CAPPED_KBPS} kb/s, TB a day`, ({ people }) => cappedTbADay(people)],
    ['stored pairs, GB a day', ({ storedMbADay }) => inShort(storedMbADay / 1_000)],
    ['reports a day', ({ reportsADay }) => inWhole(reportsADay)],
    ['moderator hours a day', ({ moderatorMinutesADay }) => inShort(moderatorMinutesADay / 60)],
  ];
  const head = ['people at the busiest time', ...sizes.map(inWhole)];
  const lines = rows.map(([name, render]) => [name, ...all.map(render)]);
  return markdownTable([head, ...lines]);
}

/** Renders rows as a table. The first row is the head, and the first column has the names. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...lines] = rows;
  return [head, head.map((_, column) => (column === 0 ? '---' : '--:')), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** With `FARANDOLE_RELAY_KBPS_MAX`, as an example. */
const CAPPED_KBPS = 500;

function cappedTbADay(people: number): string {
  const habits = { ...ASSUMED, mbps: CAPPED_KBPS / 1_000 };
  return inShort(capacityOf(people, habits, COSTS).relayGbADay.all / 1_000);
}

export function inWhole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Renders two significant digits. */
export function inShort(value: number): string {
  return value >= 10 ? inWhole(value) : String(Number(value.toPrecision(2)));
}
