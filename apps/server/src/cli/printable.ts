/**
 * A value for a terminal, as JSON. What people wrote is in it: whatever a terminal would act on, or
 * that hides or turns around what follows, is written as its number.
 */
export function printable(value: unknown): string {
  return escaped(JSON.stringify(value, null, 2));
}

/** A text for one line of a terminal. */
export function oneLine(text: string): string {
  return escaped(text.replaceAll('\n', ' '));
}

function escaped(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\n' ? character : `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`,
  );
}
