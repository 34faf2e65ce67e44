import { patternOf } from '@farandole/protocol/hint-patterns';
import { LEET_WORD, withLetters } from '@farandole/protocol/plain-text';
import { DIGIT_WORDS, TEN } from '@farandole/protocol/spelled-number';

/** Matches an age whose digits are written apart, such as "1 5", or with a letter, such as "l5". */
const APART =
  /(?<![\p{N}\p{L}.,:/-])(?:1|l(?![ _-]?\d\p{L}))[ _-]?([0-8])(?!\p{N}|%|[.,:/ _-]\p{N})/giu;
/** Matches a zero in a word, such as "teng0". */
const ZERO_IN_WORD = /(?<=\p{L})0(?!\p{N})/gu;
const I_AM = /(?<!\p{L})i['’`´]m(?!\p{L})/gu;
const AIRPLANE = /(?<!\p{L})(?:f-16|f16(?= jet))(?!\p{N})/giu;
const UNDER_18 = /(?:(?<!\p{L})[uü][ -]?|<[ ]?)18(?!\p{N})/giu;
/** Matches a German date, such as "am 15.". */
const DATE = /(?<!\p{L}|i )am 1[0-8]\.(?!\p{N})/giu;
const YEARS_OLD = /(?<!\p{L})y ?[./] ?o(?!\p{L})\.?/giu;
/** Matches a laugh, such as "hahah" and "kkkk". */
const LAUGH = /(?<!\p{L})(?:[hj][aei]){2,}[hj]?(?!\p{L})|(?<!\p{L})(?:k{3,}|ه{3,})(?!\p{L})/gu;
/** Matches the end of a clause or a text after a number. */
const CLAUSE_END = /^ ?(?!\p{L}|\p{N}|['’-])/u;
const ELISION = /(?<!\p{L})(d|l|qu)['’`´](?=\p{L})/gu;
/** Matches a low line between the words of a number, as in "dix_sept". */
const LOW_LINE = /(?<=\p{L})_(?=\p{L})/gu;
const APOSTROPHE = /['’`´]/gu;
/** Matches a number in quotes or brackets. */
const QUOTED = /["“”„«»()[\]*](\p{N}{2})["“”„«»()[\]*]/gu;
const ROMAN = /(?<![\p{L}\p{N}])x(?:ii|iii|iv|v|vi|vii)(?!\p{L})/giu;
const ROMAN_DIGITS = ['', 'i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii'];
const MARK = /\p{M}/gu;
const REPEATED_AT_END = /(\p{L})\1+(?!\p{L})/gu;
const REPEATED = /(\p{L})\1+/gu;

/** Matches a year in words, such as "two thousand ten". */
const YEAR_IN_WORDS =
  /(?<!\p{L})(two thousand|twenty|dos mil|dois mil|deux mil(?:le)?|zweitausend|الفين)[ -]?(?:and |und|e |y |و ?)?(\p{L}+)/gu;
/** Words that are numbers only after others. */
const IS_TEN = /^(?:dix|عشره)$/u;
const IS_NINE = /^(?:nine|neuf|nueve|nove|neun|تسعه)$/u;
/** Matches a German number that begins a longer word, as in "sechzehneinhalb". */
const COMPOUND = /(zehn|(?<!\p{L})elf|zwolf)(?=einhalb|jahr)/gu;
/** Matches a word with its letters apart, such as "s i x t e e n". */
const SPELLED_OUT = /(?<!\p{L})\p{L}(?:[ ._-]\p{L}){2,}(?!\p{L})/gu;
const SPACES = / {2,}/gu;
const NOT_LETTER = /\P{L}/gu;
/** Matches a word that no unit or gender makes of an age, unlike "16f". */
const DIGIT_INSIDE = /^\p{L}+[013457]\p{L}/u;
const HYPHENATED = /(?<![\p{L}-])\p{L}+-\p{L}+(?![\p{L}-])/gu;

const DIGITS = DIGIT_WORDS.map((words) => foldedOf(words).replaceAll(REPEATED_AT_END, '$1'));
const DIGIT_WORD = DIGITS.join('|');
const DIGIT = `\\d|${DIGIT_WORD}`;
const DIGIT_PATTERNS = DIGITS.map((digit) => patternOf(`^(?:${digit})$`, 'u'));
/** Matches the digits of an age in words, as in "one six" and "1seven", but not in "1 2 3". */
const DIGIT_BY_DIGIT = patternOf(
  `(?<![\\p{L}\\p{N}.,:/-])(?:(?:1|one|uno|eins|واحد)[ -]?|(?:um?|un)-|une? (?=\\p{L}+ ans)|um (?=\\p{L}+ anos))(${DIGIT_WORD})(?![\\p{L}\\p{N}]|[.,:/-]\\p{N}| (?:${DIGIT})(?!\\p{L}))`,
  'gu',
);
/** Matches a sum, as in "10+6" and "ten plus six". */
const SUM = patternOf(
  `(?<![\\p{N}.,:-])(1?\\d|dix|عشره) ?(?:\\+|plus|mas|mais|زائد) ?(1[0-7]|${DIGIT})(?![\\p{L}\\p{N}]|[.,:-]\\p{N})`,
  'gu',
);
/** Matches ten and a digit, as in "diez y seis". */
const TEN_AND = patternOf(
  `(?<![\\p{L}\\p{N}.,:-])(?:10 (?:y|e) |عشره و ?)(${DIGIT})(?!\\p{L}|\\p{N})`,
  'gu',
);
/** Matches ten in words before a digit, as in "dix 7" and "dez7". */
const TEN_BEFORE_DIGIT =
  /(?<!\p{L})(?:di[xs]|dez|diez)(?: y| e)?[ -]?([6-9])(?![\p{N}]|[.,:]\p{N})/gu;
/** Matches a difference, as in "18 minus 1" and "20-4". */
const DIFFERENCE = patternOf(
  `(?<![\\p{N}.,:-])(1[89]|2[0-7]) ?(?:-(?=\\d(?: |$)(?:$|y|ans|anos|jahr|سنه))|minus|moins|menos|weniger|ناقص) ?(${DIGIT}|an|ano|jahr|سنه|year)(?![\\p{L}\\p{N}]|[.,:-]\\p{N})`,
  'gu',
);
/** Matches a product, as in "2x8" and "dos veces ocho". */
const PRODUCT = patternOf(
  `(?<![\\p{L}\\p{N}.,:-])(${DIGIT}) ?(?:x|\\*|times|fois|veces|vezes|mal) ?(${DIGIT})(?![\\p{L}\\p{N}]|[.,:-]\\p{N})`,
  'gu',
);
/** Matches a fraction after an age, as in "15 and 3/4" and "16,5". */
const FRACTION =
  /(?<=(?<![\p{N}.,:/-])1[0-7])(?: (?:and |et |y |e |und )?[13]\/[24]|[.,]5)(?![\p{N}/%])/gu;

/** Writes ages as digits that are written by their digits, as a sum or with a fraction. */
function calculated(text: string): string {
  // A word for one year, as in "18 minus a year", isn't a digit and counts as one.
  const valueOf = (word: string): number =>
    /^\d+$/u.test(word)
      ? Number(word)
      : Math.abs(DIGIT_PATTERNS.findIndex((digit) => digit.test(word)));
  return text
    .replaceAll(FRACTION, '')
    .replaceAll(DIFFERENCE, (_, one: string, other: string) => String(Number(one) - valueOf(other)))
    .replaceAll(PRODUCT, (_, one: string, other: string) => String(valueOf(one) * valueOf(other)))
    .replaceAll(SUM, (_, one: string, other: string) =>
      String((Number(one) || 10) + valueOf(other)),
    )
    .replaceAll(TEN_AND, (_, digit: string) => `1${valueOf(digit)}`)
    .replaceAll(DIGIT_BY_DIGIT, (_, digit: string) => `1${valueOf(digit)}`);
}

/** Returns a text in the form in which words are compared: in lower case and without accents. */
export function foldedOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(I_AM, 'i am')
    .replaceAll(ELISION, '$1e ')
    .replaceAll(APOSTROPHE, '')
    .normalize('NFD')
    .replaceAll(MARK, '')
    .replaceAll('ß', 's');
}

/** Writes repeated letters once, because people lengthen words in a chat. */
export function squeezed(text: string): string {
  return text.replaceAll(REPEATED, '$1');
}

/**
 * Returns a function that writes a line in plain text as words in lower case, with numbers in
 * digits. A word in which digits stand for letters is replaced if the language has it.
 * @param numbers Patterns of the numbers from 10 to 18 in words.
 * @param vocabulary All words that the language has a class for.
 * @param unit The unit of an age. It is added to a number whose letters are apart.
 */
export function ageWriterOf(
  numbers: readonly string[],
  vocabulary: ReadonlySet<string>,
  unit: string,
): (plain: string) => string {
  const spelled = numbers.map((source) => patternOf(`(?<!\\p{L})(?:${source})(?!\\p{L})`, 'gu'));
  const alone = numbers.map((source) => patternOf(`^(?:${source})$`, 'u'));
  const isNumber = (word: string): boolean => alone.some((number) => number.test(word));
  const isKnown = (word: string): boolean =>
    isNumber(word) || TEN.test(word) || vocabulary.has(word);
  const yearOf = (written: string, start: string, word: string): string => {
    const index = alone.findIndex((number) => number.test(word));
    if (index >= 0) return `20${index + 10}`;
    if (IS_TEN.test(word)) return '2010';
    return start !== 'twenty' && IS_NINE.test(word) ? '2009' : written;
  };
  // People write the letters of no number apart but of their age.
  const withUnit = (word: string, text: string, end: number): string =>
    isNumber(word) && CLAUSE_END.test(text.slice(end)) ? `${word} ${unit}` : word;
  return (plain) => {
    const folded = foldedOf(
      plain
        .replaceAll(APART, '1$1')
        .replaceAll(ZERO_IN_WORD, 'o')
        .replaceAll(AIRPLANE, 'airplane')
        .replaceAll(UNDER_18, 'underaged')
        .replaceAll(LOW_LINE, ' ')
        .replaceAll(YEARS_OLD, 'yo')
        .replaceAll(DATE, 'date')
        .replaceAll(QUOTED, ' $1 ')
        .replaceAll(ROMAN, (numeral) =>
          String(10 + ROMAN_DIGITS.indexOf(numeral.slice(1).toLowerCase())),
        ),
    )
      .replaceAll(REPEATED_AT_END, '$1')
      .replaceAll(LAUGH, 'lol')
      .replaceAll(SPELLED_OUT, (word, index: number, text: string) =>
        withUnit(word.replaceAll(NOT_LETTER, ''), text, index + word.length),
      )
      .replaceAll(SPACES, ' ')
      .replaceAll(COMPOUND, '$1 ')
      .replaceAll(HYPHENATED, (word) => {
        const joined = word.replace('-', '');
        return isNumber(joined) ? joined : word;
      })
      .replaceAll(LEET_WORD, (word) => {
        const letters = squeezed(withLetters(word));
        const isLeet = DIGIT_INSIDE.test(word) || isKnown(letters);
        return isLeet && !vocabulary.has(word) ? letters : word;
      })
      .replaceAll(YEAR_IN_WORDS, yearOf)
      .replaceAll(TEN_BEFORE_DIGIT, '1$1');
    const digits = spelled.reduce(
      (text, number, index) => text.replaceAll(number, String(index + 10)),
      folded,
    );
    return squeezed(calculated(digits));
  };
}
