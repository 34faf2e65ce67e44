/** One of several things is shown after another, for so long each. */
export const ROTATES_EVERY_MS = 12_000;

/** What may hold it still; anything that does is enough. */
export interface Stillness {
  /** The person pressed Pause. */
  readonly paused: boolean;
  /** Somebody points at it or has the focus in it: they are reading. */
  readonly attended: boolean;
  /** What moves by itself should not (WCAG 2.2.2). */
  readonly lessMotion: boolean;
}

export function rotates({ paused, attended, lessMotion }: Stillness): boolean {
  return !paused && !attended && !lessMotion;
}

/** The place after `index`, round and round. */
export function placeAfter(index: number, length: number): number {
  return length === 0 ? 0 : (index + 1) % length;
}
