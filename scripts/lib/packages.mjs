import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The used fields of a lockfile's `packages` entry.
 * @typedef {object} LockEntry
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {string} [resolved]
 * @property {string} [name] Set for an alias.
 * @property {boolean} [link] A workspace, linked into node_modules.
 * @property {boolean} [optional] May be missing, for example on other systems.
 * @property {boolean} [devOptional]
 * @property {boolean} [inBundle] Part of its parent's archive, whose digest covers it.
 */

/** @typedef {Record<string, LockEntry>} LockEntries */

/**
 * Reads the entries of a lockfile. Returns null if the file is missing or invalid.
 * @param {string} path
 * @returns {LockEntries | null}
 */
export function readLockEntries(path) {
  try {
    const lock = /** @type {{ packages?: LockEntries }} */ (JSON.parse(readFileSync(path, 'utf8')));
    return lock.packages ?? null;
  } catch {
    return null;
  }
}

/**
 * Describes the first difference between the lockfile and the installed packages in one sentence.
 * Returns null if there is none.
 * @param {LockEntries} wanted `package-lock.json`.
 * @param {LockEntries} installed `node_modules/.package-lock.json`. npm writes it last, so an
 * interrupted install has none.
 * @param {string} pinnedNode The package that contains Node for this machine.
 * @returns {string | null}
 */
export function differenceOfLocks(wanted, installed, pinnedNode) {
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.startsWith('node_modules/')) continue;
    const there = installed[path];
    if (there === undefined) {
      const mayMiss = entry.optional === true || entry.devOptional === true;
      if (mayMiss && path !== `node_modules/${pinnedNode}`) continue;
      return `${path} is missing`;
    }
    if (there.version !== entry.version || there.integrity !== entry.integrity) {
      return `${path} is ${there.version}, not ${entry.version}`;
    }
  }
  for (const path of Object.keys(installed)) {
    if (wanted[path] === undefined) return `${path} is left over`;
  }
  return null;
}

/**
 * Returns in one sentence why packages must be installed. Returns null if node_modules matches the
 * lockfile.
 * @param {string} root
 * @param {string} pinnedNode
 * @returns {string | null}
 */
export function whyInstall(root, pinnedNode) {
  const wanted = readLockEntries(join(root, 'package-lock.json'));
  if (wanted === null) throw new Error(`${join(root, 'package-lock.json')} cannot be read.`);
  const installed = readLockEntries(join(root, 'node_modules', '.package-lock.json'));
  if (installed === null) return 'node_modules is missing or incomplete';
  const difference = differenceOfLocks(wanted, installed, pinnedNode);
  if (difference !== null) return difference;
  // Also checks that the folders exist, because npm's record still lists folders that were deleted
  // later.
  const deleted = Object.keys(installed).find(
    (path) => !existsSync(join(root, path, 'package.json')),
  );
  return deleted === undefined ? null : `${deleted} is missing`;
}

/**
 * Packages that are replaced by another one. `nsfwjs` depends on all of TensorFlow.js, but we use
 * only its model files, so a smaller package takes the place of TensorFlow.js. This saves 200 MB.
 * `recheck` depends on a Java archive and binaries, but we use only its JavaScript, so a small
 * package takes their place. This saves 50 MB.
 * @type {ReadonlyMap<string, string>}
 */
const ALIASES = new Map([
  ['node_modules/@tensorflow/tfjs', '@tensorflow/tfjs-core'],
  ['node_modules/recheck-jar', 'tslib'],
  ['node_modules/recheck-linux-x64', 'tslib'],
  ['node_modules/recheck-macos-arm64', 'tslib'],
  ['node_modules/recheck-macos-x64', 'tslib'],
  ['node_modules/recheck-windows-x64', 'tslib'],
]);

/**
 * Finds entries that could install unexpected code. lockfile-lint isn't enough, because it skips
 * entries without a digest and our lockfile has no URLs.
 * @param {LockEntries} entries
 * @returns {string[]} One sentence for each fault.
 */
export function faultsOfLock(entries) {
  const faults = [];
  for (const [path, entry] of Object.entries(entries)) {
    const isOurs = !path.includes('node_modules/') || entry.link === true;
    if (isOurs || entry.inBundle === true) continue;
    if (entry.integrity === undefined) faults.push(`${path} has no digest`);
    else if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(entry.integrity)) {
      faults.push(`${path} has a digest other than one SHA-512`);
    }
    if (entry.resolved !== undefined) {
      faults.push(`${path} records its registry URL, which .npmrc omits`);
    }
    if (entry.name !== undefined && ALIASES.get(path) !== entry.name) {
      faults.push(`${path} is an alias of ${entry.name}`);
    }
    if (entry.version === undefined || !/^\d+\.\d+\.\d+/.test(entry.version)) {
      faults.push(`${path} has no exact version`);
    }
  }
  return faults;
}
