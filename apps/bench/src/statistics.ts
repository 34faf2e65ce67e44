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
