/**
 * Returns whether the text has lone surrogates or control characters other than newline and tab.
 */
export function hasControlCharacters(text: string): boolean {
  return /[\p{Cc}\p{Cs}]/u.test(text.replaceAll(/[\n\t]/g, ''));
}

/**
 * Removes control characters and lone surrogates from the text. Keeps tabs and normalizes line
 * ends.
 */
export function withoutControlCharacters(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(/(?![\n\t])[\p{Cc}\p{Cs}]/gu, '');
}

/**
 * Returns whether the text is non-empty, has at most `unitsMax` UTF-16 code units, and has no
 * line or paragraph break.
 */
export function isOneLine(text: string, unitsMax: number): boolean {
  return (
    text.length > 0 &&
    text.length <= unitsMax &&
    !/[\n\t\p{Zl}\p{Zp}]/u.test(text) &&
    !hasControlCharacters(text)
  );
}
