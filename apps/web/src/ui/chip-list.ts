export type ChipRefusal = 'too-many' | 'too-long' | 'twice' | 'bad-characters';

/** The server's limit, in code points after trimming. */
export const CHIP_CODE_POINTS_MAX = 32;

export interface ChipLimits {
  readonly itemsMax: number;
}

export type ChipOutcome =
  | { readonly items: readonly string[]; readonly refusal: null }
  | { readonly items: readonly string[]; readonly refusal: ChipRefusal };

const CONTROL = /[\p{Cc}\p{Cs}]/u;

/**
 * Adds comma-separated input. Normalizes white space and ignores parts without visible characters.
 * Stops at the first refused part and keeps the parts before it.
 * @returns the new list, and the reason if it stopped
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

/** Whether two chips look equal. The server's normalization decides. */
function sameChip(one: string, other: string): boolean {
  return one.normalize('NFKC').toLowerCase() === other.normalize('NFKC').toLowerCase();
}

/** The focus after removing the chip at `index`: its successor, else the field. */
export function focusAfterRemoval(index: number, lengthBefore: number): number | 'field' {
  return index < lengthBefore - 1 ? index : 'field';
}
