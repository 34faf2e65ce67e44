import { LONG_SHARDS } from '../../lib/long-shards.mjs';
import { lineAt } from '../source.ts';
import type { Fault, Tree } from '../tree.ts';

/** Matches commands such as `npm test` and `npm run bench -- relay --rounds 3`. */
const COMMAND = /\bnpm (?:run ([\w:-]+)|(start|test)\b)(?:[ \t]+--[ \t]+([^`\n|#]*))?/g;
/** Matches the names that follow `--` in an npm command, up to the first option or placeholder. */
const NAMES = /^[a-z][\w./-]*(?: [a-z][\w./-]*)*/;

const MANIFEST = 'package.json';
const COMMAND_LINE = 'docs/command-line.md';
const USAGE_FILE = 'apps/server/src/cli/arguments.ts';
/** Program whose usage text lists the commands of `npm run cluster`. */
const CLUSTER_FILE = 'apps/bench/src/cluster/main.ts';
/**
 * Matches a command in the usage text of the operator's command line. `IN_DOCUMENT` matches a
 * command in a table cell of `COMMAND_LINE`.
 */
const IN_USAGE = /^ {2}([a-z]+(?: [a-z-]+)?)(?=[ \n])/gm;
const IN_DOCUMENT = /`([a-z]+(?: [a-z-]+)?)(?=[ `])/g;

/**
 * Checks that each npm script that a document names exists, and each test or benchmark that it
 * passes to the script. The usage text and the document of the operator's command line must list
 * the same commands.
 */
export function commandFaults(tree: Tree): Fault[] {
  const scripts = scriptsOf(tree);
  const usage = usageOf(tree);
  const faults = tree.paths
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) => {
      const text = tree.read(path);
      return Array.from(text.matchAll(COMMAND)).flatMap((match) => {
        const script = match[1] ?? match[2] ?? '';
        const names = NAMES.exec(match[3] ?? '')?.[0] ?? '';
        const message = scripts.has(script)
          ? faultOfNames(tree, script, names, usage)
          : `${MANIFEST} has no script ${script}.`;
        return message === null ? [] : [{ path, line: lineAt(text, match.index), message }];
      });
    });
  return [...faults, ...commandLineFaults(tree, usage)];
}

function scriptsOf(tree: Tree): ReadonlySet<string> {
  if (!tree.paths.includes(MANIFEST)) return new Set();
  const { scripts } = JSON.parse(tree.read(MANIFEST)) as { readonly scripts?: object };
  return new Set(Object.keys(scripts ?? {}));
}

function faultOfNames(
  tree: Tree,
  script: string,
  names: string,
  usage: ReadonlySet<string>,
): string | null {
  if (names === '') return null;
  if (script === 'farandole') {
    return usage.has(names) ? null : `The command line has no command ${names}.`;
  }
  const exists = existenceOf(tree, script);
  const missing = names.split(' ').find((name) => !exists(name));
  return missing === undefined ? null : `npm run ${script} knows no ${missing}.`;
}

function existenceOf(tree: Tree, script: string): (name: string) => boolean {
  switch (script) {
    case 'test':
      return (name) =>
        tree.paths.some((path) => /\.(?:test|spec)\.ts$/.test(path) && path.includes(name));
    case 'test:long':
      return (name) => LONG_SHARDS.some((shard) => shard.name === name);
    case 'bench':
      return (name) => tree.paths.includes(`apps/bench/src/scenarios/${name}.ts`);
    case 'cluster':
      return (name) => tree.read(CLUSTER_FILE).includes(`\n  ${name} `);
    default:
      return () => false;
  }
}

function usageOf(tree: Tree): ReadonlySet<string> {
  if (!tree.paths.includes(USAGE_FILE)) return new Set();
  const usage = /\bUSAGE = `([^`]*)`/.exec(tree.read(USAGE_FILE))?.[1] ?? '';
  return new Set(Array.from(usage.matchAll(IN_USAGE), ([, command = '']) => command));
}

function commandLineFaults(tree: Tree, usage: ReadonlySet<string>): Fault[] {
  if (!tree.paths.includes(COMMAND_LINE)) return [];
  const text = tree.read(COMMAND_LINE);
  const documented = Array.from(text.matchAll(/^\|([^|]*)\|/gm)).flatMap((row) =>
    Array.from((row[1] ?? '').matchAll(IN_DOCUMENT), ([, command = '']) => ({
      command,
      line: lineAt(text, row.index),
    })),
  );
  const known = new Set(documented.map(({ command }) => command));
  return [
    ...documented
      .filter(({ command }) => !usage.has(command))
      .map(({ command, line }) => ({
        path: COMMAND_LINE,
        line,
        message: `The command line has no command ${command}.`,
      })),
    ...[...usage]
      .filter((command) => !known.has(command))
      .map((command) => ({
        path: COMMAND_LINE,
        line: null,
        message: `The table leaves out ${command}.`,
      })),
  ];
}
