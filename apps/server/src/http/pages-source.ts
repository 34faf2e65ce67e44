import { type FSWatcher, watch } from 'node:fs';
import { StaticPages } from './static-pages.ts';

/** A build writes many files: the page is read once none has changed for so long. */
const SETTLED_AFTER_MS = 100;

/**
 * The page that is served: the one that was there at the start or, while somebody works on it, the
 * one that was built last.
 */
export class PagesSource {
  readonly #folder: string;
  #current: StaticPages;
  #watcher: FSWatcher | null = null;
  /** Whether something changed since the last tick, and when that was first noticed. */
  #hasChanged = false;
  #readAtMonotonicMs: number | null = null;

  private constructor(folder: string, pages: StaticPages) {
    this.#folder = folder;
    this.#current = pages;
  }

  /** @throws StartError when the folder holds no built page */
  static async open(folder: string, follow: boolean): Promise<PagesSource> {
    const source = new PagesSource(folder, await StaticPages.read(folder));
    if (follow) {
      source.#watcher = watch(folder, { recursive: true }, () => {
        source.#hasChanged = true;
      });
    }
    return source;
  }

  get current(): StaticPages {
    return this.#current;
  }

  /** Reads the page again when a build has come to its end. */
  tick(nowMonotonicMs: number): void {
    if (this.#hasChanged) {
      this.#hasChanged = false;
      this.#readAtMonotonicMs = nowMonotonicMs + SETTLED_AFTER_MS;
    }
    if (this.#readAtMonotonicMs === null || nowMonotonicMs < this.#readAtMonotonicMs) return;
    this.#readAtMonotonicMs = null;
    StaticPages.read(this.#folder).then(
      (pages) => {
        this.#current = pages;
      },
      // A build that is not whole yet, or failed: the last whole page stays.
      () => {},
    );
  }

  close(): void {
    this.#watcher?.close();
  }
}
