/** The moments on the way to a stranger's picture, in the order in which they are reached. */
export const MOMENTS = ['matched', 'described', 'connected', 'framed', 'checked', 'shown'] as const;

export type Moment = (typeof MOMENTS)[number];

/** When each moment was first reached, by one monotonic clock; what was not reached is absent. */
export interface Marks {
  /** The press of Start or Next, or the search that the page began by itself. */
  readonly beganAtMs: number;
  readonly at: { readonly [M in Moment]?: number };
}

/** The way to one moment, from the one that was reached before it. */
export interface PictureStep {
  readonly to: Moment;
  /** From the match; negative where the way begins with the search. */
  readonly fromMs: number;
  readonly tookMs: number;
  /**
   * Where its bar stands, as shares of the whole that the machines took; null for what people
   * take: the search, and the choice to look.
   */
  readonly bar: { readonly start: number; readonly length: number } | null;
}

export interface FirstPictureView {
  readonly steps: readonly PictureStep[];
  /** From the match to the first frame; null before it. */
  readonly frameAfterMs: number | null;
}

/** @returns the same marks where that moment was reached before: the first time counts. */
export function withMark<M extends Marks>(marks: M, moment: Moment, atMs: number): M {
  if (marks.at[moment] !== undefined) return marks;
  return { ...marks, at: { ...marks.at, [moment]: atMs } };
}

/**
 * Where the milliseconds went. A moment that was noticed late counts no later than those that
 * followed it, and the time of one that was never noticed belongs to the next: so the steps lie
 * end to end, and none takes less than nothing.
 */
export function firstPictureOf({ beganAtMs, at }: Marks): FirstPictureView {
  const matchedAtMs = at.matched ?? beganAtMs;
  const spans: { to: Moment; fromMs: number; untilMs: number }[] = [];
  let untilMs = Number.POSITIVE_INFINITY;
  for (const to of MOMENTS.toReversed()) {
    const reachedMs = at[to];
    if (reachedMs === undefined) continue;
    untilMs = Math.max(beganAtMs, Math.min(untilMs, reachedMs));
    spans.unshift({ to, fromMs: beganAtMs, untilMs });
  }
  for (const [index, span] of spans.entries()) span.fromMs = spans[index - 1]?.untilMs ?? beganAtMs;
  const byMachines = spans.filter(({ to }) => to !== 'matched' && to !== 'shown');
  const wholeMs = byMachines.reduce((sum, span) => sum + span.untilMs - span.fromMs, 0);
  const beginsMs = byMachines[0]?.fromMs ?? 0;
  const framed = spans.find(({ to }) => to === 'framed');
  return {
    steps: spans.map((span) => ({
      to: span.to,
      fromMs: span.fromMs - matchedAtMs,
      tookMs: span.untilMs - span.fromMs,
      bar:
        byMachines.includes(span) && wholeMs > 0
          ? {
              start: (span.fromMs - beginsMs) / wholeMs,
              length: (span.untilMs - span.fromMs) / wholeMs,
            }
          : null,
    })),
    frameAfterMs: framed === undefined ? null : framed.untilMs - matchedAtMs,
  };
}
