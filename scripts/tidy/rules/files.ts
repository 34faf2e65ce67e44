import { lineAt } from '../source.ts';
import type { Fault, Tree } from '../tree.ts';

/** More than this is not read in one sitting. */
const LINES_MAX = 500;

/** Files that may be longer, each with its reason. */
const LONG_FILES: ReadonlyMap<string, string> = new Map();

const KEBAB_CASE = /^\.?[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;

/** Names that others have given: of documents, and of tools that look for theirs. */
const NAMES_OF_OTHERS = /^(?:[A-Z][A-Z-]*\.md|[A-Z]{2}_[A-Z_]+\.md|LICENSE|Caddyfile|Dockerfile)$/;

/** Names are kebab-case, nothing is an index of other files, and a file can be read. */
export function fileFaults(tree: Tree): Fault[] {
  return [
    ...tree.paths.flatMap(nameFaults),
    ...tree.paths.flatMap((path) => sizeFaults(tree, path)),
  ];
}

function nameFaults(path: string): Fault[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/^index\.(?:ts|tsx|mjs)$/.test(name)) {
    return [{ path, line: null, message: 'Name a file after its main export.' }];
  }
  if (KEBAB_CASE.test(name) || NAMES_OF_OTHERS.test(name)) return [];
  return [{ path, line: null, message: 'File names are kebab-case.' }];
}

function sizeFaults(tree: Tree, path: string): Fault[] {
  if (!/\.(?:ts|tsx|mjs|css)$/.test(path) || path.includes('/fixtures/')) return [];
  const text = tree.read(path);
  const lines = lineAt(text, text.length) - 1;
  if (lines <= LINES_MAX || LONG_FILES.has(path)) return [];
  return [
    { path, line: null, message: `${lines} lines, more than ${LINES_MAX}: split by concept.` },
  ];
}
