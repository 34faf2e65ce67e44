/** So many are shown at once: a list that is longer is not read. */
export const SUGGESTIONS_MAX = 6;

/** A text as it is compared: without accents, ligatures or case. */
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
 * What somebody may be about to type: first what begins so, then what has it anywhere, each in the
 * order of `known`. Nothing typed suggests nothing.
 *
 * @param chosen Left out, as is what has been typed whole: there is nothing more to say of it.
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

/** Which of the suggestions an arrow key has come to; null is the text itself. */
export type Marked = number | null;

/** One step on: past the last is the text again, and from there the other end. */
export function markNext(marked: Marked, step: 'down' | 'up', count: number): Marked {
  if (count === 0) return null;
  if (marked === null) return step === 'down' ? 0 : count - 1;
  const next = step === 'down' ? marked + 1 : marked - 1;
  return next < 0 || next >= count ? null : next;
}
