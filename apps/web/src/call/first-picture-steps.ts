export const MOMENTS = ['matched', 'described', 'connected', 'framed', 'checked', 'shown'] as const;

export type Moment = (typeof MOMENTS)[number];

/** When each moment was first reached, on one monotonic clock; missing if never. */
export interface Marks {
  /** The user pressed Start or Next, or an automatic search began. */
  readonly beganAtMs: number;
  readonly at: { readonly [M in Moment]?: number };
}

export interface PictureStep {
  readonly to: Moment;
  /** Start of the step, counted from the match; negative if it starts with the search. */
  readonly fromMs: number;
  readonly tookMs: number;
  /** Position of the bar as shares of the machine time; null for time that people took. */
  readonly bar: { readonly start: number; readonly length: number } | null;
}

export interface FirstPictureView {
  readonly steps: readonly PictureStep[];
  /** Time from the match to the first frame; null before it. */
  readonly frameAfterMs: number | null;
}

/** The first time counts: returns the same marks if the moment was reached before. */
export function withMark<M extends Marks>(marks: M, moment: Moment, atMs: number): M {
  if (marks.at[moment] !== undefined) return marks;
  return { ...marks, at: { ...marks.at, [moment]: atMs } };
}

/**
 * Splits the time into steps. A moment noticed late is moved before its successors, and a missed
 * one adds to the next step: steps are contiguous and never negative.
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
