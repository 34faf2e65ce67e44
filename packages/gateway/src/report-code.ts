/** Crockford's base 32 alphabet, which has no ambiguous characters. */
const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const SYMBOLS_COUNT = 8;

/**
 * Returns a report code such as `7Q3M-A0XK`, which the reporter can quote. It encodes 40 bits of
 * a random id, five per character.
 * @param randomId at least 8 characters of base64url
 */
export function createReportCode(randomId: string): string {
  const symbols = Array.from(
    randomId.slice(0, SYMBOLS_COUNT),
    (character) => SYMBOLS[BASE64URL.indexOf(character) & 31] ?? '0',
  ).join('');
  return `${symbols.slice(0, SYMBOLS_COUNT / 2)}-${symbols.slice(SYMBOLS_COUNT / 2)}`;
}
