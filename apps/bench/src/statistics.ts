import { createPrng } from '@farandole/kernel/prng';

/** The middle of the samples, or the mean of the two in the middle. NaN when there are none. */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Ends of an interval, the lower one first. */
export type Interval = readonly [low: number, high: number];

/**
 * The percentile bootstrap interval of the median (B. Efron, 1979): the samples are drawn again,
 * with replacement, `resamples` times, and the interval holds the middle 95 % of the medians.
 * The seed makes the same samples give the same interval.
 */
export function bootstrapMedianInterval(
  samples: readonly number[],
  resamples = 2_000,
  seed = 1,
): Interval {
  if (samples.length === 0) return [Number.NaN, Number.NaN];
  const prng = createPrng(seed);
  const medians = Array.from({ length: resamples }, () =>
    median(samples.map(() => prng.pick(samples))),
  ).sort((a, b) => a - b);
  const at = (part: number): number => medians[Math.round(part * (resamples - 1))] ?? Number.NaN;
  return [at(0.025), at(0.975)];
}

/** The smallest sample that at least such a part of them does not exceed. NaN when there is none. */
export function quantile(samples: readonly number[], part: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

export interface Slope {
  /** Units of y a unit of x. NaN when no two points differ in x. */
  readonly median: number;
  /** Infinite where there are too few points to say. */
  readonly interval95: Interval;
}

/**
 * The slope by H. Theil (1950) and P. K. Sen (1968): the median of the slopes between all pairs of
 * points, which a few points far off do not move. The interval is Sen's, by the normal
 * approximation to Kendall's tau; it takes the points' errors for independent.
 */
export function theilSenSlope(points: readonly (readonly [x: number, y: number])[]): Slope {
  const slopes: number[] = [];
  for (const [index, [x, y]] of points.entries()) {
    for (const [laterX, laterY] of points.slice(index + 1)) {
      if (laterX !== x) slopes.push((laterY - y) / (laterX - x));
    }
  }
  slopes.sort((a, b) => a - b);
  const { length: n } = points;
  const spread = 1.96 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const low = slopes[Math.floor((slopes.length - spread) / 2) - 1];
  const high = slopes[Math.ceil((slopes.length + spread) / 2)];
  return {
    median: median(slopes),
    interval95: [low ?? Number.NEGATIVE_INFINITY, high ?? Number.POSITIVE_INFINITY],
  };
}
