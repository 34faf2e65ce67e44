import {
  closeSync,
  constants,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { causeCodeOf } from '../store-error.ts';

/** What a store contained when the mark was written. */
export interface CommitMark {
  /** Number of the mark. The newest mark has the largest number. */
  readonly write: number;
  /** The store's commit count, which the store also contains. */
  readonly commits: number;
  /** Whether SQLite's log was empty, so that the database works without the log file. */
  readonly isClean: boolean;
}

/**
 * Each mark has the same length, so that it replaces an older one in place. The file has two marks,
 * so that a torn write leaves the other one.
 */
const MARK = /^(([0-9]{16}) ([0-9]{16}) (clean|open )) ([0-9a-f]{8})\n$/;
const MARK_BYTES = 49;

export function markFileOf(path: string): string {
  return `${path}-committed`;
}

/** Reads the newest whole mark beside a database. Returns null if there is none. */
export function readMark(path: string): CommitMark | null {
  let text: string;
  try {
    text = readFileSync(markFileOf(path), 'latin1');
  } catch (error) {
    if (causeCodeOf(error) === 'ENOENT') return null;
    throw error;
  }
  const [first, second] = [0, MARK_BYTES].map((at) => parse(text.slice(at, at + MARK_BYTES)));
  if (first && second) return first.write > second.write ? first : second;
  return first ?? second ?? null;
}

/** Writes and flushes a mark. @throws the system's error */
export function writeMark(path: string, commits: number, isClean: boolean): void {
  const known = readMark(path);
  const write = (known?.write ?? 0) + 1;
  const text = `${digits(write)} ${digits(commits)} ${isClean ? 'clean' : 'open '}`;
  const file = openSync(markFileOf(path), constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    writeSync(file, `${text} ${checkOf(text)}\n`, (write % 2) * MARK_BYTES, 'latin1');
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  if (known === null) flushFolder(dirname(path));
}

export function removeMark(path: string): void {
  rmSync(markFileOf(path), { force: true });
  flushFolder(dirname(path));
}

function parse(text: string): CommitMark | null {
  const [, marked = '', write, commits, state, check] = MARK.exec(text) ?? [];
  if (check === undefined || check !== checkOf(marked)) return null;
  return { write: Number(write), commits: Number(commits), isClean: state === 'clean' };
}

function digits(number: number): string {
  return String(number).padStart(16, '0');
}

function checkOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

/** Flushes a folder, so that added and removed file names survive a power loss. */
export function flushFolder(path: string): void {
  // Windows can't open a folder as a file, but writes file names to disk at once.
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
