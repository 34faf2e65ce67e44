import { LOG_PAGES_REUSED, LOG_PASSES_MAX } from '../limits.ts';
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
  /** The commit count at the last complete `keep`. */
  #kept = 0;

  /** @param path a database that a `CommitGuard` watches */
  constructor(path: string) {
    this.#path = path;
    this.#database = openDatabase(path);
  }

  /** Writes the mark, then copies the log. Does nothing without new commits. @throws Error */
  keep(): void {
    // SQLite shows a commit to other connections only once it is on disk.
    const commits = commitsOf(this.#database);
    if (commits === this.#kept) return;
    if (commits > (readMark(this.#path)?.commits ?? 0)) writeMark(this.#path, commits, false);
    this.#copyLog();
    this.#kept = commits;
  }

  close(): void {
    this.#database.close();
  }

  /**
   * SQLite writes a log from its start again only once the whole log is copied. A commit during the
   * copy leaves a rest, which the next pass copies in less time.
   */
  #copyLog(): void {
    let pages = 0;
    for (let pass = 0; pass < LOG_PASSES_MAX; pass++) {
      const { log } = this.#database.prepare('pragma wal_checkpoint(passive)').get() ?? {};
      if (Number(log) < LOG_PAGES_REUSED || Number(log) === pages) return;
      pages = Number(log);
    }
  }
}
