import { readLockEntries } from './packages.mjs';

/**
 * A package of the lockfile that a workspace needs in production.
 * @typedef {object} ProductionPackage
 * @property {string} path Folder relative to the root, such as `node_modules/ws` or `packages/kernel`.
 * @property {string} name
 * @property {string} version
 * @property {string | undefined} integrity Undefined for our own packages.
 * @property {string | undefined} license
 * @property {readonly string[]} needs Paths of the packages that it depends on.
 */

/**
 * @typedef {import('./packages.mjs').LockEntry & {
 *   dependencies?: Record<string, string>, license?: string }} FullEntry
 */

/**
 * Finds a workspace and all packages that it needs in production, sorted by path. `npm sbom` can't
 * do this: it leaves out packages that a development tool needs too.
 * @param {string} lockfile
 * @param {readonly string[]} workspaces Folders of the workspaces.
 * @returns {readonly ProductionPackage[]}
 */
export function productionPackages(lockfile, workspaces) {
  const entries = readLockEntries(lockfile);
  if (entries === null) throw new Error(`${lockfile} cannot be read.`);
  /** @type {Map<string, ProductionPackage>} */
  const found = new Map();
  const visit = (/** @type {string} */ path) => {
    if (found.has(path)) return;
    const {
      version,
      integrity,
      license,
      dependencies = {},
    } = /** @type {FullEntry} */ (entries[path]);
    const needs = Object.keys(dependencies).map((name) => resolve(entries, path, name));
    const name = nameOf(path);
    found.set(path, { path, name, version: version ?? '', integrity, license, needs });
    for (const next of needs) visit(next);
  };
  for (const workspace of workspaces) visit(workspace);
  return [...found.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Finds a dependency as Node does, in the nearest `node_modules`. Follows the links of workspaces.
 * @param {import('./packages.mjs').LockEntries} entries
 * @param {string} from
 * @param {string} name
 * @returns {string}
 */
function resolve(entries, from, name) {
  for (let folder = from; ; folder = parentOf(folder)) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    const entry = entries[path];
    if (entry?.link === true && entry.resolved !== undefined) return entry.resolved;
    if (entry !== undefined) return path;
    if (folder === '') throw new Error(`The lockfile has no ${name}, which ${from} needs.`);
  }
}

/** @param {string} folder */
function parentOf(folder) {
  return folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : '';
}

/** @param {string} path */
function nameOf(path) {
  const [, inner] = path.split(/node_modules\/(?!.*node_modules\/)/);
  return inner ?? `@farandole/${path.slice(path.lastIndexOf('/') + 1)}`;
}
