/** Contact details. Once sent, they can't be taken back. */
export type PrivateDetail = 'link' | 'email' | 'phone' | 'handle';

/**
 * Finds a link by its scheme, `www` or a common top-level domain. A domain that is also a word
 * needs a path.
 */
const LINK =
  /(?:https?:\/\/|www\.)\S|[\p{L}\p{N}-]\.(?:(?:com|net|org|info|io|tv|gg|app|dev|xyz|ly|eu|uk|fr|nl|pl|ru|br|jp|cn)(?![\p{L}\p{N}])|(?:co|me|site|link|be|de|es|it|in|to|so|pt)\/)/iu;
const EMAIL = /[^\s@]@[^\s@.]+\.[^\s@]/u;
const HANDLE = /(?:^|\s)@[\p{L}\p{N}_.]{3,}/u;
const DIGITS = /[+(]?\p{Nd}(?:[ ().\-\u2010-\u2015/\u00A0\u202F]{0,3}\p{Nd}){6,24}/gu;
const DIGIT = /\p{Nd}/gu;
/** Dates look like phone numbers, so they are excluded. */
const DATE = /^\p{Nd}{1,4}[./-]\p{Nd}{1,2}[./-]\p{Nd}{1,4}$/u;

const PHONE_DIGITS_MIN = 7;
/** The maximum number of digits in a phone number (E.164). */
const PHONE_DIGITS_MAX = 15;

/**
 * Returns the kind of contact detail in a text, or null. The result is only a hint, because false
 * positives and false negatives are expected.
 */
export function privateDetailOf(text: string): PrivateDetail | null {
  const plain = text.normalize('NFKC');
  if (EMAIL.test(plain)) return 'email';
  if (LINK.test(plain)) return 'link';
  for (const [run] of plain.matchAll(DIGITS)) {
    const digits = run.match(DIGIT)?.length ?? 0;
    if (digits >= PHONE_DIGITS_MIN && digits <= PHONE_DIGITS_MAX && !DATE.test(run)) return 'phone';
  }
  return HANDLE.test(plain) ? 'handle' : null;
}
