import type { Mode, Rung } from '@farandole/protocol/fields';

/** The ways to meet, from the least to the most revealing. */
const LADDER: readonly Mode[] = ['text', 'voice', 'video'];

/** Whether a call in the mode has no media connection. */
export function isText(mode: Mode): boolean {
  return mode === 'text' || mode === 'question';
}

export function isBelow(lower: Mode, upper: Mode): boolean {
  return LADDER.indexOf(lower) < LADDER.indexOf(upper);
}

export function isRung(mode: Mode): mode is Rung {
  return mode !== 'question';
}
