/**
 * A value for a terminal, as JSON. What people wrote is in it: whatever a terminal would act on, or
 * that hides or turns around what follows, is written as its number.
 */
export function printable(value: unknown): string {
  const json = JSON.stringify(value, null, 2);
  return json.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\n' ? character : `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`,
  );
}
