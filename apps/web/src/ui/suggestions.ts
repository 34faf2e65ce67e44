export const SUGGESTIONS_MAX = 6;

/** Returns a text without accents, ligatures and case, for comparison. */
export function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replace(/\s+/gu, ' ')
    .trim();
}

/**
 * Returns suggestions for the typed text: first those that start with it, then those that
 * contain it, each in the order of `known`. For an empty text there are none.
 * @param chosen texts that are already chosen; neither these nor a text equal to the typed one
 * are suggested
 */
export function suggest(
  known: readonly string[],
  typed: string,
  chosen: readonly string[],
): readonly string[] {
  const sought = folded(typed);
  if (sought === '') return [];
  const taken = new Set([...chosen.map(folded), sought]);
  const begins: string[] = [];
  const has: string[] = [];
  for (const item of known) {
    const own = folded(item);
    if (taken.has(own)) continue;
    if (own.startsWith(sought)) begins.push(item);
    else if (own.includes(sought)) has.push(item);
  }
  return [...begins, ...has].slice(0, SUGGESTIONS_MAX);
}

/** Index of the selected suggestion; `null` if the user's typed text is selected. */
export type Marked = number | null;

/**
 * Moves the selection in the list of suggestions. After the last suggestion comes the typed
 * text, then the other end of the list.
 */
export function markNext(marked: Marked, step: 'down' | 'up', count: number): Marked {
  if (count === 0) return null;
  if (marked === null) return step === 'down' ? 0 : count - 1;
  const next = step === 'down' ? marked + 1 : marked - 1;
  return next < 0 || next >= count ? null : next;
}
