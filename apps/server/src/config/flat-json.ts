/** One `"key": value` of a flat object, with the place where its key begins. */
export interface FlatEntry {
  readonly key: string;
  readonly value: string | number | boolean | readonly string[];
  /** From 1, as editors count. */
  readonly line: number;
  readonly column: number;
}

/** The text is not the JSON that was asked for; the message names no file. */
export class FlatJsonError extends Error {
  override readonly name = 'FlatJsonError';
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const SPACE = /[ \t\r\n]*/y;
const WORD = /[A-Za-z]+/y;

/**
 * Reads a JSON object of texts, numbers, truths and lists of texts. `JSON.parse` would not say
 * where a key is, nor that it is there twice, and of half its errors not where they are.
 *
 * @throws FlatJsonError at the first character that does not fit.
 */
export function parseFlatJson(text: string): readonly FlatEntry[] {
  return new Reader(text.replace(/^\uFEFF/, '')).readObject();
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readObject(): readonly FlatEntry[] {
    const entries: FlatEntry[] = [];
    this.#expect('{', 'The file holds one JSON object: it begins with "{".');
    if (!this.#take('}')) {
      do {
        this.#skipSpace();
        const start = this.#at;
        const key = this.#readString('A setting begins with its name in double quotes.');
        if (entries.some((entry) => entry.key === key)) {
          throw this.#errorAt(start, `${key} is there twice.`);
        }
        this.#expect(':', `A colon stands between ${key} and its value.`);
        entries.push({ key, value: this.#readValue(key), ...this.#placeOf(start) });
      } while (this.#take(','));
      this.#expect('}', 'A comma stands between two settings, and "}" after the last.');
    }
    this.#skipSpace();
    if (this.#at < this.#text.length) {
      throw this.#errorAt(this.#at, 'Nothing may follow the "}" that ends the object.');
    }
    return entries;
  }

  #readValue(key: string): FlatEntry['value'] {
    this.#skipSpace();
    const start = this.#at;
    const next = this.#text[start];
    if (next === '"') return this.#readString('');
    if (next === '[') return this.#readList(key);
    const number = this.#match(NUMBER);
    if (number !== null) return Number(number);
    const word = this.#match(WORD);
    if (word === 'true' || word === 'false') return word === 'true';
    throw this.#errorAt(
      start,
      `The value of ${key} is a text in double quotes, a number, true, false or a list of texts.`,
    );
  }

  #readList(key: string): readonly string[] {
    const items: string[] = [];
    this.#expect('[', '');
    if (this.#take(']')) return items;
    do items.push(this.#readString(`The list of ${key} holds texts in double quotes.`));
    while (this.#take(','));
    this.#expect(']', 'A comma stands between two texts of a list, and "]" after the last.');
    return items;
  }

  #readString(problem: string): string {
    this.#skipSpace();
    const literal = this.#match(STRING);
    if (literal !== null) return JSON.parse(literal) as string;
    const isOpened = this.#text[this.#at] === '"';
    throw this.#errorAt(this.#at, isOpened ? 'This text has no closing quote.' : problem);
  }

  #expect(character: string, problem: string): void {
    if (!this.#take(character)) throw this.#errorAt(this.#at, problem);
  }

  #take(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #skipSpace(): void {
    this.#match(SPACE);
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }

  #errorAt(offset: number, message: string): FlatJsonError {
    const { line, column } = this.#placeOf(offset);
    return new FlatJsonError(message, line, column);
  }

  #placeOf(offset: number): { line: number; column: number } {
    const before = this.#text.slice(0, offset).split('\n');
    return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
  }
}
