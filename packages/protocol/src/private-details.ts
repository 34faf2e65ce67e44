import { withServices } from './disguised-services.ts';
import { isNamedNumber, isStatedPhone } from './named-numbers.ts';
import { LEET_WORD, plainOf, withLetters } from './plain-text.ts';
import { hasSpelledNumber, withDigits } from './spelled-number.ts';
import { STATED_NAMES } from './stated-names.ts';
import { POSTCODE, STREET_ADDRESS } from './street-addresses.ts';
import { hasWordHandle } from './word-handles.ts';
import { FULL_NAMES, NAMED_HANDLE, WRITTEN_EMAIL, WRITTEN_LINK } from './written-addresses.ts';

/** Kinds of contact details in a chat line. Once sent to a stranger, they can't be taken back. */
export type PrivateDetail = 'link' | 'email' | 'phone' | 'handle' | 'address' | 'name';

/**
 * Matches a link by its scheme, by `www`, or by a common top-level domain. If the domain is also a
 * word, a path must follow.
 */
const ANY_LINK =
  /(?:https?:\/\/|www\.)\S|[\p{L}\p{N}-]\.(?:(?:com|net|org|info|io|tv|gg|app|dev|xyz|ly|eu|uk|fr|nl|pl|ru|br|mx|jp|cn)(?![\p{L}\p{N}])|(?:co|me|site|link|be|de|es|it|in|to|so|pt)\/)/iu;
const ANY_EMAIL = /[^\s@]@[^\s@.]+\.[^\s@]/u;
const EMAIL = [ANY_EMAIL, ...WRITTEN_EMAIL];
const LINK = [ANY_LINK, ...WRITTEN_LINK];
const HANDLE = [
  /(?:^|\s)@(?!(?:everyone|here|all|todos|alle)(?![\p{L}\p{N}_]))[\p{L}\p{N}_.]{3,}/u,
  ...NAMED_HANDLE,
  ...FULL_NAMES,
];
const ADDRESS = [POSTCODE, ...STREET_ADDRESS];
const DIGITS = /[+(]?\p{Nd}(?:[ ().*_\-\u2010-\u2015/\u00A0\u202F]{0,3}\p{Nd}){6,24}/gu;
/** Matches a phone number with commas. Other numbers in a list have no zero in front. */
const LISTED =
  /(?<![\p{Nd},])(?:\p{Nd}(?:[,،] ?\p{Nd}){6,14}|0\p{Nd}{1,3}(?:[,،] ?\p{Nd}{2,4}){2,4})(?!\p{Nd})/gu;
/** Matches a text with spaces between all characters, as in "a d a @ e x a m p l e". */
const SPACED_OUT = /(?<!\S)\S(?: \S){5,}(?!\S)/gu;
/** Matches an underscore in words, as in "ada underscore b". */
const LOW_LINE =
  / ?(?<!\p{L})(?:under ?scor(?:e|es)?|underline|guion ?bajo|guión ?bajo|barra ?baja|tiret ?(?:du (?:8|bas)|bas|8)|unter ?strich|bodenstrich|traço em ?baixo|underlain|اندر ?سكور|شرطه (?:سفليه|تحتيه)|تحت شرطه)(?!\p{L}) ?/giu;
/** Matches a sign that joins an account and its name. */
const ADDRESS_SIGN = /[@:=]/u;
/** Matches a well-known site without a path, which people name like an app. */
const KNOWN_SITE =
  /(?<![\p{L}\p{N}.@/-])(?:chess|booking|amazon|ebay|google|youtube|netflix|imdb|airbnb|lichess|wikipedia|reddit|weather)\.(?:com|org|net)(?![\p{L}\p{N}/@-]|\.\p{L})/giu;
const DIGIT = /\p{Nd}/gu;
/** Matches a date. Dates look like phone numbers and are excluded from them. */
const DATE = /^\p{Nd}{1,4}[./-]\p{Nd}{1,2}[./-]\p{Nd}{1,4}$/u;
/** Matches a number such as 1.200.000 or 12 000 000, and two years such as 2024-2025. */
const AMOUNT =
  /^\p{Nd}{1,2}(?:[ .\u00A0\u202F]\p{Nd}{3}){2}$|^\p{Nd}{1,3}(?:[ .\u00A0\u202F]\p{Nd}{3}){0,3}[ .\u00A0\u202F]000$|^\p{Nd}{1,4}00000$|^[1-9]\p{Nd}{2,3}0000$|^\p{Nd}{1,5}00(?: \p{Nd}{1,5}00)+$|^\p{Nd}\.\p{Nd}{5,}$|^(?:19|20)\p{Nd}{2}(?: ?[-\u2013/] ?| )(?:19|20)\p{Nd}{2}$/u;

/** Matches an address of a network at home, such as 192.168.1.1. */
const LOCAL_NETWORK = /^(?:192\.168|127\.0|10\.\p{Nd}{1,3})\.\p{Nd}{1,3}\.\p{Nd}{1,3}$/u;

/** Matches scores, such as "6-4 3-6 7-5". */
const SCORES = /^\p{Nd}{1,2}-\p{Nd}{1,2}(?: \p{Nd}{1,2}-\p{Nd}{1,2})+$/u;

/** Matches counting, such as "1 2 3 4 5 6 7". */
const COUNTING = /^0?1234567(?:8(?:9(?:0|10)?)?)?$/u;
const NOT_DIGIT = /\P{Nd}/gu;
const LETTER = /\p{Script=Latin}/u;
const STARTS_WORD = /^\p{L}{3}/u;
const TWO_DIGITS = /\p{Nd}{2}/u;

/** Matches a number as it is dialled. What a text calls it doesn't matter. */
const DIALLED = /^[+(]?0|^[+(]/u;

/** Least number of numbers in a sequence. */
const NUMBERS_MIN = 5;

const PHONE_DIGITS_MIN = 7;
/** Maximum number of digits in a phone number (E.164). */
const PHONE_DIGITS_MAX = 15;

/**
 * Returns the kind of contact detail that a text contains, or null. The result is a hint, because
 * some contact details are missed and some other texts are mistaken for one.
 */
export function privateDetailOf(text: string): PrivateDetail | null {
  const plain = withServices(plainOf(text)).replaceAll(LOW_LINE, '_').replaceAll(KNOWN_SITE, ' ');
  const inLetters = plain.replaceAll(LEET_WORD, withLetters);
  const joined = plain.replaceAll(SPACED_OUT, (spaced) =>
    ADDRESS_SIGN.test(spaced) ? spaced.replaceAll(' ', '') : spaced,
  );
  // Most texts are the same in all three forms.
  for (const written of new Set([plain, inLetters, joined])) {
    const detail = detailIn(written);
    if (detail !== null) return detail;
  }
  return null;
}

function detailIn(plain: string): PrivateDetail | null {
  if (EMAIL.some((pattern) => pattern.test(plain))) return 'email';
  if (LINK.some((pattern) => pattern.test(plain))) return 'link';
  if (hasSpelledNumber(plain) || hasPhone(plain) || hasPhone(withDigits(plain))) return 'phone';
  if (HANDLE.some((pattern) => pattern.test(plain)) || hasWordHandle(plain)) return 'handle';
  if (ADDRESS.some((pattern) => pattern.test(plain))) return 'address';
  return STATED_NAMES.some((pattern) => pattern.test(plain)) ? 'name' : null;
}

function hasPhone(plain: string): boolean {
  return [...plain.matchAll(DIGITS), ...plain.matchAll(LISTED)].some((match) => {
    const { 0: found, index } = match;
    const rest = plain.slice(index + found.length);
    // A digit before letters can stand for a letter, as in "245 000 3uros".
    const run = STARTS_WORD.test(rest) ? found.slice(0, -1).trimEnd() : found;
    const digits = run.match(DIGIT)?.length ?? 0;
    return (
      digits >= PHONE_DIGITS_MIN &&
      digits <= PHONE_DIGITS_MAX &&
      !isDateOrAmount(run, isStatedPhone(plain, index)) &&
      !isInWord(plain, index, index + run.length) &&
      (DIALLED.test(run) || !isNamedNumber(plain, index, index + run.length))
    );
  });
}

/** Whether numbers only rise or only fall, as in a count or a draw of a lottery. */
function isSequence(run: string): boolean {
  const numbers = run.trim().split(' ');
  if (run.startsWith('0') || numbers.length < NUMBERS_MIN) return false;
  const steps = numbers
    .slice(1)
    .map((one, index) => Math.sign(Number(one) - Number(numbers[index])));
  return steps.every((step) => step === 1) || steps.every((step) => step === -1);
}

/** Whether letters stand directly before and after a number, as in the number of a parcel. */
function isInWord(plain: string, start: number, end: number): boolean {
  return LETTER.test(plain.charAt(start - 1)) && LETTER.test(plain.charAt(end));
}

/** @param isStated whether the words before a number call it a phone number. */
function isDateOrAmount(run: string, isStated: boolean): boolean {
  // Digits that are all written apart are read as if they were not.
  const number = TWO_DIGITS.test(run) ? run : run.replaceAll(' ', '');
  return (
    DATE.test(number) ||
    (!isStated && AMOUNT.test(number)) ||
    LOCAL_NETWORK.test(number) ||
    SCORES.test(run) ||
    isSequence(run) ||
    (run.includes(' ') && COUNTING.test(run.replaceAll(NOT_DIGIT, '')))
  );
}
