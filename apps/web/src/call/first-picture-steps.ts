export const MOMENTS = ['matched', 'described', 'connected', 'framed', 'checked', 'shown'] as const;

export type Moment = (typeof MOMENTS)[number];

/**
 * Times at which a call first reached each moment, on one monotonic clock. A moment that wasn't
 * reached is missing.
 */
export interface Marks {
  /** Time at which the user pressed Start or Next, or an automatic search started. */
  readonly beganAtMs: number;
  readonly at: { readonly [M in Moment]?: number };
}

export interface PictureStep {
  readonly to: Moment;
  /** Start of the step relative to the match, in milliseconds. Negative for steps of the search. */
  readonly fromMs: number;
  readonly tookMs: number;
  /**
   * Start and length of the step's bar as shares of the time that machines took; `null` for a step
   * that waits for a user.
   */
  readonly bar: { readonly start: number; readonly length: number } | null;
}

export interface FirstPictureView {
  readonly steps: readonly PictureStep[];
  /** Time from the match to the first frame; `null` before the first frame. */
  readonly frameAfterMs: number | null;
}

/** Records the time of a moment. Returns the same object if the moment was already recorded. */
export function withMark<M extends Marks>(marks: M, moment: Moment, atMs: number): M {
  if (marks.at[moment] !== undefined) return marks;
  return { ...marks, at: { ...marks.at, [moment]: atMs } };
}

/**
 * Splits the time up to the first picture into contiguous steps. A moment recorded after its
 * successor is moved before the successor, and the time of a missing moment counts for the next
 * step. No step is negative.
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
