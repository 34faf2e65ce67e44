import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup.mjs';

/** Folders that hold no files of ours, or none that a person wrote. */
const NOT_OURS = new Set(['node_modules', 'dist', '.git', '.stamps', '.farandole', 'coverage']);

/**
 * Every file of the checkout that a person wrote, relative to its root, with `/`, sorted.
 *
 * @returns {string[]}
 */
export function listFiles() {
  /** @type {string[]} */
  const files = [];
  const walk = (/** @type {string} */ folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (NOT_OURS.has(entry.name)) continue;
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
 * @returns {string[]} Those that node:test runs.
 */
export function unitTestsAmong(files) {
  return files.filter((file) => /^(packages|apps|scripts)\/.*\.test\.ts$/.test(file));
}

/**
 * @param {readonly string[]} files
 * @returns {string[]} Those that Playwright runs.
 */
export function storiesAmong(files) {
  return files.filter((file) => /^e2e\/.*\.spec\.ts$/.test(file));
}
