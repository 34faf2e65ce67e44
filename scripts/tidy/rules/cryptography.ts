import { importsOf, lineAt } from '../source.ts';
import type { Fault, Tree } from '../tree.ts';

/** The document that lists every use of cryptography, in a table under this heading. */
const DOCUMENT = 'docs/security.md';
const HEADING = '## Keys and algorithms';
const PATH = /`((?:packages|apps)\/[\w./-]+\.tsx?)`/g;

/** The browser's cryptography; Node's is a module, and so is `jose`, which uses it. */
const IN_BROWSER = /(?<![.\w])crypto\s*\.\s*(?:subtle|getRandomValues|randomUUID)\b/;

/** Every source that makes or checks anything by cryptography is in the inventory, and no other. */
export function cryptographyFaults(tree: Tree): Fault[] {
  const users = tree.sources
    .filter(({ path }) => /^(?:packages\/[^/]+|apps\/(?:server|web))\/src\//.test(path))
    .filter(
      (source) =>
        IN_BROWSER.test(source.code) ||
        importsOf(source).some(({ specifier }) => /^(?:(?:node:)?crypto|jose)$/.test(specifier)),
    )
    .map(({ path }) => path);
  if (!tree.paths.includes(DOCUMENT)) {
    return users.map((path) => ({ path, line: null, message: `There is no ${DOCUMENT}.` }));
  }
  const text = tree.read(DOCUMENT);
  const start = text.indexOf(HEADING);
  const end = text.indexOf('\n## ', start + HEADING.length);
  const section = start === -1 ? '' : text.slice(start, end === -1 ? text.length : end);
  const listed = Array.from(section.matchAll(PATH), (match) => ({
    path: match[1] ?? '',
    line: lineAt(text, start + match.index),
  }));
  return [
    ...users
      .filter((path) => !listed.some((row) => row.path === path))
      .map((path) => ({
        path,
        line: null,
        message: `It uses cryptography, and ${DOCUMENT} does not list it under "${HEADING.slice(3)}".`,
      })),
    ...listed
      .filter(({ path }) => !users.includes(path))
      .map(({ path, line }) => ({
        path: DOCUMENT,
        line,
        message: `${path} uses no cryptography.`,
      })),
  ];
}
