/** How long each item of a rotation is shown. */
export const ROTATES_EVERY_MS = 12_000;

/** Any one of these pauses the rotation. */
export interface Stillness {
  readonly paused: boolean;
  /** A pointer or the focus is inside: the user is reading. */
  readonly attended: boolean;
  /** The user prefers reduced motion (WCAG 2.2.2). */
  readonly lessMotion: boolean;
}

export function rotates({ paused, attended, lessMotion }: Stillness): boolean {
  return !paused && !attended && !lessMotion;
}

/** The next index, wrapping around. */
export function placeAfter(index: number, length: number): number {
  return length === 0 ? 0 : (index + 1) % length;
}
