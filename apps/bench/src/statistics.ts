import { createPrng } from '@farandole/kernel/prng';

/**
 * Returns the median. For an even count it is the mean of the two middle samples. NaN without
 * samples.
 */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export type Interval = readonly [low: number, high: number];

/**
 * Percentile bootstrap interval of the median (B. Efron, 1979): resamples with replacement and
 * takes the middle 95 % of the medians. Seeded, so the result is reproducible.
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

/**
 * Returns a quantile by the nearest-rank method. NaN without samples.
 *
 * @param part which quantile, from 0 to 1; 0.5 is the median
 */
export function quantile(samples: readonly number[], part: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

export interface Slope {
  /** Slope in units of y per unit of x. NaN if all points have the same x. */
  readonly median: number;
  /** The confidence interval is infinite if there are too few points. */
  readonly interval95: Interval;
}

/**
 * Theil–Sen slope: the median of slopes between all pairs of points (H. Theil, 1950), robust
 * against outliers. The interval is P. K. Sen's (1968), by the normal approximation to Kendall's
 * tau; it assumes independent errors.
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
