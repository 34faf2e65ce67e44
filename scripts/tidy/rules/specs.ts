import { lineAt, testTitlesOf } from '../source.ts';
import type { Fault, Tree } from '../tree.ts';

/** `- **MM-12** …`, `### GW-7 …`: an id at the head of an item or heading states a rule. */
const STATED_RULE = /^(?:#{1,6}|[-*]|\d+\.)\s+(?:\*\*|\[|`)?([A-Z]{2,4}-\d+)\b/gm;

/** `[MM-12] …`, `[MM-12, MM-13] …`: a title cites the rules it shows at its head. */
const CITATION = /^\s*((?:\[[A-Z]{2,4}-\d+(?:,\s*[A-Z]{2,4}-\d+)*\]\s*)+)/;
const RULE_ID = /[A-Z]{2,4}-\d+/g;

/** A contract holds the tests of a port; the test files of its adapters run it. */
const HOLDS_TESTS = /(?:\.(?:test|spec|long)|-contract)\.ts$/;

interface Mention {
  readonly id: string;
  readonly path: string;
  readonly line: number;
}

/** Every rule of a SPEC.md is shown by a test that cites it, and every cited rule exists. */
export function specFaults(tree: Tree): Fault[] {
  const stated = statedRules(tree);
  const cited = citedRules(tree);
  const statedIds = new Set(stated.map(({ id }) => id));
  const citedIds = new Set(cited.map(({ id }) => id));
  const faultAt = ({ path, line }: Mention, message: string): Fault => ({ path, line, message });
  return [
    ...stated
      .filter((rule, i) => stated.findIndex(({ id }) => id === rule.id) !== i)
      .map((rule) => faultAt(rule, `${rule.id} is stated twice: give one of them a new number.`)),
    ...stated
      .filter(({ id }) => !citedIds.has(id))
      .map((rule) =>
        faultAt(rule, `No test shows ${rule.id}: begin a test's title with [${rule.id}].`),
      ),
    ...cited
      .filter(({ id }) => !statedIds.has(id))
      .map((citation) => faultAt(citation, `No SPEC.md states ${citation.id}.`)),
  ];
}

function statedRules(tree: Tree): Mention[] {
  return tree.paths
    .filter((path) => path.endsWith('/SPEC.md'))
    .flatMap((path) => {
      const text = tree.read(path);
      return Array.from(text.matchAll(STATED_RULE), (match) => ({
        id: match[1] ?? '',
        path,
        line: lineAt(text, match.index),
      }));
    });
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
