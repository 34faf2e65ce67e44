/** Suggestions shown at once. */
export const SUGGESTIONS_MAX = 6;

/** Folded for comparison: no accents, ligatures or case. */
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
 * Suggestions for the input: prefix matches, then other matches, each in the order of `known`.
 * Empty input suggests nothing.
 * @param chosen excluded, like an exact match
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

/** Selected suggestion; null is the text itself. */
export type Marked = number | null;

/** Moves the selection. After the last comes the text, then the other end. */
export function markNext(marked: Marked, step: 'down' | 'up', count: number): Marked {
  if (count === 0) return null;
  if (marked === null) return step === 'down' ? 0 : count - 1;
  const next = step === 'down' ? marked + 1 : marked - 1;
  return next < 0 || next >= count ? null : next;
}
