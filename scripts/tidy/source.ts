import { posix } from 'node:path';
import {
  type Argument,
  type CallExpression,
  type ParseResult,
  parseSync,
  Visitor,
} from 'oxc-parser';

/** A code file. Its syntax tree is parsed when it is first used. */
export interface Source {
  /** Path of the file relative to the checkout, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly parsed: ParseResult;
}

export function readSource(path: string, text: string): Source {
  let parsed: ParseResult | null = null;
  return {
    path,
    text,
    get parsed() {
      parsed ??= parseSync(path, text);
      return parsed;
    },
  };
}

/** Returns the line number of an offset in a text. The first line is 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i !== -1 && i < offset; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

export interface Import {
  /** The module that an import names, or an empty string if that name is computed. */
  readonly specifier: string;
  readonly offset: number;
}

/** Returns a file's static and dynamic imports and re-exports, in text order. */
export function importsOf({ text, parsed }: Source): Import[] {
  const { staticImports, staticExports, dynamicImports } = parsed.module;
  const found = [
    ...staticImports.map(({ moduleRequest: { value, start } }) => [start, value] as const),
    ...staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) =>
        moduleRequest === null ? [] : [[moduleRequest.start, moduleRequest.value] as const],
      ),
    ),
    ...dynamicImports.map(({ moduleRequest: { start, end } }) => {
      const written = /^(['"`])([^'"`$]*)\1$/.exec(text.slice(start, end));
      return [start, written?.[2] ?? ''] as const;
    }),
  ];
  // Keeps one entry per offset, because `export { a, b } from` is found once for each name.
  return [...new Map(found)]
    .sort(([a], [b]) => a - b)
    .map(([offset, specifier]) => ({ specifier, offset }));
}

/** Returns the file that a relative import names, or null for any other import. */
export function targetOf(path: string, { specifier }: Import): string | null {
  if (!specifier.startsWith('.')) return null;
  return posix.join(posix.dirname(path), specifier.replace(/\?.*$/, ''));
}

export interface TestTitle {
  readonly title: string;
  readonly offset: number;
}

export function testTitlesOf({ parsed }: Source): TestTitle[] {
  const titles: TestTitle[] = [];
  const visitor = new Visitor({
    CallExpression({ callee, arguments: [first] }: CallExpression) {
      if (callee.type !== 'Identifier' || !/^(?:test|it)$/.test(callee.name)) return;
      const title = textOf(first);
      if (title !== null && first !== undefined) titles.push({ title, offset: first.start });
    },
  });
  visitor.visit(parsed.program);
  return titles;
}

/** Returns the text of a literal, or the text of a template up to its first `${}`. */
function textOf(node: Argument | undefined): string | null {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type === 'TemplateLiteral') return node.quasis[0]?.value.cooked ?? '';
  return null;
}
