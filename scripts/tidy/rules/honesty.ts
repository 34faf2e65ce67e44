import { lineAt, type Source } from '../source.ts';
import type { Fault, Tree } from '../tree.ts';

interface Form {
  readonly form: RegExp;
  readonly message: string;
}

/** In the code of any file. */
const IN_CODE: readonly Form[] = [
  { form: /\bas\s+any\b|<any>/g, message: 'any hides what a value is: narrow unknown instead.' },
  {
    form: /\bexport\s+\*/g,
    message: 'No barrels: import a thing from the file that it lives in.',
  },
];

/** In code that is not a test's: a test may hold less of a thing than there is. */
const IN_SOURCES: readonly Form[] = [
  { form: /\bas\s+unknown\s+as\b/g, message: 'A double assertion overrules the compiler: narrow.' },
];

/** In the comments of any file. */
const IN_COMMENTS: readonly Form[] = [
  {
    form: /@ts-(?:ignore|expect-error|nocheck)\b/g,
    message: 'The compiler is not silenced: mend the type.',
  },
  {
    form: /\b(?:eslint|oxlint)-(?:disable|enable)\S*|\bbiome-ignore\b/g,
    message: 'The linter is not silenced in place: mend the code, or the rule for everybody.',
  },
  {
    form: /\b(?:TODO|FIXME|XXX|HACK)\b/g,
    message: 'What is left to do is an issue, not a comment.',
  },
];

/** In the code of tests. */
const IN_TESTS: readonly Form[] = [
  {
    form: /\.\s*(?:skip|only|todo|fixme)\s*\(|[{,]\s*(?:skip|only|todo)\s*:/g,
    message: 'A test runs or is deleted.',
  },
  {
    form: /\bretries\s*:(?!\s*0\b)/g,
    message: 'A test that passes on a second try has failed: find out why.',
  },
  {
    form: /\.\s*waitForTimeout\s*\(/g,
    message: 'Wait for what should happen, not for time to pass.',
  },
];

/** Nothing is silenced: not the compiler, not the linter, not a test. */
export function honestyFaults(tree: Tree): Fault[] {
  return tree.sources.flatMap((source) => [
    ...faultsIn(source, source.code, IN_CODE),
    ...faultsIn(source, source.comments, IN_COMMENTS),
    ...faultsIn(source, source.code, isOfTesting(source.path) ? IN_TESTS : IN_SOURCES),
  ]);
}

function isOfTesting(path: string): boolean {
  return /\.(?:test|spec)\.ts$/.test(path) || path.startsWith('e2e/') || path.includes('/test/');
}

function faultsIn(source: Source, text: string, forms: readonly Form[]): Fault[] {
  return forms.flatMap(({ form, message }) =>
    Array.from(text.matchAll(form), (match) => ({
      path: source.path,
      line: lineAt(source.text, match.index),
      message: `${match[0].trim()}: ${message}`,
    })),
  );
}
