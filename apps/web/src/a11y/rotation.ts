/** How long each tip is shown before the next one. */
export const ROTATES_EVERY_MS = 12_000;

/** Conditions under which the tips don't rotate. One of them is enough. */
export interface Stillness {
  readonly paused: boolean;
  /** The pointer or the focus is inside the tip, so the user is probably reading. */
  readonly attended: boolean;
  /** The user prefers reduced motion, so the tips must not rotate (WCAG 2.2.2). */
  readonly lessMotion: boolean;
}

export function rotates({ paused, attended, lessMotion }: Stillness): boolean {
  return !paused && !attended && !lessMotion;
}

export function placeAfter(index: number, length: number): number {
  return length === 0 ? 0 : (index + 1) % length;
}
