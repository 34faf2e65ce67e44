/**
 * Formats JSON for a terminal. Escapes control and bidirectional characters, because users wrote
 * parts of the text.
 */
export function printable(value: unknown): string {
  return escaped(JSON.stringify(value, null, 2));
}

export function oneLine(text: string): string {
  return escaped(text.replaceAll('\n', ' '));
}

/** Escapes control and bidirectional characters, except line breaks. */
export function escaped(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\n' ? character : `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`,
  );
}
