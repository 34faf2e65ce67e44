import type { WordTree } from '@farandole/ui/sentences';

const PLAIN = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ACCENTED = 'áƀçđéƒĝĥíĵķļɱñóþɋŕšţúṽŵẋýžÁƁÇĐÉƑĜĤÍĴĶĻṀÑÓÞɊŔŠŢÚṼŴẊÝŽ';
const GROWTH = 1.4;
const GAP = /(\{\{[^{}]*\}\})/u;

/**
 * Returns a pseudo-translation: readable, with longer words and an accent on every letter. Text
 * without accents on a page is text that can't be translated.
 */
export function pseudoSentence(sentence: string): string {
  return sentence
    .split(GAP)
    .map((part) => (GAP.test(part) ? part : stretch(part)))
    .join('');
}

/** Makes a text longer by doubling its vowels in order and then padding the end. */
function stretch(part: string): string {
  const letters = part.replaceAll(/[^a-z]/giu, '').length;
  let missing = Math.ceil(letters * (GROWTH - 1));
  let grown = '';
  for (const letter of part) {
    const at = PLAIN.indexOf(letter);
    const accented = at === -1 ? letter : (ACCENTED[at] ?? letter);
    grown += accented;
    if (missing > 0 && /[aeiouy]/u.test(letter)) {
      grown += accented;
      missing -= 1;
    }
  }
  // A text with too few vowels is padded with its last letter.
  const end = /^.*\p{L}/su.exec(grown)?.[0].length ?? 0;
  const last = grown.charAt(end - 1);
  return grown.slice(0, end) + last.toLowerCase().repeat(missing) + grown.slice(end);
}

export function pseudoWords(tree: WordTree): WordTree {
  return Object.fromEntries(
    Object.entries(tree).map(([name, value]) => [
      name,
      typeof value === 'string' ? pseudoSentence(value) : pseudoWords(value),
    ]),
  );
}
