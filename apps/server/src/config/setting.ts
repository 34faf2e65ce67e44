/** The parsed value of a setting, or the problem as the second half of an error sentence. */
export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: string };

export interface Setting<Value> {
  /** Describes the setting's valid values in a sentence that begins with a verb. */
  readonly right: string;
  /** Text to parse if the setting is absent. Null if an absent setting has a meaning of its own. */
  readonly defaultText: string | null;
  /** Description of the setting's default, for operators. */
  readonly byDefault: string;
  /** The purpose of the setting, worded as in docs/configuration.md. */
  readonly purpose: string;
  readonly isSecret: boolean;
  readonly parse: (text: string) => Parsed<Value>;
}

type SettingRow<Value> = Pick<Setting<Value>, 'right' | 'purpose' | 'parse'> &
  Partial<Pick<Setting<Value>, 'isSecret' | 'defaultText' | 'byDefault'>>;

/**
 * Fills in the fields that most rows of the settings table omit. A row without a default text must
 * describe its default.
 */
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

export function text(value: string): Parsed<string> {
  return { ok: true, value };
}

/** Returns a parser that accepts text without line breaks, of at most `charsMax` characters. */
export function line(charsMax: number): (value: string) => Parsed<string> {
  return (value) => {
    if (/[\p{C}\p{Zl}\p{Zp}]/u.test(value)) return wrong('holds characters that cannot be shown');
    return value.length <= charsMax
      ? { ok: true, value }
      : wrong(`is longer than ${charsMax} characters`);
  };
}

export function integer(min: number, max: number): (value: string) => Parsed<number> {
  return (value) => {
    if (!/^[0-9]{1,12}$/.test(value)) return wrong('is not a whole number');
    const number = Number(value);
    if (number < min) return wrong(`is below ${min}`);
    if (number > max) return wrong(`is above ${max}`);
    return { ok: true, value: number };
  };
}

export function oneOf<const Word extends string>(
  words: readonly Word[],
): (value: string) => Parsed<Word> {
  return (value) => {
    const word = words.find((known) => known === value);
    return word === undefined ? wrong('is none of them') : { ok: true, value: word };
  };
}

/** Returns a parser of comma-separated lists, which passes each item to the given parser. */
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
