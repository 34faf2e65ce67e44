import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreError } from '../store-error.ts';
import { type CommitMark, flushFolder, readMark, writeMark } from './commit-mark.ts';
import type { DatabaseSync, StatementSync } from './node-sqlite.ts';

const WAY_BACK =
  'Put the newest copy of the database and of its -wal file back, or restore a backup into an ' +
  'empty folder. If the lost commits can’t be found, start the server once with --accept-loss.';

/**
 * Notices that a database file lost commits. A file beside the database holds the commit count that
 * the database had at most 1 s ago, and whether the database was closed cleanly. A loss of younger
 * commits isn't noticed.
 *
 * SQLite's `user_version` holds the commit count. It exists in each database and isn't in dumps.
 * Each transaction that changes something counts itself, so that the count needs no flush of its
 * own. A `LogKeeper` writes the marks of a server.
 */
export class CommitGuard {
  readonly #path: string;
  /** The mark before the database was opened. */
  readonly #known: CommitMark | null;
  readonly #isLogMissing: boolean;
  #problem: string | null = null;
  #database: DatabaseSync | null = null;
  #changesRead: StatementSync | null = null;
  /** SQLite's number of rows that this connection had changed at the last count. */
  #changes = 0;
  /** Count of the last mark that `begin` or `note` wrote. */
  #noted = 0;

  /** Call before SQLite opens the file, because SQLite creates missing files. */
  constructor(path: string) {
    this.#path = path;
    this.#known = readMark(path);
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (this.#known !== null && size === 0) {
      this.#problem = `${path} is missing, although a server has used it.`;
    }
    this.#isLogMissing = this.#known?.isClean === false && !existsSync(`${path}-wal`);
  }

  /** @throws StoreError when the database lacks commits that it had before */
  requireWhole(): void {
    if (this.#problem !== null) throw new StoreError('lost', `${this.#problem} ${WAY_BACK}`);
  }

  /** Compares the open database with its mark. Call before the first commit. */
  watch(database: DatabaseSync): void {
    this.#database = database;
    this.#changesRead = database.prepare('select total_changes() as changes');
    if (this.#problem !== null || this.#known === null) return;
    const commits = commitsOf(database);
    if (commits < this.#known.commits) {
      this.#problem =
        `${this.#path} is older than the store that ran last: its commit count is ${commits}, ` +
        `and ${this.#known.commits} was noted beside it.`;
    } else if (this.#isLogMissing) {
      this.#problem = `${this.#path}-wal is missing. It has the last commits, because the store wasn’t closed.`;
    }
  }

  /**
   * Notes that the database isn't clean. Call before the first acknowledged commit, but once SQLite
   * has created its log, because a log that is missing later counts as lost.
   */
  begin(): void {
    if (this.#database === null) return;
    // After a power cut the folder must list the log if the mark says that the store is open.
    flushFolder(dirname(this.#path));
    this.#note(commitsOf(this.#database));
  }

  /** Counts the open transaction if it changed something. Call just before the commit. */
  count(): void {
    if (this.#database === null) return;
    const changes = this.#changesSoFar();
    if (changes === this.#changes) return;
    // Another process may count too, so the count is read in the same transaction.
    this.#database.exec(`pragma user_version = ${commitsOf(this.#database) + 1}`);
    this.#changes = changes;
  }

  /** Notes the count if it has changed. The database must be in no transaction. */
  note(): void {
    if (this.#database === null) return;
    const commits = commitsOf(this.#database);
    if (commits !== this.#noted) this.#note(commits);
  }

  /**
   * Notes a clean close if SQLite's log is empty. Call just before the database is closed. If the
   * disk fails, the old mark stays.
   */
  close(): void {
    const database = this.#database;
    // The mark of a database that lost commits stays, so that later starts notice the loss too.
    if (database === null || this.#problem !== null) return;
    isDone(() => this.#close(database));
  }

  #close(database: DatabaseSync): void {
    if (database.isTransaction) database.exec('rollback');
    const mark = readMark(this.#path);
    const isUncounted = this.#changesSoFar() !== this.#changes;
    if (!isUncounted) {
      const isNoted = mark === null || mark.commits >= commitsOf(database);
      if (isNoted && mark?.isClean !== false) return;
    }
    // On a full disk SQLite can't count, but may still empty its log. Replacing the mark needs no room.
    if (isUncounted) isDone(() => this.#countAlone(database));
    const commits = commitsOf(database);
    let isClean = false;
    isDone(() => {
      const { busy, log, checkpointed } =
        database.prepare('pragma wal_checkpoint(passive)').get() ?? {};
      isClean = busy === 0 && log === checkpointed;
    });
    if (isClean || commits > (mark?.commits ?? 0)) writeMark(this.#path, commits, isClean);
  }

  /** Counts changes that were committed without `count`, such as those of a migration. */
  #countAlone(database: DatabaseSync): void {
    database.exec('begin immediate');
    try {
      this.count();
      database.exec('commit');
    } catch (error) {
      if (database.isTransaction) database.exec('rollback');
      throw error;
    }
  }

  #note(commits: number): void {
    writeMark(this.#path, commits, false);
    this.#noted = commits;
  }

  #changesSoFar(): number {
    return Number(this.#changesRead?.get()?.['changes'] ?? 0);
  }
}

function isDone(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

/** Returns the commit count of a database, or of the open transaction. */
export function commitsOf(database: DatabaseSync): number {
  return Number(database.prepare('pragma user_version').get()?.['user_version'] ?? 0);
}
