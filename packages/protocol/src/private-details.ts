import { LEET_WORD, plainOf, withLetters } from './plain-text.ts';
import { hasSpelledNumber, withDigits } from './spelled-number.ts';
import { STREET_ADDRESS } from './street-addresses.ts';
import { FULL_NAMES, NAMED_HANDLE, WRITTEN_EMAIL, WRITTEN_LINK } from './written-addresses.ts';

/** Kinds of contact details in a chat line. Once sent to a stranger, they can't be taken back. */
export type PrivateDetail = 'link' | 'email' | 'phone' | 'handle' | 'address';

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
const DIGITS = /[+(]?\p{Nd}(?:[ ().*_\-\u2010-\u2015/\u00A0\u202F]{0,3}\p{Nd}){6,24}/gu;
/** Matches a phone number with commas. Other numbers in a list have no zero in front. */
const LISTED =
  /(?<![\p{Nd},])(?:\p{Nd}(?:[,،] ?\p{Nd}){6,14}|0\p{Nd}{1,3}(?:[,،] ?\p{Nd}{2,4}){2,4})(?!\p{Nd})/gu;
/** Matches an address with spaces between all characters, as in "a d a @ e x a m p l e". */
const SPACED_OUT = /(?<!\S)\S(?: \S){5,}(?!\S)/gu;
const DIGIT = /\p{Nd}/gu;
/** Matches a date. Dates look like phone numbers and are excluded from them. */
const DATE = /^\p{Nd}{1,4}[./-]\p{Nd}{1,2}[./-]\p{Nd}{1,4}$/u;
/** Matches a number such as 1.200.000 or 12 000 000, and two years such as 2024-2025. */
const AMOUNT =
  /^\p{Nd}{1,2}(?:\.\p{Nd}{3}){2}$|^\p{Nd}{1,3}(?:[ .\u00A0\u202F]\p{Nd}{3}){0,3}[ .\u00A0\u202F]000$|^\p{Nd}{1,3}000000$|^(?:19|20)\p{Nd}{2} ?[-\u2013/] ?(?:19|20)\p{Nd}{2}$/u;

/** Matches an address of a network at home, such as 192.168.1.1. */
const LOCAL_NETWORK = /^(?:192\.168|127\.0|10\.\p{Nd}{1,3})\.\p{Nd}{1,3}\.\p{Nd}{1,3}$/u;

/** Matches counting, such as "1 2 3 4 5 6 7". */
const COUNTING = /^0?1234567(?:8(?:9(?:0|10)?)?)?$/u;
const NOT_DIGIT = /\P{Nd}/gu;

const PHONE_DIGITS_MIN = 7;
/** Maximum number of digits in a phone number (E.164). */
const PHONE_DIGITS_MAX = 15;

/**
 * Returns the kind of contact detail that a text contains, or null. The result is a hint, because
 * some contact details are missed and some other texts are mistaken for one.
 */
export function privateDetailOf(text: string): PrivateDetail | null {
  const plain = plainOf(text);
  return (
    detailIn(plain) ??
    detailIn(plain.replaceAll(LEET_WORD, withLetters)) ??
    detailIn(
      plain.replaceAll(SPACED_OUT, (spaced) =>
        spaced.includes('@') ? spaced.replaceAll(' ', '') : spaced,
      ),
    )
  );
}

function detailIn(plain: string): PrivateDetail | null {
  if (EMAIL.some((pattern) => pattern.test(plain))) return 'email';
  if (LINK.some((pattern) => pattern.test(plain))) return 'link';
  if (hasSpelledNumber(plain) || hasPhone(plain) || hasPhone(withDigits(plain))) return 'phone';
  if (HANDLE.some((pattern) => pattern.test(plain))) return 'handle';
  return STREET_ADDRESS.some((pattern) => pattern.test(plain)) ? 'address' : null;
}

function hasPhone(plain: string): boolean {
  return [...plain.matchAll(DIGITS), ...plain.matchAll(LISTED)].some(([run]) => {
    const digits = run.match(DIGIT)?.length ?? 0;
    return digits >= PHONE_DIGITS_MIN && digits <= PHONE_DIGITS_MAX && !isDateOrAmount(run);
  });
}

function isDateOrAmount(run: string): boolean {
  return (
    DATE.test(run) ||
    AMOUNT.test(run) ||
    LOCAL_NETWORK.test(run) ||
    (run.includes(' ') && COUNTING.test(run.replaceAll(NOT_DIGIT, '')))
  );
}
