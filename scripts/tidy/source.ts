/**
 * Reads TypeScript just far enough to tell code from comments, strings and regular expressions.
 *
 * The compiler that we use offers no syntax tree to programs, and every rule here asks only for
 * names, imports and titles, so a scanner of one pass is enough. Where a slash could be a division
 * or begin a regular expression, the token before it decides; where that is wrong, at most the rest
 * of one line is read wrongly.
 */

/** A literal: where its quote or slash stands, and its text as written, of a string what is between the quotes. */
interface Literal {
  readonly offset: number;
  readonly value: string;
}

export interface Source {
  /** Relative to the checkout, with `/`. */
  readonly path: string;
  readonly text: string;
  /**
   * The text, as long as it was, with spaces for comments, for what is inside strings and for
   * regular expressions. Line breaks stay, so do quotes and the code inside `${}`.
   */
  readonly code: string;
  /** Only the comments, in the same way. */
  readonly comments: string;
  readonly strings: readonly Literal[];
  /** Regular expressions, each with its slashes and flags. */
  readonly patterns: readonly Literal[];
}

/** 1 for the first line. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i !== -1 && i < offset; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

const KEYWORDS_BEFORE_REGEXP = new Set(
  ['return', 'typeof', 'case', 'in', 'of', 'delete', 'void', 'throw', 'new', 'else', 'do'].concat([
    'instanceof',
    'await',
    'yield',
  ]),
);

type Region = 'code' | 'comment' | 'hidden';

export function readSource(path: string, text: string): Source {
  const regions: Region[] = Array.from({ length: text.length }, () => 'code');
  const strings: Literal[] = [];
  const patterns: Literal[] = [];
  /** For each open `${`, how many braces are open inside it. */
  const templates: number[] = [];
  /** Where the last token of code ended, to judge a slash by. */
  let lastCode = -1;
  let at = 0;

  const mark = (from: number, to: number, region: Region): void => {
    for (let i = from; i < to; i++) regions[i] = region;
  };

  /** From the character after the backtick, or after the `}` that closed a `${}`. */
  const readTemplate = (from: number): void => {
    let i = from;
    while (i < text.length && text[i] !== '`') {
      if (text[i] === '\\') i++;
      else if (text.startsWith('${', i)) {
        mark(from, i, 'hidden');
        strings.push({ offset: from - 1, value: text.slice(from, i) });
        templates.push(0);
        at = i + 2;
        return;
      }
      i++;
    }
    mark(from, i, 'hidden');
    strings.push({ offset: from - 1, value: text.slice(from, i) });
    at = i + 1;
  };

  while (at < text.length) {
    const char = text[at] ?? '';
    const start = at;
    if (text.startsWith('//', at)) {
      at = endOf(text, '\n', at, 0);
      mark(start, at, 'comment');
      continue;
    }
    if (text.startsWith('/*', at)) {
      at = endOf(text, '*/', at + 2, 2);
      mark(start, at, 'comment');
      continue;
    }
    if (char === '"' || char === "'") {
      const end = endOfQuoted(text, at);
      mark(at + 1, end, 'hidden');
      strings.push({ offset: at, value: text.slice(at + 1, end) });
      at = end + 1;
    } else if (char === '`') {
      readTemplate(at + 1);
    } else if (char === '/' && mayBeginRegExp(text, lastCode)) {
      const end = endOfRegExp(text, at);
      if (end !== null) {
        mark(at, end, 'hidden');
        patterns.push({ offset: at, value: text.slice(at, end) });
      }
      at = end ?? at + 1;
    } else if (char === '}' && templates.at(-1) === 0) {
      templates.pop();
      readTemplate(at + 1);
    } else {
      const depth = templates.length - 1;
      if (depth >= 0 && char === '{') templates[depth] = (templates[depth] ?? 0) + 1;
      if (depth >= 0 && char === '}') templates[depth] = (templates[depth] ?? 0) - 1;
      at++;
    }
    if (char.trim() !== '') lastCode = at - 1;
  }

  const only = (kept: Region): string =>
    Array.from(regions, (region, i) => {
      const char = text[i] ?? '';
      return region === kept || char === '\n' ? char : ' ';
    }).join('');
  return { path, text, code: only('code'), comments: only('comment'), strings, patterns };
}

/** The index after `mark`, or of it with `skip` 0; the text's end when there is none. */
function endOf(text: string, mark: string, from: number, skip: number): number {
  const found = text.indexOf(mark, from);
  return found === -1 ? text.length : found + skip;
}

/** The index of the closing quote; a quote ends with its line, as in the text of JSX. */
function endOfQuoted(text: string, open: number): number {
  let i = open + 1;
  while (i < text.length && text[i] !== text[open] && text[i] !== '\n')
    i += text[i] === '\\' ? 2 : 1;
  return Math.min(i, text.length);
}

function mayBeginRegExp(text: string, lastCode: number): boolean {
  const before = text.slice(Math.max(0, lastCode - 20), lastCode + 1);
  const word = /[\w$]+$/.exec(before)?.[0];
  if (word !== undefined) return KEYWORDS_BEFORE_REGEXP.has(word);
  // After a value it divides; after `<` it closes an element of JSX.
  return !/[)\]}"'`<]$/.test(before);
}

/** The index after the last flag, or null when the line ends first: then it was a division. */
function endOfRegExp(text: string, open: number): number | null {
  let inClass = false;
  for (let i = open + 1; i < text.length && text[i] !== '\n'; i++) {
    const char = text[i];
    if (char === '\\') i++;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) {
      let end = i + 1;
      while (/[a-z]/.test(text[end] ?? '')) end++;
      return end;
    }
  }
  return null;
}

export interface Import {
  readonly specifier: string;
  readonly offset: number;
  /** `import()`, at run time. */
  readonly dynamic: boolean;
  /** Nothing of it is left at run time. */
  readonly ofTypes: boolean;
}

const STATIC_IMPORT = /\b(?:(?:import|export)\b[^;'"`=()]*?\bfrom\s*|import\s*)(?=['"])/g;
const DYNAMIC_IMPORT = /\bimport\s*\(\s*/g;

/** What a file imports, statically or not; of an import whose name is computed, that name is ''. */
export function importsOf({ code, strings }: Source): Import[] {
  const literalAt = new Map(strings.map(({ offset, value }) => [offset, value]));
  const found = (pattern: RegExp, dynamic: boolean): Import[] =>
    Array.from(code.matchAll(pattern), (match) => {
      const offset = match.index + match[0].length;
      const ofTypes = !dynamic && isOfTypes(match[0]);
      return { specifier: literalAt.get(offset) ?? '', offset, dynamic, ofTypes };
    });
  return [...found(STATIC_IMPORT, false), ...found(DYNAMIC_IMPORT, true)];
}

/** Whether an import or export names types alone. */
function isOfTypes(statement: string): boolean {
  if (/^(?:import|export)\s+type\b/.test(statement)) return true;
  const [, names] = /^(?:import|export)\s*\{([^}]*)\}/.exec(statement) ?? [];
  const named = names?.split(',').map((name) => name.trim()) ?? [];
  return (
    named.some((name) => name !== '') &&
    named.every((name) => name === '' || name.startsWith('type '))
  );
}

export interface TestTitle {
  readonly title: string;
  readonly offset: number;
}

const TEST_CALL = /\b(?:test|it)\s*\(\s*(?=['"`])/g;

/** The titles of a file's tests, up to the first `${}`. Groups of tests have none of their own. */
export function testTitlesOf({ code, strings }: Source): TestTitle[] {
  const literalAt = new Map(strings.map(({ offset, value }) => [offset, value]));
  return Array.from(code.matchAll(TEST_CALL), (match) => {
    const offset = match.index + match[0].length;
    return { title: literalAt.get(offset) ?? '', offset };
  });
}
