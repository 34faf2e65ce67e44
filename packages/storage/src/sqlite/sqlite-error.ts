import { closeSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { causeCodeOf } from '../store-error.ts';

/** Names of SQLite's primary result codes, https://sqlite.org/rescode.html. */
const NAMES: Readonly<Record<number, string>> = {
  1: 'SQLITE_ERROR',
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  7: 'SQLITE_NOMEM',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  19: 'SQLITE_CONSTRAINT',
  26: 'SQLITE_NOTADB',
};
/** Operations of SQLITE_IOERR codes, in the order of the extended codes 10 + 256 · n. */
const OPERATIONS = [
  ...['READ', 'SHORT_READ', 'WRITE', 'FSYNC', 'DIR_FSYNC', 'TRUNCATE', 'FSTAT', 'UNLOCK', 'RDLOCK'],
  ...['DELETE', 'BLOCKED', 'NOMEM', 'ACCESS', 'CHECKRESERVEDLOCK', 'LOCK', 'CLOSE', 'DIR_CLOSE'],
  ...['SHMOPEN', 'SHMSIZE', 'SHMLOCK', 'SHMMAP', 'SEEK'],
];
const IOERR = 10;
/** Codes that the disk may have caused: READONLY, IOERR, FULL, CANTOPEN. */
const OF_DISK: ReadonlySet<number> = new Set([8, IOERR, 13, 14]);
const PROBED_EVERY_MS = 1_000;
const PROBE_BYTES = 4_096;

/**
 * Names the errors of one database file by SQLite's code and the system's code, as in
 * `SQLITE_IOERR_WRITE/EIO`.
 */
export class SqliteErrors {
  readonly #path: string;
  #probedAtMs = Number.NEGATIVE_INFINITY;
  #systemCode: string | null = null;

  /** @param path path of the database, next to which the disk is probed */
  constructor(path: string) {
    this.#path = path;
  }

  /** Returns an error with a named code, or the same error if it isn't SQLite's. */
  named(error: unknown): Error {
    if (!(error instanceof Error)) return new Error(String(error));
    if (!('errcode' in error)) return error;
    const errcode = Number(error.errcode);
    const primary = errcode & 0xff;
    const operation = primary === IOERR ? OPERATIONS[(errcode >> 8) - 1] : undefined;
    const name = NAMES[primary] ?? `SQLITE_${errcode}`;
    const ofSqlite = operation === undefined ? name : `${name}_${operation}`;
    const ofSystem = OF_DISK.has(primary) ? this.#system() : null;
    const code = ofSystem === null ? ofSqlite : `${ofSqlite}/${ofSystem}`;
    return Object.assign(new Error(error.message, { cause: error }), { code });
  }

  /** SQLite doesn't tell the system's code, so a small write next to the database finds it out. */
  #system(): string | null {
    const nowMs = performance.now();
    if (nowMs - this.#probedAtMs < PROBED_EVERY_MS) return this.#systemCode;
    this.#probedAtMs = nowMs;
    this.#systemCode = probe(`${this.#path}-probe`);
    return this.#systemCode;
  }
}

function probe(path: string): string | null {
  try {
    const file = openSync(path, 'w', 0o600);
    try {
      writeFileSync(file, Buffer.alloc(PROBE_BYTES));
      fsyncSync(file);
    } finally {
      closeSync(file);
      rmSync(path, { force: true });
    }
    return null;
  } catch (error) {
    return causeCodeOf(error);
  }
}
