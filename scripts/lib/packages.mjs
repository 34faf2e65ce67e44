import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * One entry of a lockfile's `packages`, as far as it is used here.
 *
 * @typedef {object} LockEntry
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {string} [resolved]
 * @property {string} [name] Present when the folder's name is not the package's: an alias.
 * @property {boolean} [link] A workspace, linked into node_modules.
 * @property {boolean} [optional] May be missing, for instance because it is for another system.
 * @property {boolean} [devOptional]
 * @property {boolean} [inBundle] Came inside its parent's archive, whose digest covers it.
 */

/** @typedef {Record<string, LockEntry>} LockEntries */

/**
 * The entries of a lockfile, or null when it is missing or not one.
 *
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
 * What keeps `installed` from being what `wanted` says, in one sentence; null when nothing does.
 *
 * @param {LockEntries} wanted `package-lock.json`.
 * @param {LockEntries} installed `node_modules/.package-lock.json`, which npm writes as the last
 *   step of a completed install: an interrupted one has none.
 * @param {string} pinnedNode The name of the package that carries Node for this machine.
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
 * Why the packages must be installed, in one sentence; null when node_modules is what the
 * lockfile says.
 *
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
  // npm's record doesn't reflect folders deleted afterwards.
  const deleted = Object.keys(installed).find(
    (path) => !existsSync(join(root, path, 'package.json')),
  );
  return deleted === undefined ? null : `${deleted} is missing`;
}

/**
 * Folders that may hold another package than their name says, each with its reason.
 *
 * `nsfwjs` asks for all of TensorFlow.js beside it. Of `nsfwjs` only the model's files are used, so
 * the part of TensorFlow.js that is there anyway takes that place, and 200 MB stay away. `recheck`
 * asks for a Java archive and a binary of each system, and only its JavaScript is used: 50 MB.
 *
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
 * Faults of a lockfile that would let something unexpected be installed. The tool for that,
 * lockfile-lint, passes over an entry without any digest, and ours records no addresses.
 *
 * @param {LockEntries} entries
 * @returns {string[]} One sentence a fault.
 */
export function faultsOfLock(entries) {
  const faults = [];
  for (const [path, entry] of Object.entries(entries)) {
    const isOurs = !path.includes('node_modules/') || entry.link === true;
    if (isOurs || entry.inBundle === true) continue;
    if (entry.integrity === undefined) faults.push(`${path} has no digest`);
    else if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(entry.integrity)) {
      faults.push(`${path} has a digest that is not one SHA-512`);
    }
    if (entry.resolved !== undefined) {
      faults.push(`${path} names where it came from; .npmrc says to leave that out`);
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
