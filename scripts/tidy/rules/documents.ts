import { posix } from 'node:path';
import { lineAt, testTitlesOf } from '../source.ts';
import type { Fault, Tree } from '../tree.ts';

const LINK = /!?\[[^\]]*\]\(([^()\s]+(?:\([^()\s]*\))?)(?:\s+"[^"]*")?\)/g;

/** Matches a code span with a path of the checkout, such as `packages/kernel/src/clock.ts`. */
const PATH = /`((?:packages|apps|e2e|scripts|docs|deploy|locales)\/[\w./-]+)`/g;

/**
 * Matches a code span with the end of a path of the checkout, such as `clock.ts` or
 * `src/clock.ts`.
 */
const CODE_FILE = /`([\w./-]+\.(?:ts|tsx|mjs|css))`/g;

/** Matches a code span. `CONSTANT` matches a constant in it, such as `LEASE_DURATION_MS`. */
const SPAN = /`[^`\n]+`/g;
const CONSTANT = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g;

/** Matches a code span that is only the name of a test file, such as `codec.test.ts`. */
const TEST_NAME = /`([\w-]+(?:\.(?:test|spec)|-contract)\.ts)`/g;

/** Matches a test file and one of its titles, up to the first computed part. */
const TEST = /`([\w./-]+\.(?:test|spec)\.ts)` “([^”]+)”/g;

/**
 * Checks that links in documents lead to existing files and headings, and that documented paths,
 * tests and constants exist.
 */
export function documentFaults(tree: Tree): Fault[] {
  const constants = constantsOf(tree);
  return tree.paths
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) => [
      ...linkFaults(tree, path),
      ...pathFaults(tree, path),
      ...codeFileFaults(tree, path),
      ...constantFaults(tree, path, constants),
      ...testNameFaults(tree, path),
      ...titleFaults(tree, path),
    ]);
}

function pathFaults(tree: Tree, path: string): Fault[] {
  const text = tree.read(path);
  return Array.from(text.matchAll(PATH)).flatMap((match) => {
    const named = (match[1] ?? '').replace(/\/$/, '');
    // Skips paths of build output, because it isn't in the checkout.
    if (/\/dist(?:\/|$)/.test(named)) return [];
    if (tree.paths.some((other) => other === named || other.startsWith(`${named}/`))) return [];
    return [{ path, line: lineAt(text, match.index), message: `There is no ${named}.` }];
  });
}

function codeFileFaults(tree: Tree, path: string): Fault[] {
  const text = tree.read(path);
  return Array.from(text.matchAll(CODE_FILE)).flatMap((match) => {
    const [, name = ''] = match;
    // Skips whole paths and names of test files, because other rules check them.
    if (match[0].match(PATH) !== null || match[0].match(TEST_NAME) !== null) return [];
    const file = name.startsWith('.') ? posix.join(posix.dirname(path), name) : name;
    if (tree.paths.some((other) => other === file || other.endsWith(`/${file}`))) return [];
    return [{ path, line: lineAt(text, match.index), message: `There is no ${name}.` }];
  });
}

function constantsOf(tree: Tree): ReadonlySet<string> {
  return new Set(tree.sources.flatMap(({ text }) => text.match(CONSTANT) ?? []));
}

function constantFaults(tree: Tree, path: string, constants: ReadonlySet<string>): Fault[] {
  const text = tree.read(path);
  return Array.from(withoutCodeBlocks(text).matchAll(SPAN)).flatMap((span) =>
    (span[0].match(CONSTANT) ?? [])
      .filter((name) => !constants.has(name))
      .map((name) => ({
        path,
        line: lineAt(text, span.index),
        message: `No code names ${name}.`,
      })),
  );
}

function testNameFaults(tree: Tree, path: string): Fault[] {
  const text = tree.read(path);
  return Array.from(text.matchAll(TEST_NAME)).flatMap((match) => {
    const name = match[1] ?? '';
    const count = tree.paths.filter((other) => posix.basename(other) === name).length;
    if (count === 1) return [];
    const message = count === 0 ? `There is no ${name}.` : `${count} files are named ${name}.`;
    return [{ path, line: lineAt(text, match.index), message }];
  });
}

function titleFaults(tree: Tree, path: string): Fault[] {
  const text = tree.read(path);
  return Array.from(text.matchAll(TEST)).flatMap((match) => {
    const [, file = '', title = ''] = match;
    const source = tree.sources.find((other) => other.path === file);
    if (source === undefined || testTitlesOf(source).some((known) => known.title === title)) {
      return [];
    }
    return [{ path, line: lineAt(text, match.index), message: `${file} has no test “${title}”.` }];
  });
}

function linkFaults(tree: Tree, path: string): Fault[] {
  const text = withoutCode(tree.read(path));
  return Array.from(text.matchAll(LINK)).flatMap((match) => {
    const message = faultOfLink(tree, path, match[1] ?? '');
    return message === null ? [] : [{ path, line: lineAt(text, match.index), message }];
  });
}

/** Removes code blocks and spans from a document, because they contain no links. */
function withoutCode(text: string): string {
  return withoutCodeBlocks(text).replaceAll(/`[^`\n]*`/g, blank);
}

/** Replaces code by spaces, so that line and column numbers stay the same. */
function blank(code: string): string {
  return code.replaceAll(/[^\n]/g, ' ');
}

function faultOfLink(tree: Tree, path: string, target: string): string | null {
  if (/^[a-z]+:/.test(target)) return null;
  const [file = '', anchor] = target.split('#');
  const resolved = file === '' ? path : posix.join(posix.dirname(path), file).replace(/\/$/, '');
  const isFile = tree.paths.includes(resolved);
  const isFolder = tree.paths.some((other) => other.startsWith(`${resolved}/`));
  if (!isFile && !isFolder && resolved !== '.')
    return `${target} is a broken link: there is no ${resolved}.`;
  if (anchor === undefined || !resolved.endsWith('.md')) return null;
  const anchors = anchorsOf(tree.read(resolved));
  return anchors.includes(anchor) ? null : `${resolved} has no heading #${anchor}.`;
}

/**
 * Returns the anchors that code hosts give to a document's headings: lower case, without
 * punctuation, with hyphens for spaces.
 */
function anchorsOf(text: string): string[] {
  return Array.from(withoutCodeBlocks(text).matchAll(/^#{1,6}\s+(.+)$/gm), ([, heading = '']) =>
    heading
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-'),
  );
}

function withoutCodeBlocks(text: string): string {
  return text.replaceAll(/^(```|~~~)[^]*?^\1/gm, blank);
}
