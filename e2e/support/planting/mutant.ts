import { readFileSync } from 'node:fs';
import { type Found, findAll, membersNamed, parse, parsePattern } from './syntax.ts';

/**
 * A planted bug: one change to a node of the syntax tree of a shipped file. Tests must catch the
 * bug.
 *
 * `readMutants` reads a table of them. A line without indentation names a file and the function,
 * class member or variable that is changed. Two indented lines for each bug follow:
 *
 *     gateway/src/gateway.ts connectionOpened
 *       I10 sockets are let in without end
 *       $A >= context.connectionsMax ~> false
 *
 * The first line names what catches the bug (rules, symptoms or a test file) and describes the bug.
 * The second names the node and its change: `drop PATTERN`, or `PATTERN ~> REPLACEMENT`. `$A`
 * matches any one node, which the replacement can use. `$$` matches any number of nodes.
 */
export interface Mutant {
  readonly name: string;
  /** Path of the changed file, relative to the root of the checkout. */
  readonly file: string;
  readonly member: string;
  readonly pattern: string;
  /** Replacement of the syntax node; null if the node is dropped. */
  readonly replacement: string | null;
  /**
   * What may catch the bug first: SPEC rules, symptoms, or one test file relative to
   * `packages/`.
   */
  readonly caughtBy: readonly string[];
  /** Seed of a simulated world that catches the bug; null if one of the first worlds does. */
  readonly shownIn: number | null;
}

const CHECKOUT = new URL('../../../', import.meta.url);
const HEAD = /^(\S+?)(?:@(\d+))? (.+)$/;

/** @param folder folder of the table's files, with a trailing slash */
export function readMutants(table: string, folder: string): readonly Mutant[] {
  const mutants: Mutant[] = [];
  let place = '';
  let head = '';
  for (const line of table.split('\n').filter((each) => each.trim() !== '')) {
    const depth = line.length - line.trimStart().length;
    if (depth === 0) place = line.trim();
    else if (depth === 2) head = line.trim();
    else mutants.push(readMutant(folder + place, head, line.trim()));
  }
  return mutants;
}

function readMutant(place: string, head: string, change: string): Mutant {
  const [, caughtBy = '', shownIn, name = ''] = HEAD.exec(head) ?? [];
  const [file = '', member = ''] = place.split(' ');
  const [before = '', after] = change.split(' ~> ');
  const pattern = after === undefined ? before.replace(/^drop /, '') : before;
  return {
    ...{ name, file, member, pattern, replacement: after ?? null },
    caughtBy: caughtBy.includes('.test.') ? [caughtBy] : caughtBy.split(','),
    shownIn: shownIn === undefined ? null : Number(shownIn),
  };
}

/**
 * Returns the text of the mutant's file with the bug planted.
 * @throws Error unless exactly one node matches the pattern
 */
export function sourceWith({ name, file, member, pattern, replacement }: Mutant): string {
  const source = readFileSync(new URL(file, CHECKOUT), 'utf8');
  const shape = parsePattern(pattern);
  const found = new Map<string, Found>();
  for (const scope of membersNamed(parse(source), member)) {
    for (const each of findAll(scope, shape))
      found.set(`${each.node.start} ${each.node.end}`, each);
  }
  const [only, ...others] = found.values();
  if (only === undefined || others.length > 0) {
    throw new Error(`${name}: ${found.size} nodes of ${member} in ${file} are like ${pattern}`);
  }
  const { start, end } = only.node;
  const put = replacement === null ? dropped(pattern) : fill(replacement, only, source);
  return source.slice(0, start) + put + source.slice(end);
}

/** Returns an error message for each mutant whose pattern doesn't match exactly one node. */
export function misplaced(mutants: readonly Mutant[]): readonly string[] {
  return mutants.flatMap((mutant) => {
    try {
      sourceWith(mutant);
      return [];
    } catch (cause) {
      return [cause instanceof Error ? cause.message : mutant.name];
    }
  });
}

function dropped(pattern: string): string {
  if (pattern.startsWith('case ')) return '';
  return pattern.endsWith(',') ? '...{}' : ';';
}

function fill(replacement: string, { captures }: Found, source: string): string {
  return replacement.replace(/\$[A-Z]+/g, (name) => {
    const node = captures.get(name);
    return node === undefined ? name : source.slice(node.start, node.end);
  });
}

export function urlOf({ file }: Mutant): URL {
  return new URL(file, CHECKOUT);
}
