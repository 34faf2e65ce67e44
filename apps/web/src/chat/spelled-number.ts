/** Words of the digits 0 to 9 in German and Arabic, for the output of `plainOf`. */
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
