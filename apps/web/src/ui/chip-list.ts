/** Why something typed did not become a chip. */
export type ChipRefusal = 'too-many' | 'too-long' | 'twice' | 'bad-characters';

/** As the server measures an interest: code points, once trimmed. */
export const CHIP_CODE_POINTS_MAX = 32;

export interface ChipLimits {
  readonly itemsMax: number;
}

export type ChipOutcome =
  | { readonly items: readonly string[]; readonly refusal: null }
  | { readonly items: readonly string[]; readonly refusal: ChipRefusal };

const CONTROL = /[\p{Cc}\p{Cs}]/u;

/**
 * Adds what was typed, where commas part several. White space around and within is evened out; a
 * part without a visible character adds nothing and is no fault. At the first refusal the rest is
 * left out, and what came before it stays.
 *
 * @returns The list with what could be added, and why the rest was not.
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

/** Whether two would be one to a reader; the server's own spelling decides in the end. */
function sameChip(one: string, other: string): boolean {
  return one.normalize('NFKC').toLowerCase() === other.normalize('NFKC').toLowerCase();
}

/** Where the focus goes when the chip at `index` is gone: to its successor, else to the field. */
export function focusAfterRemoval(index: number, lengthBefore: number): number | 'field' {
  return index < lengthBefore - 1 ? index : 'field';
}
