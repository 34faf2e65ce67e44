/** What a setting's text means, or what is wrong with it, as the end of a sentence. */
export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: string };

/** One row of the table of settings: everything that is known of one before it is set. */
export interface Setting<Value> {
  /** What a right value looks like, as a sentence that begins with a verb. */
  readonly right: string;
  /** What it is read from when it is not set; null where its absence means something. */
  readonly defaultText: string | null;
  /** What holds when it is not set, for a reader. */
  readonly byDefault: string;
  /** What it is for, as its row of docs/configuration.md says it. */
  readonly purpose: string;
  /** Its value is never shown. */
  readonly isSecret: boolean;
  readonly parse: (text: string) => Parsed<Value>;
}

type SettingRow<Value> = Pick<Setting<Value>, 'right' | 'purpose' | 'parse'> &
  Partial<Pick<Setting<Value>, 'isSecret' | 'defaultText' | 'byDefault'>>;

/** A row, with what most rows do not say. A row without a default text says its default in words. */
export function setting<Value>(row: SettingRow<Value>): Setting<Value> {
  const defaultText = row.defaultText ?? null;
  return {
    ...row,
    defaultText,
    byDefault: row.byDefault ?? defaultText ?? 'none',
    isSecret: row.isSecret ?? false,
  };
}

export function wrong(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}

/** Any text that is not empty, as it stands. */
export function text(value: string): Parsed<string> {
  return { ok: true, value };
}

/** A text that can be shown on one line, of so many characters at most. */
export function line(charsMax: number): (value: string) => Parsed<string> {
  return (value) => {
    if (/[\p{C}\p{Zl}\p{Zp}]/u.test(value)) return wrong('holds characters that cannot be shown');
    return value.length <= charsMax
      ? { ok: true, value }
      : wrong(`is longer than ${charsMax} characters`);
  };
}

/** A whole number within bounds, in decimal digits. */
export function integer(min: number, max: number): (value: string) => Parsed<number> {
  return (value) => {
    if (!/^[0-9]{1,12}$/.test(value)) return wrong('is not a whole number');
    const number = Number(value);
    if (number < min) return wrong(`is below ${min}`);
    if (number > max) return wrong(`is above ${max}`);
    return { ok: true, value: number };
  };
}

/** One word of a closed set. */
export function oneOf<const Word extends string>(
  words: readonly Word[],
): (value: string) => Parsed<Word> {
  return (value) => {
    const word = words.find((known) => known === value);
    return word === undefined ? wrong('is none of them') : { ok: true, value: word };
  };
}

/** A list with commas between its items; each item is read by itself. */
export function listOf<Item>(
  parseItem: (item: string) => Parsed<Item>,
): (value: string) => Parsed<readonly Item[]> {
  return (value) => {
    const items: Item[] = [];
    for (const part of value.split(',')) {
      const parsed = parseItem(part.trim());
      if (!parsed.ok) return wrong(`holds ${JSON.stringify(part.trim())}, which ${parsed.problem}`);
      items.push(parsed.value);
    }
    return { ok: true, value: items };
  };
}
