import type { Mode } from '@farandole/protocol/fields';

/** Returns the ways to meet that the operator offers. The server names them if it isn't the default. */
export function offeredModes(): readonly Mode[] {
  return offered().filter((mode) => mode !== EXCHANGE) as Mode[];
}

export function offersExchange(): boolean {
  return offered().includes(EXCHANGE);
}

function offered(): readonly string[] {
  return (document.documentElement.dataset['modes'] ?? 'video text').split(' ');
}

const EXCHANGE = 'exchange';

/** Whether a call in the mode carries text. On a server that offers only voice, none does. */
export function carriesText(mode: Mode): boolean {
  return mode !== 'voice' || offeredModes().some((each) => each === 'text' || each === 'video');
}
