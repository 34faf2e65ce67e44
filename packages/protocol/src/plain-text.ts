/**
 * Arabic letters that are written in several ways, and the one that the patterns use. The first
 * group has hamza or madda on alef. The others are the forms at the end of a word, and Persian.
 */
const ARABIC: readonly (readonly [RegExp, string])[] = [
  [/[أإآٱ]/gu, 'ا'],
  [/[ىی]/gu, 'ي'],
  [/ة/gu, 'ه'],
  [/ک/gu, 'ك'],
];

/** Direction marks, isolates and other format characters; combining and enclosing marks; Arabic elongation. */
const UNSEEN = /[\p{Cf}\p{Mn}\p{Me}]|\u0640/gu;
const EASTERN_DIGIT = /[\u0660-\u0669\u06F0-\u06F9]/gu;

/** Returns a text as the patterns for chat lines expect it, with Arabic and Persian digits as 0–9. */
export function plainOf(text: string): string {
  let plain = text.normalize('NFKC').replaceAll(UNSEEN, '');
  for (const [letters, letter] of ARABIC) plain = plain.replaceAll(letters, letter);
  // The last four bits of both kinds of digits are their value.
  return plain.replaceAll(EASTERN_DIGIT, (digit) => String(digit.charCodeAt(0) & 0b1111));
}
