import { type FSWatcher, watch } from 'node:fs';
import { StaticPages } from './static-pages.ts';

/** A build writes many files. The page is read once none has changed for this long. */
const SETTLED_AFTER_MS = 100;

/** Serves the page as built at the start or, in development, the latest build. */
export class PagesSource {
  readonly #folder: string;
  #current: StaticPages;
  #watcher: FSWatcher | null = null;
  /** Whether files changed since the last tick, and when this was first noticed. */
  #hasChanged = false;
  #readAtMonotonicMs: number | null = null;

  private constructor(folder: string, pages: StaticPages) {
    this.#folder = folder;
    this.#current = pages;
  }

  /** @throws StartError if the folder holds no built page */
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

  /** Reloads the page once a build has finished. */
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
      // An unfinished or failed build: keep the last page.
      () => {},
    );
  }

  close(): void {
    this.#watcher?.close();
  }
}
