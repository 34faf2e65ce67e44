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
/** Matches Arabic elongation with a space, which writes the letters of a word apart. */
const ELONGATED_APART = /\u0640 \u0640/gu;
const EASTERN_DIGIT = /[\u0660-\u0669\u06F0-\u06F9]/gu;

/** Letters of other scripts, and the Latin letters that they look like. */
const LOOKALIKES = 'аеорсухіјѕԁһкмтнвαορικνυ';
const LATIN_LOOKALIKES = 'aeopcyxijsdhkmthbaopikvu';
const WORD = /\p{L}+/gu;
const LATIN = /\p{Script=Latin}/u;
const OTHER = /[\p{Script=Cyrillic}\p{Script=Greek}]/gu;
/** Matches a word in which a digit or a sign can stand for a letter, such as "f1fteen" and "sn@p". */
export const LEET_WORD =
  /(?<![\p{L}\p{N}])(?:\p{L}+(?:\p{N}|[@$!€](?=\p{L}))|[\p{N}$]\p{L}{2})(?:[\p{L}\p{N}]|[@$!€](?=\p{L}))*/gu;
const LEET_SIGN = /[013457@$!€]/gu;
const LEET_SIGNS = '013457@$!€';
const LEET_LETTERS = 'oieastasie';

/** Returns a word with letters for the digits and signs that look like them. */
export function withLetters(word: string): string {
  return word.replaceAll(LEET_SIGN, (sign) => LEET_LETTERS.charAt(LEET_SIGNS.indexOf(sign)));
}

/** Returns a word that mixes scripts with Latin letters only, as far as letters look alike. */
function inLatin(word: string): string {
  if (!LATIN.test(word)) return word;
  return word.replaceAll(OTHER, (letter) => {
    const index = LOOKALIKES.indexOf(letter.toLowerCase());
    return index < 0 ? letter : LATIN_LOOKALIKES.charAt(index);
  });
}

/** Returns a text as the patterns for chat lines expect it, with Arabic and Persian digits as 0–9. */
export function plainOf(text: string): string {
  let plain = text
    .normalize('NFKC')
    .replaceAll(ELONGATED_APART, '')
    .replaceAll(UNSEEN, '')
    .replaceAll(WORD, inLatin);
  for (const [letters, letter] of ARABIC) plain = plain.replaceAll(letters, letter);
  // The last four bits of both kinds of digits are their value.
  return plain.replaceAll(EASTERN_DIGIT, (digit) => String(digit.charCodeAt(0) & 0b1111));
}
