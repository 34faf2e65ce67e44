/**
 * Patterns of `private-details.ts` for German and Arabic. They are written for the output of
 * `plainOf`.
 */

/**
 * Matches links to domains of German- and Arabic-speaking countries. "De", "at" and "ma" are words
 * of other languages too, so a path must follow them, or the text must continue as after a link.
 */
const DOMAIN =
  /[\p{L}\p{N}-]\.(?:(?:ch|ae|eg|dz|iq|kw|qa|bh|jo|lb)(?![\p{L}\p{N}])|(?:at|sa|ma|om|tn)\/|de(?= {0,3}(?:$|[.,،;!?؟)]))|(?:com|net|org|info)(?=\p{Script=Arabic}))/iu;
const NAMED_DOMAIN =
  /(?<!\p{L})(?:auf|unter|bei|von|seite|homepage|website|موقعي?|علي|رابط) [\p{L}\p{N}-]+\.(?:de|at|sa|ma|om|tn)(?![\p{Script=Latin}\p{N}])/iu;
/** Matches a link in words, such as "example punkt de". */
const SPELLED =
  /[\p{L}\p{N}-] (?:punkt (?:de|com|net|org|ch|at)|(?:نقطه|دوت) (?:كوم|نت|اورج|com|net|org))(?!\p{L})/iu;
const SPELLED_EMAIL =
  /[\p{L}\p{N}](?: ?(?:\(at\)|\[at\]|\(ät\)| ät | klammeraffe | ات ) ?[\p{L}\p{N}-]+ ?(?:\.|punkt|نقطه|دوت)| at [\p{L}\p{N}-]+ (?:punkt|نقطه|دوت)) ?(?:de|com|net|org|ch|at|كوم|نت|اورج)(?!\p{L})/iu;

export const hasLink = (plain: string): boolean =>
  DOMAIN.test(plain) || NAMED_DOMAIN.test(plain) || SPELLED.test(plain);

export const hasEmail = (plain: string): boolean => SPELLED_EMAIL.test(plain);

/** Words of the digits 0 to 9. */
const DIGIT_WORDS: readonly RegExp[] = [
  /^(?:null|صفر)$/iu,
  /^(?:eins?|واحده?)$/iu,
  /^(?:zwei|zwo|اثنين|اثنان|اتنين)$/iu,
  /^(?:drei|ثلاثه?|تلاته?)$/iu,
  /^(?:vier|اربعه?)$/iu,
  /^(?:fünf|fuenf|خمسه?)$/iu,
  /^(?:sechs|سته?)$/iu,
  /^(?:sieben|سبعه?)$/iu,
  /^(?:acht|ثمانيه?|تمانيه?)$/iu,
  /^(?:neun|تسعه?)$/iu,
];
const DIGIT = DIGIT_WORDS.map(({ source }) => source.slice(1, -1)).join('|');
const RUN = `(?<!\\p{L})(?:(?:${DIGIT})[ ,،-]{1,3}){6,14}(?:${DIGIT})(?!\\p{L})`;
const SPELLED_DIGITS = new RegExp(RUN, 'iu');
const WORD = /\p{L}+/gu;
const COUNTING = '01234567890';

/** Whether a text has a number of at least 7 digits in words, other than by counting. */
export function hasSpelledNumber(plain: string): boolean {
  const [run] = SPELLED_DIGITS.exec(plain) ?? [];
  if (run === undefined) return false;
  const digits = (run.match(WORD) ?? []).map((word) =>
    DIGIT_WORDS.findIndex((digit) => digit.test(word)),
  );
  return !COUNTING.includes(digits.join(''));
}
