import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';

export interface FlatEntry {
  readonly key: string;
  readonly value: string | number | boolean | readonly string[];
  /** Line number in the settings file, from 1. */
  readonly line: number;
  readonly column: number;
}

/** Thrown when a text is not a flat JSON object. The message doesn't name the file. */
export class FlatJsonError extends Error {
  override readonly name = 'FlatJsonError';
  readonly line: number;
  readonly column: number;

  constructor(message: string, { line, column }: Pick<FlatEntry, 'line' | 'column'>) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

const PROBLEMS: Readonly<Record<string, string>> = {
  PropertyNameExpected: 'A setting begins with its name in double quotes.',
  ColonExpected: 'Write a colon between a name and its value.',
  CommaExpected: 'Write a comma between two settings, or between two texts of a list.',
  CloseBraceExpected: 'The object has no "}" at its end.',
  CloseBracketExpected: 'The list has no "]" at its end.',
  EndOfFileExpected: 'Nothing may follow the "}" that ends the object.',
  UnexpectedEndOfString: 'This text has no closing quote.',
  InvalidCommentToken: 'JSON has no comments.',
};

/**
 * Parses a JSON object whose values are strings, numbers, booleans or lists of strings. Unlike
 * `JSON.parse`, this function gives the position of every key and error, and rejects duplicate
 * keys.
 *
 * @throws FlatJsonError at the first error
 */
export function parseFlatJson(withMark: string): readonly FlatEntry[] {
  const text = withMark.replace(/^\uFEFF/, '');
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
  const fail = (offset: number, message: string): never => {
    throw new FlatJsonError(message, placeIn(text, offset));
  };
  if (root?.type !== 'object') {
    return fail(root?.offset ?? 0, 'The file holds one JSON object: it begins with "{".');
  }
  const [error] = errors;
  if (error !== undefined) {
    fail(error.offset, PROBLEMS[printParseErrorCode(error.error)] ?? 'This is not JSON.');
  }
  const entries: FlatEntry[] = [];
  for (const { children: [name, value] = [], offset } of root.children ?? []) {
    const key = String(name?.value);
    if (entries.some((entry) => entry.key === key)) fail(offset, `${key} is set twice.`);
    const read = value === undefined ? null : valueOf(value);
    if (read === null) {
      const wrong = value?.children?.find(({ type }) => type !== 'string') ?? value;
      return fail(
        wrong?.offset ?? offset,
        `The value of ${key} is a text in double quotes, a number, true, false or a list of texts.`,
      );
    }
    entries.push({ key, value: read, ...placeIn(text, offset) });
  }
  return entries;
}

function valueOf({ type, value, children = [] }: Node): FlatEntry['value'] | null {
  if (type === 'array') {
    return children.every((item) => item.type === 'string')
      ? children.map((item) => String(item.value))
      : null;
  }
  return type === 'object' || type === 'null' ? null : (value as string | number | boolean);
}

function placeIn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
