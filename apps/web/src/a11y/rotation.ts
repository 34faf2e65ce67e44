/** Time for which each tip is shown. */
export const ROTATES_EVERY_MS = 12_000;

/** Conditions that pause the rotation. One of them is enough. */
export interface Stillness {
  readonly paused: boolean;
  /** A pointer or the focus is inside, so the user is reading. */
  readonly attended: boolean;
  /** The user prefers reduced motion (WCAG 2.2.2). */
  readonly lessMotion: boolean;
}

export function rotates({ paused, attended, lessMotion }: Stillness): boolean {
  return !paused && !attended && !lessMotion;
}

export function placeAfter(index: number, length: number): number {
  return length === 0 ? 0 : (index + 1) % length;
}
