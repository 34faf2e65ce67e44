import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from '../lib/files.mjs';
import { root } from '../setup.mjs';
import { readSource, type Source } from './source.ts';

/** The files that the tidy rules check: the checkout, or a small tree that a test builds. */
export interface Tree {
  readonly paths: readonly string[];
  read(path: string): string;
  readonly sources: readonly Source[];
}

export interface Fault {
  readonly path: string;
  readonly line: number | null;
  readonly message: string;
}

export function describeFault({ path, line, message }: Fault): string {
  return `${line === null ? path : `${path}:${line}`}  ${message}`;
}

/** @param files text of each file by path */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  const paths = Object.keys(files).sort();
  const read = (path: string): string => {
    const text = files[path];
    if (text === undefined) throw new Error(`there is no ${path}`);
    return text;
  };
  return { paths, read, sources: paths.filter(isCode).map((path) => readSource(path, read(path))) };
}

export function readCheckout(): Tree {
  const paths = listFiles();
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  return { paths, read, sources: paths.filter(isCode).map((path) => readSource(path, read(path))) };
}

function isCode(path: string): boolean {
  return /\.(?:ts|tsx|mjs)$/.test(path) && !path.includes('/fixtures/');
}
