import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from '../lib/files.mjs';
import { root } from '../setup.mjs';
import { readSource, type Source } from './source.ts';

/** What the rules look at: the checkout, or a small one that a test made up. */
export interface Tree {
  /** Every file, text or not, relative to the checkout, sorted. */
  readonly paths: readonly string[];
  /** The text of a file. */
  read(path: string): string;
  /** The files of code among them, scanned. */
  readonly sources: readonly Source[];
}

/** A fault and what to do about it. */
export interface Fault {
  readonly path: string;
  /** Null when the fault is of the whole file. */
  readonly line: number | null;
  readonly message: string;
}

export function describeFault({ path, line, message }: Fault): string {
  return `${line === null ? path : `${path}:${line}`}  ${message}`;
}

/** @param files Path to text. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  const paths = Object.keys(files).sort();
  const read = (path: string): string => {
    const text = files[path];
    if (text === undefined) throw new Error(`there is no ${path}`);
    return text;
  };
  return { paths, read, sources: paths.filter(isCode).map((path) => readSource(path, read(path))) };
}

/** The checkout that this file is in. */
export function readCheckout(): Tree {
  const paths = listFiles();
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  return { paths, read, sources: paths.filter(isCode).map((path) => readSource(path, read(path))) };
}

/** Fixtures are data: a file of them may hold anything. */
function isCode(path: string): boolean {
  return /\.(?:ts|tsx|mjs)$/.test(path) && !path.includes('/fixtures/');
}
