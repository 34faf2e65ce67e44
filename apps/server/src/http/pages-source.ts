import { type FSWatcher, watch } from 'node:fs';
import { OFFERED_BY_DEFAULT } from '@farandole/matchmaking/mode';
import { StaticPages } from './static-pages.ts';

/**
 * The pages are read again once no file has changed for this long, because a build writes many
 * files.
 */
const SETTLED_AFTER_MS = 100;

/**
 * Provides the pages as built when the server started. In development the class provides the latest
 * build.
 */
export class PagesSource {
  readonly #folder: string;
  readonly #modes: readonly string[];
  #current: StaticPages;
  #watcher: FSWatcher | null = null;
  #hasChanged = false;
  #readAtMonotonicMs: number | null = null;

  private constructor(folder: string, modes: readonly string[], pages: StaticPages) {
    this.#folder = folder;
    this.#modes = modes;
    this.#current = pages;
  }

  /** @throws StartError if the folder holds no built pages */
  static async open(
    folder: string,
    follow: boolean,
    modes: readonly string[] = OFFERED_BY_DEFAULT,
  ): Promise<PagesSource> {
    const source = new PagesSource(folder, modes, await StaticPages.read(folder, modes));
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

  /** Reloads the pages once a build has finished. */
  tick(nowMonotonicMs: number): void {
    if (this.#hasChanged) {
      this.#hasChanged = false;
      this.#readAtMonotonicMs = nowMonotonicMs + SETTLED_AFTER_MS;
    }
    if (this.#readAtMonotonicMs === null || nowMonotonicMs < this.#readAtMonotonicMs) return;
    this.#readAtMonotonicMs = null;
    StaticPages.read(this.#folder, this.#modes).then(
      (pages) => {
        this.#current = pages;
      },
      // The build is unfinished or failed, so the pages of the last build stay.
      () => {},
    );
  }

  close(): void {
    this.#watcher?.close();
  }
}
