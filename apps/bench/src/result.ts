import type { ContenderName } from './load/load-crew.ts';
import { bootstrapMedianInterval, type Interval, median } from './statistics.ts';

export interface Figure {
  readonly median: number;
  readonly interval95: Interval;
}

export interface Ratio extends Figure {
  /** What is to be reached; null: it is only printed. */
  readonly atMost: number | null;
  /** Whether the median is at most that; null where nothing is to be reached. */
  readonly reached: boolean | null;
}

/** One figure a round, each of all contenders taken in turn. */
export type Samples = { readonly [Name in ContenderName]?: readonly number[] };

export interface Comparison {
  readonly unit: string;
  readonly ours: Figure;
  readonly floors: { readonly [Name in Exclude<ContenderName, 'ours'>]?: Figure };
  /** Ours to each floor, round by round, since a slow minute of the machine slows both. */
  readonly ratios: { readonly [Name in Exclude<ContenderName, 'ours'>]?: Ratio };
}

type FloorName = Exclude<ContenderName, 'ours'>;

const FLOORS: readonly FloorName[] = ['bare-ws', 'bare-tcp'];

export function summarise(samples: readonly number[]): Figure {
  return { median: median(samples), interval95: bootstrapMedianInterval(samples) };
}

/** @param above and `below`: as many figures, a pair a round */
export function ratioOf(
  above: readonly number[],
  below: readonly number[],
  atMost: number | null = null,
): Ratio {
  const figure = summarise(above.map((value, round) => value / (below[round] ?? Number.NaN)));
  return { ...figure, atMost, reached: atMost === null ? null : figure.median <= atMost };
}

/** Ours beside each floor that was measured. */
export function compare(
  unit: string,
  samples: Samples,
  atMost: { readonly [Name in FloorName]?: number } = {},
): Comparison {
  const ours = samples.ours ?? [];
  const floors: { [Name in FloorName]?: Figure } = {};
  const ratios: { [Name in FloorName]?: Ratio } = {};
  for (const name of FLOORS) {
    const floor = samples[name];
    if (floor === undefined) continue;
    floors[name] = summarise(floor);
    ratios[name] = ratioOf(ours, floor, atMost[name] ?? null);
  }
  return { unit, ours: summarise(ours), floors, ratios };
}

/** Lines for a person: each contender with its interval, and how ours compares. */
export function inLines(title: string, { unit, ours, floors, ratios }: Comparison): string[] {
  const lines = [`${title} (${unit}: the median, and its 95 % interval)`];
  const row = (name: string, text: string): void =>
    void lines.push(`${name.padStart(12)}  ${text}`);
  row('ours', inWords(ours));
  for (const name of FLOORS) {
    const floor = floors[name];
    const ratio = ratios[name];
    if (floor === undefined || ratio === undefined) continue;
    row(name, `${inWords(floor).padEnd(26)}  ours is ${ratioInWords(ratio)}`);
  }
  return lines;
}

export function ratioInWords(ratio: Ratio): string {
  const { atMost, reached } = ratio;
  const verdict =
    atMost === null ? '' : `; at most ${atMost}: ${reached ? 'reached' : 'not reached'}`;
  return `${inWords(ratio)} ×${verdict}`;
}

function inWords({ median: middle, interval95 }: Figure): string {
  return `${inFigures(middle)} (${interval95.map(inFigures).join('–')})`;
}

export function inFigures(value: number): string {
  return value >= 1_000 ? value.toFixed(0) : value.toPrecision(3);
}
