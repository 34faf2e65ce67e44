import { bootstrapMedianInterval, type Interval, median } from './statistics.ts';

export interface Figure {
  readonly median: number;
  readonly interval95: Interval;
}

export interface Ratio extends Figure {
  /** The bound; null if the figure is printed but not judged. */
  readonly atMost: number | null;
  /**
   * Whether the figure meets its bound. Null if there is no bound or if this run judges nothing.
   */
  readonly reached: boolean | null;
}

export interface Bound {
  readonly value: number;
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly reached: boolean | null;
}

export interface Samples {
  readonly ours?: readonly number[];
  readonly [floor: string]: readonly number[] | undefined;
}

export interface Comparison {
  readonly unit: string;
  readonly ours: Figure;
  readonly floors: Readonly<Record<string, Figure>>;
  /**
   * Ratio of our figure to the figure of each baseline. It is computed per round, because a slow
   * minute of the machine slows both.
   */
  readonly ratios: Readonly<Record<string, Ratio>>;
}

export function summarise(samples: readonly number[]): Figure {
  return { median: median(samples), interval95: bootstrapMedianInterval(samples) };
}

/**
 * @param above numerators of the ratios, as many as `below`; figures of one round have the same
 * index
 */
export function ratioOf(
  above: readonly number[],
  below: readonly number[],
  limit: number | null = null,
): Ratio {
  const figure = summarise(above.map((value, round) => value / (below[round] ?? Number.NaN)));
  return { ...figure, atMost: limit, reached: limit === null ? null : figure.median <= limit };
}

/** @param value the measured value; NaN means that nothing was observed, and misses the limit */
export function atMost(value: number, limit: number): Bound {
  return { value, atMost: limit, reached: value <= limit };
}

/** @param value the measured value; NaN means that nothing was observed, and misses the limit */
export function atLeast(value: number, limit: number): Bound {
  return { value, atLeast: limit, reached: value >= limit };
}

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

export function floorInWords(name: string): string {
  return name.replace('-', ' ').replace('tcp', 'TCP');
}

export function inWords({ median: middle, interval95 }: Figure): string {
  const [low, high] = interval95;
  return low === high
    ? inFigures(middle)
    : `${inFigures(middle)} (${inFigures(low)}–${inFigures(high)})`;
}

export function inFigures(value: number): string {
  if (!Number.isFinite(value)) return '–';
  // Larger values are rounded to integers, because `toPrecision(3)` could print them with an
  // exponent.
  return Math.abs(value) >= 999.5 ? value.toFixed(0) : value.toPrecision(3);
}
