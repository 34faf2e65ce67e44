import type { Mode } from '@farandole/protocol/fields';

/** Returns the ways to meet that the operator offers. The server names them if it isn't the default. */
export function offeredModes(): readonly Mode[] {
  const { modes = 'video text' } = document.documentElement.dataset;
  return modes.split(' ') as Mode[];
}

/** Whether a call in the mode carries text. On a server that offers only voice, none does. */
export function carriesText(mode: Mode): boolean {
  return mode !== 'voice' || offeredModes().some((each) => each === 'text' || each === 'video');
}
