import { ASVS_ITEMS } from '../asvs.ts';
import { lineAt, testTitlesOf } from '../source.ts';
import type { Fault, Tree } from '../tree.ts';

const DOCUMENT = 'docs/security.md';

/** `| 1.2.3 | 1 | what it asks, in our words | test | evidence |` */
const ROW = /^\| (\d+\.\d+\.\d+) \| (\d) \| ([^|]+) \| ([a-z]+) \| ([^|]+) \|$/gm;
/** Anything that begins as a row does, so that one of another form is not passed over. */
const LIKE_A_ROW = /^\| *\d+\.\d+\.\d+ .*$/gm;
/** A file of tests and the title of one of them, up to the first part that is computed. */
const CITATION = /`((?:packages|apps|e2e|scripts)\/[\w./-]+\.ts)` “([^”]+)”/g;
const LINK = /\]\([^)\s]+\)/;
/** The counts at the top, which nobody adds up by hand. */
const COUNTS =
  /Of (\d+) items, (\d+) are shown by a test, (\d+) by a document, (\d+) do not apply yet or are not ours, each with its reason, and (\d+) (?:is|are) open\./;

const KINDS = ['test', 'document', 'reason', 'open'] as const;

/** The levels that this house answers for. */
const LEVELS = [1, 2];

interface Row {
  readonly item: string;
  readonly level: number;
  readonly kind: string;
  readonly evidence: string;
  readonly line: number;
}

/**
 * docs/security.md answers for every item of ASVS at levels 1 and 2 exactly once: by tests that are
 * there under the title that it names, by a place in a document, by a reason, or by saying that it
 * is open; and its counts are those of its rows. That the links lead somewhere, another rule sees.
 */
export function verificationFaults(
  tree: Tree,
  items: ReadonlyMap<string, number> = ASVS_ITEMS,
): Fault[] {
  if (!tree.paths.includes(DOCUMENT)) {
    return [{ path: DOCUMENT, line: null, message: 'It is not there.' }];
  }
  const text = tree.read(DOCUMENT);
  const rows = rowsOf(text);
  return [
    ...formFaults(text, rows),
    ...itemFaults(rows, items),
    ...rows.flatMap(evidenceFaults),
    ...citationFaults(tree, text),
    ...countFaults(text, rows),
  ];
}

function rowsOf(text: string): Row[] {
  return Array.from(text.matchAll(ROW), (match) => {
    const [, item = '', level = '', , kind = '', evidence = ''] = match;
    return { item, level: Number(level), kind, evidence, line: lineAt(text, match.index) };
  });
}

function fault(line: number | null, message: string): Fault {
  return { path: DOCUMENT, line, message };
}

function formFaults(text: string, rows: readonly Row[]): Fault[] {
  const lines = new Set(rows.map(({ line }) => line));
  return Array.from(text.matchAll(LIKE_A_ROW), (match) => lineAt(text, match.index))
    .filter((line) => !lines.has(line))
    .map((line) => fault(line, 'A row is | item | level | what | kind | evidence |.'));
}

function itemFaults(rows: readonly Row[], items: ReadonlyMap<string, number>): Fault[] {
  const seen = new Set<string>();
  const faults: Fault[] = [];
  for (const { item, level, line } of rows) {
    const known = items.get(item);
    if (known === undefined) faults.push(fault(line, `ASVS has no item ${item}.`));
    else if (known !== level) faults.push(fault(line, `${item} is of level ${known}.`));
    if (seen.has(item)) faults.push(fault(line, `${item} is answered twice.`));
    seen.add(item);
  }
  const missing = [...items].filter(([item, level]) => LEVELS.includes(level) && !seen.has(item));
  return [...faults, ...missing.map(([item]) => fault(null, `${item} is not answered.`))];
}

function evidenceFaults({ item, kind, evidence, line }: Row): Fault[] {
  switch (KINDS.find((known) => known === kind)) {
    case 'test':
      return [...evidence.matchAll(CITATION)].length > 0
        ? []
        : [fault(line, `${item} names no test: \`path\` “title”.`)];
    case 'document':
      return LINK.test(evidence) ? [] : [fault(line, `${item} links no document.`)];
    case 'reason':
    case 'open':
      return evidence.trim().length > 2 ? [] : [fault(line, `${item} says nothing.`)];
    case undefined:
      return [fault(line, `${kind} is none of ${KINDS.join(', ')}.`)];
  }
}

function citationFaults(tree: Tree, text: string): Fault[] {
  const titlesOf = new Map<string, ReadonlySet<string>>();
  const titles = (path: string): ReadonlySet<string> | null => {
    const known = titlesOf.get(path);
    if (known !== undefined) return known;
    const source = tree.sources.find((candidate) => candidate.path === path);
    if (source === undefined) return null;
    const found = new Set(testTitlesOf(source).map(({ title }) => title.replaceAll('\\', '')));
    titlesOf.set(path, found);
    return found;
  };
  return Array.from(text.matchAll(CITATION)).flatMap((match) => {
    const [, path = '', title = ''] = match;
    const line = lineAt(text, match.index);
    const known = titles(path);
    if (known === null) return [fault(line, `There is no ${path}.`)];
    return known.has(title) ? [] : [fault(line, `${path} has no test “${title}”.`)];
  });
}

function countFaults(text: string, rows: readonly Row[]): Fault[] {
  const of = (kind: string): number => rows.filter((row) => row.kind === kind).length;
  const right = [rows.length, ...KINDS.map(of)];
  const told = COUNTS.exec(text);
  const [all, test, document, reason, open] = right;
  const sentence = `Of ${all} items, ${test} are shown by a test, ${document} by a document, ${reason} do not apply yet or are not ours, each with its reason, and ${open} ${open === 1 ? 'is' : 'are'} open.`;
  if (told === null) return [fault(null, `It does not say: ${sentence}`)];
  return told.slice(1).map(Number).join() === right.join()
    ? []
    : [fault(lineAt(text, told.index), `The counts are: ${sentence}`)];
}
