import { patternOf } from './hint-patterns.ts';
import { isNamedNumber } from './named-numbers.ts';
import { LEET_WORD, withLetters } from './plain-text.ts';

/** Words of the digits 0 to 9 in all languages, for the output of `plainOf`. */
export const DIGIT_WORDS: readonly string[] = [
  'null(?:en)?|zero(?:e?s)?|zéros?|ceros?|oh|nought|صفر|اصفار|زيرو',
  'eins?|one|une?|uno|um|uma|واحده?',
  'zwei|zwo|two|deux|dos|dois|duas|اثنين|اثنان|اتنين|ثنين|تنين',
  'drei|three|trois|tres|três|ثلاثه?|تلاته?',
  'vier|four|quatre|cuatro|quatro|اربعه?',
  'fünf|fuenf|five|cinq|cinco|خمسه?',
  'sechs|six|seis|meia|سته?',
  'sieben|seven|sept|siete|sete|سبعه?',
  'acht|eight|huit|ocho|oito|ثماني?ه?|تماني?ه?|تمنيه?|تمن',
  'neun|nine|neuf|nueve|nove|تسعه?',
];
/** Words of larger numbers, which people say for two digits. */
const TENS: readonly string[] = [
  'ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred',
  'dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente|quarante|cinquante|soixante|septante|huitante|nonante',
  'diez|once|doce|trece|catorce|quince|dieciséis|dieciseis|diecisiete|dieciocho|diecinueve|veint[ei]\\p{L}*|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|mil',
  'dez|doze|treze|catorze|dezesseis|dezessete|dezoito|dezenove|vinte|trinta|quarenta|cinquenta|sessenta|oitenta',
  '\\p{L}{0,12}hundert\\p{L}{0,20}|(?:zwei|drei|vier|fünf|sechs)mal|zehn|elf|zwölf|(?:drei|vier|fünf|sech|sieb|acht|neun)zehn|(?:(?:ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun)und)?(?:zwan|drei|vier|fünf|sech|sieb|acht|neun)[zß]ig',
  'عشره|عشرين|ثلاثين|تلاتين|اربعين|خمسين|ستين|سبعين|ثمانين|تمانين|تسعين',
];
const DIGIT = DIGIT_WORDS.join('|');
const NUMBER = `${DIGIT}|${TENS.join('|')}`;
const BETWEEN = '(?:[ ,،.-]{1,3}(?:(?:double|triple|doble|duplo|y|e|et|und) )?)';
const RUN = patternOf(`(?<!\\p{L})(?:(?:${NUMBER})${BETWEEN}){3,20}(?:${NUMBER})(?!\\p{L})`, 'giu');
const WORD = /\p{L}+/gu;
const DIGITS = DIGIT_WORDS.map((words) => patternOf(`^(?:${words})$`));
export const TEN = patternOf(`^(?:${TENS.join('|')})$`);
const REPEATED = /^(?:double|doble|duplo|triple)$/iu;
/** Least number of digits of a phone number. */
const DIGITS_MIN = 7;
/** Least number of words of a phone number, because "thirty-three or thirty-four" isn't one. */
const WORDS_MIN = 5;
const COUNTING = '01234567890';
const COUNTED_MIN = 5;

/**
 * Whether a text has a number of at least 7 digits in words that is neither counting nor the number
 * of a thing.
 */
export function hasSpelledNumber(plain: string): boolean {
  return [...plain.matchAll(RUN)].some(
    ({ 0: run, index }) =>
      isPhone(run.match(WORD) ?? []) && !isNamedNumber(plain, index, index + run.length),
  );
}

function isPhone(words: readonly string[]): boolean {
  const tens = words.filter((word) => TEN.test(word)).length;
  const repeated = words.filter((word) => REPEATED.test(word)).length;
  const digits = words
    .map((word) => DIGITS.findIndex((digit) => digit.test(word)))
    .filter((digit) => digit >= 0);
  // A text that only counts in tens isn't a phone number either.
  if (digits.length === 0 || tens * 2 + digits.length + repeated < DIGITS_MIN) return false;
  const isCounting = digits.length >= COUNTED_MIN && COUNTING.includes(digits.join(''));
  return digits.length + tens >= WORDS_MIN && !isCounting;
}

/** Matches a number in which letters stand for digits, such as "o1o8". */
const DISGUISED =
  /(?<!\p{L})(?:o\p{Nd}(?!\p{Nd})|(?<=[\p{Nd}ol] )[ol]{2,4}(?= [\p{Nd}ol])|[oliz]{0,4}\p{Nd}[\p{Nd}oliz]+)(?!\p{L})/giu;
const LOOKALIKE = /[oliz]/giu;
const HAS_DIGIT = /\p{Nd}/u;
const NUMBER_WORD = patternOf(`(?<!\\p{L})(?:${NUMBER})(?!\\p{L})`, 'giu');
/** Matches what joins numbers, as in "treinta y cuatro". */
const THEN = /(?<=\p{Nd}),? (?:puis|then|dann|luego|depois|ثم) (?=\p{Nd})/gu;
const JOIN =
  /(?<=\p{Nd}) ?(?:,|،|,? ?(?:und(?: die)?|y|e|et|and|dann|then|puis|luego|depois|ثم|double|triple|doble|duplo)) (?=\p{Nd})/gu;

/**
 * Returns a text with all its numbers in digits. Finds phone numbers that are written in digits and
 * words, or with letters that look like digits. Each word for tens becomes two digits. A text
 * without a digit stays as it is.
 */
export function withDigits(plain: string): string {
  const written = plain
    .replaceAll(THEN, ' ')
    .replaceAll(DISGUISED, (token) =>
      token.replaceAll(LOOKALIKE, (letter) => '0112'.charAt('oliz'.indexOf(letter.toLowerCase()))),
    )
    .replaceAll(LEET_WORD, (token) => {
      const word = withLetters(token);
      return DIGITS.some((digit) => digit.test(word)) ? word : token;
    });
  if (written === plain && !HAS_DIGIT.test(plain)) return plain;
  const digits = written.replaceAll(NUMBER_WORD, (word) => {
    const value = DIGITS.findIndex((digit) => digit.test(word));
    return value < 0 ? '10' : String(value);
  });
  return digits === plain ? digits : digits.replaceAll(JOIN, ' ');
}
