export const MOMENTS = ['matched', 'described', 'connected', 'framed', 'checked', 'shown'] as const;

export type Moment = (typeof MOMENTS)[number];

/**
 * When a call first reached each moment, by one monotonic clock. A moment that the call hasn't
 * reached has no entry.
 */
export interface Marks {
  /** When the user pressed Start or Next, or an automatic search started. */
  readonly beganAtMs: number;
  readonly at: { readonly [M in Moment]?: number };
}

export interface PictureStep {
  readonly to: Moment;
  /** Start of the step in milliseconds after the match. It is negative for steps of the search. */
  readonly fromMs: number;
  readonly tookMs: number;
  /**
   * Start and length of the bar that shows this step, as shares of the total time without steps
   * that wait for a user. It is `null` for a step that waits for a user.
   */
  readonly bar: { readonly start: number; readonly length: number } | null;
}

export interface FirstPictureView {
  readonly steps: readonly PictureStep[];
  /** Milliseconds from the match to the stranger's first frame, or `null` before that frame. */
  readonly frameAfterMs: number | null;
}

/**
 * Records when a moment was reached. Returns the same object if the moment was already recorded.
 */
export function withMark<M extends Marks>(marks: M, moment: Moment, atMs: number): M {
  if (marks.at[moment] !== undefined) return marks;
  return { ...marks, at: { ...marks.at, [moment]: atMs } };
}

/**
 * Splits the time up to the stranger's first picture into contiguous steps. If a moment was
 * recorded after its successor, it is moved back to the successor's time. The time of a missing
 * moment counts for the next step. No step is negative.
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
