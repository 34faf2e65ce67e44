import { lineAt, testTitlesOf } from '../source.ts';
import type { Fault, Tree } from '../tree.ts';

/**
 * Matches a SPEC rule's id at the start of a list item or heading: `- **MM-12** …`, `-
 * **MM-12a** …`, `### GW-7 …`.
 */
const STATED_RULE = /^(?:#{1,6}|[-*]|\d+\.)\s+(?:\*\*|\[|`)?([A-Z]{2,4}-\d+[a-z]?)\b/gm;

/** Matches the rules that a test's title cites at its start: `[MM-12] …`, `[MM-12, MM-13a] …`. */
const CITATION = /^\s*((?:\[[A-Z]{2,4}-\d+[a-z]?(?:,\s*[A-Z]{2,4}-\d+[a-z]?)*\]\s*)+)/;
const RULE_ID = /[A-Z]{2,4}-\d+[a-z]?/g;

/**
 * Maximum number of words of a SPEC rule. A longer rule is split into several, whose numbers
 * have letters.
 */
const RULE_WORDS_MAX = 60;

/**
 * Matches files with tests. A contract file contains the tests of a port, which the test files
 * of the port's adapters run.
 */
const HOLDS_TESTS = /(?:\.(?:test|spec|long)|-contract)\.ts$/;

interface Mention {
  readonly id: string;
  readonly path: string;
  readonly line: number;
}

interface Rule extends Mention {
  readonly words: number;
}

/**
 * Checks that every SPEC.md rule is short and cited by a test, and that every cited rule exists.
 * A citation of MM-12 covers MM-12, MM-12a, MM-12b, …
 */
export function specFaults(tree: Tree): Fault[] {
  const stated = statedRules(tree);
  const cited = citedRules(tree);
  const statedIds = new Set(stated.flatMap(({ id }) => [id, wholeOf(id)]));
  const citedIds = new Set(cited.map(({ id }) => id));
  const faultAt = ({ path, line }: Mention, message: string): Fault => ({ path, line, message });
  return [
    ...stated
      .filter((rule, i) => stated.findIndex(({ id }) => id === rule.id) !== i)
      .map((rule) => faultAt(rule, `${rule.id} is defined twice: renumber one of them.`)),
    ...stated
      .filter(({ words }) => words > RULE_WORDS_MAX)
      .map((rule) =>
        faultAt(rule, `${rule.id} has ${rule.words} words, more than ${RULE_WORDS_MAX}: split it.`),
      ),
    ...stated
      .filter(({ id }) => !citedIds.has(id) && !citedIds.has(wholeOf(id)))
      .map((rule) =>
        faultAt(rule, `No test covers ${rule.id}: start a test's title with [${rule.id}].`),
      ),
    ...cited
      .filter(({ id }) => !statedIds.has(id))
      .map((citation) => faultAt(citation, `No SPEC.md defines ${citation.id}.`)),
  ];
}

/** Returns the id of a rule without its letter, such as `MM-12` for `MM-12a`. */
function wholeOf(id: string): string {
  return id.replace(/[a-z]$/, '');
}

function statedRules(tree: Tree): Rule[] {
  return tree.paths
    .filter((path) => path.endsWith('/SPEC.md'))
    .flatMap((path) => {
      const text = tree.read(path);
      return Array.from(text.matchAll(STATED_RULE), (match) => ({
        id: match[1] ?? '',
        path,
        line: lineAt(text, match.index),
        words: wordsOf(text.slice(match.index + match[0].length)),
      }));
    });
}

/** Counts the words of a rule, up to the next list item, heading or empty line. */
function wordsOf(text: string): number {
  const [rule = ''] = text.split(/\n(?:\n|\s*[-*#])/, 1);
  return rule.match(/[\p{L}\p{N}][^\s]*/gu)?.length ?? 0;
}

function citedRules(tree: Tree): Mention[] {
  return tree.sources
    .filter(({ path }) => HOLDS_TESTS.test(path))
    .flatMap((source) =>
      testTitlesOf(source).flatMap(({ title, offset }) => {
        const head = CITATION.exec(title)?.[1] ?? '';
        return Array.from(head.matchAll(RULE_ID), ([id]) => ({
          id,
          path: source.path,
          line: lineAt(source.text, offset),
        }));
      }),
    );
}
