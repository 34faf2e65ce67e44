import { createHash } from 'node:crypto';
import { type babel, Instrumenter } from '@stryker-mutator/instrumenter';

export interface Mutant {
  /** Path of the mutated file relative to the checkout, with `/`. */
  readonly path: string;
  readonly line: number;
  readonly mutator: string;
  readonly original: string;
  readonly replacement: string;
  readonly text: string;
}

/**
 * Names of assertion functions. No mutant is planted in their arguments, because tests can't
 * observe those.
 */
const UNOBSERVABLE = new Set(['assert', 'assertDefined', 'assertNever']);

/** Types of syntax nodes whose replacement needs parentheses. */
const NEEDS_PARENTHESES = new Set([
  'ArithmeticOperator',
  'BooleanLiteral',
  'EqualityOperator',
  'LogicalOperator',
]);

const silent = (): void => {};
const off = (): boolean => false;
const LOGGER: ConstructorParameters<typeof Instrumenter>[0] = {
  isTraceEnabled: off,
  isDebugEnabled: off,
  isInfoEnabled: off,
  isWarnEnabled: off,
  isErrorEnabled: off,
  isFatalEnabled: off,
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  fatal: silent,
};

/** Returns every mutant that Stryker makes of a file, in text order. */
export async function mutantsOf(path: string, text: string): Promise<Mutant[]> {
  const { mutants } = await new Instrumenter(LOGGER).instrument(
    [{ name: path, mutate: true, content: text }],
    { plugins: null, excludedMutations: [], ignorers: [{ shouldIgnore: reasonToIgnore }] },
  );
  const lineStarts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
  const offsetOf = ({ line, column }: { line: number; column: number }): number =>
    (lineStarts[line] ?? text.length) + column;
  return mutants
    .filter(({ status }) => status === undefined)
    .map(({ location, mutatorName, replacement }) => {
      const [start, end] = [offsetOf(location.start), offsetOf(location.end)];
      const written = NEEDS_PARENTHESES.has(mutatorName) ? `(${replacement})` : replacement;
      return {
        path,
        line: location.start.line + 1,
        mutator: mutatorName,
        original: text.slice(start, end),
        replacement,
        text: text.slice(0, start) + written + text.slice(end),
      };
    });
}

function reasonToIgnore({ node }: babel.NodePath): string | undefined {
  const call = node.type === 'ExpressionStatement' ? node.expression : node;
  if (call.type !== 'CallExpression' && call.type !== 'NewExpression') return undefined;
  const name = call.callee.type === 'Identifier' ? call.callee.name : '';
  if (UNOBSERVABLE.has(name)) return 'an assertion';
  return call.type === 'NewExpression' && name.endsWith('Error') ? 'a message' : undefined;
}

/**
 * Chooses `count` mutants by a hash of the seed and the mutant's change, so that edits in other
 * files keep the choice.
 */
export function sampleOf(mutants: readonly Mutant[], seed: number, count: number): Mutant[] {
  const rank = ({ path, line, original, replacement }: Mutant): string =>
    createHash('sha256').update([seed, path, line, original, replacement].join('\0')).digest('hex');
  return mutants
    .map((mutant) => ({ mutant, key: rank(mutant) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .slice(0, count)
    .map(({ mutant }) => mutant);
}
