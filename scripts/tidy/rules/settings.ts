import { lineAt } from '../source.ts';
import type { Fault, Tree } from '../tree.ts';

/** The document that tells an operator every setting, a table whose rows begin with the name. */
const DOCUMENT = 'docs/configuration.md';
const DOCUMENTED = /^\|\s*`([A-Z][A-Z0-9_]+)`/gm;

/** How the server's sources name a setting: in a table of them, or as a property of `env`. */
const SETTING = /^(?:FARANDOLE_[A-Z0-9_]+|PORT|HOST)$/;
const PROPERTY_OF_ENV = /\benv\s*\.\s*([A-Z][A-Z0-9_]+)/g;
const KEY_OF_TABLE = /(?<![\w.$])(FARANDOLE_[A-Z0-9_]+|PORT|HOST)\s*:/g;

interface Mention {
  readonly name: string;
  readonly path: string;
  readonly line: number;
}

/** Every setting that the server reads is documented, and every documented one is read. */
export function settingFaults(tree: Tree): Fault[] {
  const read = settingsRead(tree);
  const documented = settingsDocumented(tree);
  const known = new Set(read.map(({ name }) => name));
  const told = new Set(documented.map(({ name }) => name));
  const faults = [
    ...read
      .filter(({ name }) => !told.has(name))
      .map((mention) => ({
        ...mention,
        message: `${mention.name} is not in the table of ${DOCUMENT}.`,
      })),
    ...documented
      .filter(({ name }) => !known.has(name))
      .map((mention) => ({ ...mention, message: `apps/server reads no setting ${mention.name}.` })),
  ];
  const seen = new Set<string>();
  return faults
    .filter(({ message }) => !seen.has(message) && seen.add(message))
    .map(({ path, line, message }) => ({ path, line, message }));
}

function settingsRead(tree: Tree): Mention[] {
  return tree.sources
    .filter(({ path }) => path.startsWith('apps/server/src/'))
    .flatMap(({ path, text, code, strings }) => [
      ...strings
        .filter(({ value }) => SETTING.test(value))
        .map(({ value, offset }) => ({ name: value, path, line: lineAt(text, offset) })),
      ...[PROPERTY_OF_ENV, KEY_OF_TABLE].flatMap((form) =>
        Array.from(code.matchAll(form), (match) => ({
          name: match[1] ?? '',
          path,
          line: lineAt(text, match.index),
        })),
      ),
    ]);
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
