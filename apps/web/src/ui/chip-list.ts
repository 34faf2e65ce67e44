export type ChipRefusal = 'too-many' | 'too-long' | 'twice' | 'bad-characters';

/** The server's limit for one interest, in code points of the trimmed text. */
export const CHIP_CODE_POINTS_MAX = 32;

export interface ChipLimits {
  readonly itemsMax: number;
}

export type ChipOutcome =
  | { readonly items: readonly string[]; readonly refusal: null }
  | { readonly items: readonly string[]; readonly refusal: ChipRefusal };

const CONTROL = /[\p{Cc}\p{Cs}]/u;

/**
 * Adds typed text, which may contain several interests separated by commas, to the list.
 * Normalizes white space and ignores parts without visible characters. Stops at the first
 * refused part and keeps the parts before it.
 * @returns the new list, and the reason if a part was refused
 */
export function addChips(
  items: readonly string[],
  typed: string,
  { itemsMax }: ChipLimits,
): ChipOutcome {
  const added = [...items];
  for (const part of typed.split(/[,،，、;\n]/u)) {
    const item = part.replace(/\s+/gu, ' ').trim();
    if (item === '') continue;
    if (CONTROL.test(item)) return { items: added, refusal: 'bad-characters' };
    if (Array.from(item).length > CHIP_CODE_POINTS_MAX)
      return { items: added, refusal: 'too-long' };
    if (added.some((other) => sameChip(other, item))) return { items: added, refusal: 'twice' };
    if (added.length >= itemsMax) return { items: added, refusal: 'too-many' };
    added.push(item);
  }
  return { items: added, refusal: null };
}

/**
 * Returns whether two interests look the same to the user. The server compares interests with
 * its own normalization.
 */
export function sameChip(one: string, other: string): boolean {
  return one.normalize('NFKC').toLowerCase() === other.normalize('NFKC').toLowerCase();
}

/**
 * Returns where the focus goes after the interest at `index` was removed: to the next interest's
 * button, or to the text field if there is none.
 */
export function focusAfterRemoval(index: number, lengthBefore: number): number | 'field' {
  return index < lengthBefore - 1 ? index : 'field';
}
