/** Detects lone surrogates and control characters, except newline and tab. */
export function hasControlCharacters(text: string): boolean {
  return /[\p{Cc}\p{Cs}]/u.test(text.replaceAll(/[\n\t]/g, ''));
}

/** Removes control characters and lone surrogates; keeps tabs and normalizes line ends. */
export function withoutControlCharacters(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(/(?![\n\t])[\p{Cc}\p{Cs}]/gu, '');
}

/** A non-empty text of at most `unitsMax` UTF-16 units without line or paragraph breaks. */
export function isOneLine(text: string, unitsMax: number): boolean {
  return (
    text.length > 0 &&
    text.length <= unitsMax &&
    !/[\n\t\p{Zl}\p{Zp}]/u.test(text) &&
    !hasControlCharacters(text)
  );
}
