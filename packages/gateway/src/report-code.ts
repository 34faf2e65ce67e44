/** Crockford's base 32: no letter that a person takes for a digit or another letter. */
const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const SYMBOLS_COUNT = 8;

/**
 * What a reporter can name a report by, such as `7Q3M-A0XK`: 40 bits of a random id, five of each
 * character.
 *
 * @param randomId at least 8 characters of base64url
 */
export function createReportCode(randomId: string): string {
  const symbols = Array.from(
    randomId.slice(0, SYMBOLS_COUNT),
    (character) => SYMBOLS[BASE64URL.indexOf(character) & 31] ?? '0',
  ).join('');
  return `${symbols.slice(0, SYMBOLS_COUNT / 2)}-${symbols.slice(SYMBOLS_COUNT / 2)}`;
}
