import { Visitor } from 'oxc-parser';
import { lineAt, type Source } from '../source.ts';
import type { Fault, Tree } from '../tree.ts';

/** Document that lists the settings. The rows of its table begin with a setting's name. */
const DOCUMENT = 'docs/configuration.md';
const DOCUMENTED = /^\|\s*`([A-Z][A-Z0-9_]+)`/gm;

/** Matches a setting's name in a string, in a table key or as a property of `env`. */
const SETTING = /^(?:FARANDOLE_[A-Z0-9_]+|PORT|HOST)$/;

interface Mention {
  readonly name: string;
  readonly path: string;
  readonly line: number;
}

export function settingFaults(tree: Tree): Fault[] {
  const read = tree.sources
    .filter(({ path }) => path.startsWith('apps/server/src/'))
    .flatMap(settingsRead);
  const documented = settingsDocumented(tree);
  const without = (all: Mention[], others: Mention[]): Mention[] =>
    [...new Map(all.toReversed().map((mention) => [mention.name, mention])).values()]
      .toReversed()
      .filter(({ name }) => others.every((other) => other.name !== name));
  const fault = ({ path, line }: Mention, message: string): Fault => ({ path, line, message });
  return [
    ...without(read, documented).map((mention) =>
      fault(mention, `${mention.name} is not in the table of ${DOCUMENT}.`),
    ),
    ...without(documented, read).map((mention) =>
      fault(mention, `apps/server reads no setting ${mention.name}.`),
    ),
  ];
}

function settingsRead({ path, text, parsed }: Source): Mention[] {
  const found: Mention[] = [];
  const add = (name: string, offset: number): void => {
    if (SETTING.test(name)) found.push({ name, path, line: lineAt(text, offset) });
  };
  const visitor = new Visitor({
    Literal({ value, start }) {
      if (typeof value === 'string') add(value, start);
    },
    Property({ key }) {
      if (key.type === 'Identifier') add(key.name, key.start);
    },
    MemberExpression({ object, property }) {
      const isOfEnv = object.type === 'Identifier' && object.name === 'env';
      if (isOfEnv && property.type === 'Identifier') add(property.name, property.start);
    },
  });
  visitor.visit(parsed.program);
  return found;
}

function settingsDocumented(tree: Tree): Mention[] {
  if (!tree.paths.includes(DOCUMENT)) return [];
  const text = tree.read(DOCUMENT);
  return Array.from(text.matchAll(DOCUMENTED), (match) => ({
    name: match[1] ?? '',
    path: DOCUMENT,
    line: lineAt(text, match.index),
  }));
}
