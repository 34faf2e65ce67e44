import { posix } from 'node:path';
import { lineAt, testTitlesOf } from '../source.ts';
import type { Fault, Tree } from '../tree.ts';

const LINK = /!?\[[^\]]*\]\(([^()\s]+(?:\([^()\s]*\))?)(?:\s+"[^"]*")?\)/g;

/** A span of code that is a path of the checkout, such as `packages/kernel/src/clock.ts`. */
const PATH = /`((?:packages|apps|e2e|scripts|docs|deploy)\/[\w./-]+)`/g;

/** A span of code that is the bare name of a test file, such as `codec.test.ts`. */
const TEST_NAME = /`([\w-]+(?:\.(?:test|spec)|-contract)\.ts)`/g;

/** A test file and one of its titles, up to the first computed part. */
const TEST = /`([\w./-]+\.(?:test|spec)\.ts)` “([^”]+)”/g;

/** Checks that documents link to existing files and headings, and name existing paths and tests. */
export function documentFaults(tree: Tree): Fault[] {
  return tree.paths
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) => [
      ...linkFaults(tree, path),
      ...pathFaults(tree, path),
      ...testNameFaults(tree, path),
      ...titleFaults(tree, path),
    ]);
}

function pathFaults(tree: Tree, path: string): Fault[] {
  const text = tree.read(path);
  return Array.from(text.matchAll(PATH)).flatMap((match) => {
    const named = (match[1] ?? '').replace(/\/$/, '');
    // Build output isn't in the checkout.
    if (/\/dist(?:\/|$)/.test(named)) return [];
    if (tree.paths.some((other) => other === named || other.startsWith(`${named}/`))) return [];
    return [{ path, line: lineAt(text, match.index), message: `There is no ${named}.` }];
  });
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

/** Blanks out code, which has no links. Keeps its length, so that line numbers stay right. */
function withoutCode(text: string): string {
  const blank = (code: string): string => code.replaceAll(/[^\n]/g, ' ');
  return text.replaceAll(/^(```|~~~)[^]*?^\1/gm, blank).replaceAll(/`[^`\n]*`/g, blank);
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

/** The anchors that code hosts give to headings: lower case, no punctuation, hyphens for spaces. */
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
  return text.replaceAll(/^(```|~~~)[^]*?^\1/gm, '');
}
