import { LOG_PAGES_REUSED } from '../limits.ts';
import { commitsOf } from './commit-guard.ts';
import { readMark, writeMark } from './commit-mark.ts';
import { type DatabaseSync, openDatabase } from './node-sqlite.ts';

/**
 * Notes the commits of a store and copies its log into the database, on a connection of its own.
 * Both flush files, so a server does them in another thread than its commits. Neither blocks a
 * commit, because SQLite lets one connection write while another one copies the log.
 */
export class LogKeeper {
  readonly #path: string;
  readonly #database: DatabaseSync;
  /** The commit count at the last copy of the log. */
  #copied = 0;

  /** @param path a database that a `CommitGuard` watches */
  constructor(path: string) {
    this.#path = path;
    this.#database = openDatabase(path);
  }

  /** Writes the mark if there are new commits. @throws Error */
  note(): void {
    // SQLite shows a commit to other connections only once it is on disk.
    const commits = commitsOf(this.#database);
    if (commits > (readMark(this.#path)?.commits ?? 0)) writeMark(this.#path, commits, false);
  }

  /**
   * Copies the log if there are new commits.
   *
   * @returns whether the log is large, so that the store should copy the rest, see
   * `SqliteHere.copyLog`
   * @throws Error
   */
  copyLog(): boolean {
    const commits = commitsOf(this.#database);
    if (commits === this.#copied) return false;
    const { log } = this.#database.prepare('pragma wal_checkpoint(passive)').get() ?? {};
    this.#copied = commits;
    return Number(log) >= LOG_PAGES_REUSED;
  }

  close(): void {
    this.#database.close();
  }
}
