import type { WordTree } from '@farandole/ui/sentences';

const PLAIN = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ACCENTED = 'áƀçđéƒĝĥíĵķļɱñóþɋŕšţúṽŵẋýžÁƁÇĐÉƑĜĤÍĴĶĻṀÑÓÞɊŔŠŢÚṼŴẊÝŽ';
/** Translations grow by about this much. */
const GROWTH = 1.4;
const GAP = /(\{\{[^{}]*\}\})/u;

/**
 * A sentence as no language writes it, and yet to be read: every letter has an accent, and words
 * are longer, as in a language that needs more room. What stays plain on a page came from elsewhere.
 */
export function pseudoSentence(sentence: string): string {
  return sentence
    .split(GAP)
    .map((part) => (GAP.test(part) ? part : stretch(part)))
    .join('');
}

/** Doubles vowels first, as they come, then pads with what no word would miss. */
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
  // A sentence of few vowels ends in more of its last letter, before its full stop.
  const end = /^.*\p{L}/su.exec(grown)?.[0].length ?? 0;
  const last = grown.charAt(end - 1);
  return grown.slice(0, end) + last.toLowerCase().repeat(missing) + grown.slice(end);
}

/** The same tree, every sentence of it made so. */
export function pseudoWords(tree: WordTree): WordTree {
  return Object.fromEntries(
    Object.entries(tree).map(([name, value]) => [
      name,
      typeof value === 'string' ? pseudoSentence(value) : pseudoWords(value),
    ]),
  );
}
