import type { Mode } from '@farandole/protocol/fields';

/** The modes from the least to the most revealing, and the media lines that each allows. */
const RUNGS: readonly { readonly mode: Mode; readonly kinds: readonly string[] }[] = [
  { mode: 'text', kinds: [] },
  { mode: 'voice', kinds: ['audio'] },
  { mode: 'video', kinds: ['audio', 'video'] },
];

export function rank(mode: Mode): number {
  return RUNGS.findIndex((rung) => rung.mode === mode);
}

export function kindsOf(mode: Mode): readonly string[] {
  return RUNGS[rank(mode)]?.kinds ?? [];
}
