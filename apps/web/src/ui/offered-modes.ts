import type { Mode } from '@farandole/protocol/fields';

/** The ways to meet as the operator names them, if they aren't the default. */
const offered = (): readonly string[] =>
  (document.documentElement.dataset['modes'] ?? 'video text').split(' ');

/** Returns the rungs that the operator offers. */
export function offeredModes(): readonly Mode[] {
  return offered().filter((mode) => mode !== 'exchange') as Mode[];
}

export function offersExchange(): boolean {
  return offered().includes('exchange');
}

/** Whether a call in the mode carries text. On a server that offers only voice, none does. */
export function carriesText(mode: Mode): boolean {
  return mode !== 'voice' || offeredModes().some((each) => each === 'text' || each === 'video');
}
