import { createRequire } from 'node:module';
import { Visitor } from 'oxc-parser';
import type * as Recheck from 'recheck';
import { lineAt, type Source } from '../source.ts';
import type { Fault, Tree } from '../tree.ts';

/** Uses recheck's browser build, because the main build needs Java or a native binary. */
const recheck = createRequire(import.meta.url)('recheck/lib/browser.js') as typeof Recheck;

/**
 * Matches regular expressions with repetitions. Others match only short texts, so recheck, which
 * is slow, skips them.
 */
const REPEATS = /[*+]|,\}|\)[{?]/;

/**
 * recheck counts a match that takes too long as an attack. Without limits of time it counts only
 * steps, so that the result is the same on a busy machine.
 */
const LIMITS = { timeout: null, attackTimeout: null, incubationTimeout: null } as const;

interface Pattern {
  readonly source: string;
  readonly flags: string;
  readonly offset: number;
}

/** Checks with recheck that every shipped regular expression takes linear time. */
export function patternFaults(tree: Tree): Fault[] {
  return tree.sources
    .filter(({ path }) => /^(?:packages\/[^/]+|apps\/(?:console|server|web))\/src\//.test(path))
    .flatMap((source) =>
      patternsOf(source).flatMap(({ source: pattern, flags, offset }): Fault[] => {
        if (!REPEATS.test(pattern)) return [];
        const found = recheck.checkSync(pattern, flags, LIMITS);
        if (found.status === 'safe') return [];
        const why = found.status === 'vulnerable' ? found.complexity.summary : found.error.kind;
        const message = `/${pattern}/${flags} is ${found.status}: ${why}.`;
        return [{ path: source.path, line: lineAt(source.text, offset), message }];
      }),
    );
}

/**
 * Returns the regular expressions of a file: literals, and strings after `pattern:` in a schema
 * or `…_PATTERN = `.
 */
function patternsOf({ parsed }: Source): Pattern[] {
  const found: Pattern[] = [];
  const addText = (node: { type: string; value?: unknown; start: number } | null): void => {
    if (node?.type !== 'Literal' || typeof node.value !== 'string') return;
    found.push({ source: node.value, flags: 'u', offset: node.start });
  };
  const visitor = new Visitor({
    Literal(node) {
      if (!('regex' in node)) return;
      found.push({ source: node.regex.pattern, flags: node.regex.flags, offset: node.start });
    },
    Property({ key, value }) {
      if (key.type === 'Identifier' && key.name === 'pattern') addText(value);
    },
    VariableDeclarator({ id, init }) {
      if (id.type === 'Identifier' && id.name.endsWith('_PATTERN')) addText(init);
    },
  });
  visitor.visit(parsed.program);
  return found;
}
