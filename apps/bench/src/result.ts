import { bootstrapMedianInterval, type Interval, median } from './statistics.ts';

export interface Figure {
  readonly median: number;
  readonly interval95: Interval;
}

export interface Ratio extends Figure {
  /** What is to be reached; null: it is only printed. */
  readonly atMost: number | null;
  /** Whether the median is at most that; null where nothing is to be reached, or nothing is judged. */
  readonly reached: boolean | null;
}

/** A figure that has to be at most so much, or at least. */
export interface Bound {
  readonly value: number;
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly reached: boolean | null;
}

/** One figure a round, each of all contenders taken in turn: `ours`, and each floor by its name. */
export interface Samples {
  readonly ours?: readonly number[];
  readonly [floor: string]: readonly number[] | undefined;
}

export interface Comparison {
  readonly unit: string;
  readonly ours: Figure;
  readonly floors: Readonly<Record<string, Figure>>;
  /** Ours to each floor, round by round, since a slow minute of the machine slows both. */
  readonly ratios: Readonly<Record<string, Ratio>>;
}

export function summarise(samples: readonly number[]): Figure {
  return { median: median(samples), interval95: bootstrapMedianInterval(samples) };
}

/** @param above and `below`: as many figures, a pair a round */
export function ratioOf(
  above: readonly number[],
  below: readonly number[],
  limit: number | null = null,
): Ratio {
  const figure = summarise(above.map((value, round) => value / (below[round] ?? Number.NaN)));
  return { ...figure, atMost: limit, reached: limit === null ? null : figure.median <= limit };
}

/** @param value NaN, of what was never seen, is not reached */
export function atMost(value: number, limit: number): Bound {
  return { value, atMost: limit, reached: value <= limit };
}

/** @param value NaN, of what was never seen, is not reached */
export function atLeast(value: number, limit: number): Bound {
  return { value, atLeast: limit, reached: value >= limit };
}

/** Ours beside each floor that was measured. */
export function compare(
  unit: string,
  { ours = [], ...floorSamples }: Samples,
  bounds: Readonly<Record<string, number>> = {},
): Comparison {
  const floors: Record<string, Figure> = {};
  const ratios: Record<string, Ratio> = {};
  for (const [name, samples] of Object.entries(floorSamples)) {
    if (samples === undefined) continue;
    floors[name] = summarise(samples);
    ratios[name] = ratioOf(ours, samples, bounds[name] ?? null);
  }
  return { unit, ours: summarise(ours), floors, ratios };
}

/** Lines for a person: each contender with its interval, and how ours compares. */
export function inLines(title: string, { unit, ours, floors, ratios }: Comparison): string[] {
  const lines = [`${title} (${unit}: the median, and its 95 % interval)`];
  const row = (name: string, text: string): void =>
    void lines.push(`${name.padStart(12)}  ${text}`);
  row('ours', inWords(ours));
  for (const [name, floor] of Object.entries(floors)) {
    const ratio = ratios[name];
    if (ratio === undefined) continue;
    row(floorInWords(name), `${inWords(floor).padEnd(26)}  ours is ${ratioInWords(ratio)}`);
  }
  return lines;
}

export function ratioInWords(ratio: Ratio): string {
  const { atMost: limit, reached } = ratio;
  const verdict =
    limit === null ? '' : `; at most ${limit}: ${reached ? 'reached' : 'not reached'}`;
  return `${inWords(ratio)} ×${verdict}`;
}

export function boundInWords({ value, atMost: most, atLeast: least, reached }: Bound): string {
  const limit = most === undefined ? `at least ${least}` : `at most ${most}`;
  const figure = Number.isInteger(value) ? String(value) : inFigures(value);
  return `${figure}; ${limit}: ${reached ? 'reached' : 'not reached'}`;
}

/** A floor's name as a person writes it: `bare ws` for `bare-ws`. */
export function floorInWords(name: string): string {
  return name.replace('-', ' ').replace('tcp', 'TCP');
}

/** The median with its interval; without one where there was one round, which has none. */
export function inWords({ median: middle, interval95 }: Figure): string {
  const [low, high] = interval95;
  return low === high
    ? inFigures(middle)
    : `${inFigures(middle)} (${inFigures(low)}–${inFigures(high)})`;
}

/** Three digits that mean something; more only before the point. */
export function inFigures(value: number): string {
  if (!Number.isFinite(value)) return '–';
  // From there on three digits would be written with an exponent.
  return Math.abs(value) >= 999.5 ? value.toFixed(0) : value.toPrecision(3);
}
