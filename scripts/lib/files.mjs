import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup.mjs';

/**
 * Returns the names of folders without hand-written files, such as those ignored by git.
 * @returns {Set<string>}
 */
function foldersOfOthers() {
  const ignored = readFileSync(join(root, '.gitignore'), 'utf8').split('\n');
  const folders = ignored.filter((line) => line.endsWith('/')).map((line) => line.slice(0, -1));
  return new Set(['.git', ...folders]);
}

/**
 * Lists every hand-written file, sorted. Paths are relative to the root and use `/`.
 * @returns {string[]}
 */
export function listFiles() {
  const others = foldersOfOthers();
  /** @type {string[]} */
  const files = [];
  const walk = (/** @type {string} */ folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (others.has(entry.name)) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) files.push(path);
    }
  };
  walk('');
  return files.sort();
}

/**
 * @param {readonly string[]} files
 * @returns {string[]} node:test files.
 */
export function unitTestsAmong(files) {
  return files.filter((file) => /^(packages|apps|scripts|e2e)\/.*\.test\.ts$/.test(file));
}

/**
 * @param {readonly string[]} files
 * @returns {string[]} Playwright files.
 */
export function storiesAmong(files) {
  return files.filter((file) => /^e2e\/.*\.spec\.ts$/.test(file));
}
