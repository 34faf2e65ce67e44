import { loadConsole } from '@farandole/ui/locales';

const { refused } = await loadConsole('en');

/** Returns the reason of a refusal as the console says it, with its code. */
export function refusalText(reason: string): string {
  const text = Object.entries(refused).find(([code]) => code === reason)?.[1];
  return text === undefined ? `Refused: ${reason}.` : `Refused: ${text} (${reason})`;
}
