/** What a text may tell that cannot be taken back. */
export type PrivateDetail = 'link' | 'email' | 'phone' | 'handle';

/**
 * A way to an address: by its scheme, by `www`, or by an ending that people write without either; an
 * ending that is a word too, only with something behind it.
 */
const LINK =
  /(?:https?:\/\/|www\.)\S|[\p{L}\p{N}-]\.(?:(?:com|net|org|info|io|tv|gg|app|dev|xyz|ly|eu|uk|fr|nl|pl|ru|br|jp|cn)(?![\p{L}\p{N}])|(?:co|me|site|link|be|de|es|it|in|to|so|pt)\/)/iu;
const EMAIL = /[^\s@]@[^\s@.]+\.[^\s@]/u;
const HANDLE = /(?:^|\s)@[\p{L}\p{N}_.]{3,}/u;
/** A run of digits with what people put between them, ended by a digit. */
const DIGITS = /[+(]?\p{Nd}(?:[ ().\-\u2010-\u2015/\u00A0\u202F]{0,3}\p{Nd}){6,24}/gu;
const DIGIT = /\p{Nd}/gu;
/** Numbers that are said with dots, strokes or spaces and lead to nobody. */
const DATE = /^\p{Nd}{1,4}[./-]\p{Nd}{1,2}[./-]\p{Nd}{1,4}$/u;

/** A number that can be called has at least so many digits anywhere… */
const PHONE_DIGITS_MIN = 7;
/** …and no more than these, by E.164. */
const PHONE_DIGITS_MAX = 15;

/**
 * Whether a text looks as if it led to the person who wrote it, and by what; null where it does
 * not. A hint for its writer and nothing else: it is wrong now and then, either way.
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
