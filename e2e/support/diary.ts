import type { Page } from '@playwright/test';

/** What is kept of a page that goes on and on: its last entries. */
const ENTRIES_MAX = 60;

/**
 * What happened in a page, in order and in time: what it and its node said to each other (by type
 * and size, never what people wrote), requests that failed, and how it moved on. It is read where
 * a story fails on a machine where nobody can look.
 */
export class Diary {
  readonly #entries: string[] = [];
  readonly #beganMs = performance.now();

  constructor(page: Page) {
    page.on('websocket', (socket) => {
      this.#note('link opened');
      socket.on('framesent', ({ payload }) => this.#note(`> ${inShort(payload)}`));
      socket.on('framereceived', ({ payload }) => this.#note(`< ${inShort(payload)}`));
      socket.on('socketerror', (error) => this.#note(`link failed: ${error}`));
      socket.on('close', () => this.#note('link closed'));
    });
    page.on('requestfailed', (request) => {
      const { pathname } = new URL(request.url());
      this.#note(`${pathname} failed: ${request.failure()?.errorText ?? 'for no reason given'}`);
    });
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) this.#note(`at ${new URL(frame.url()).pathname}`);
    });
    page.on('pageerror', ({ message }) => this.#note(`threw: ${message}`));
    page.on('crash', () => this.#note('crashed'));
  }

  /** A line each. */
  text(): string {
    return this.#entries.join('\n');
  }

  #note(what: string): void {
    const atSeconds = ((performance.now() - this.#beganMs) / 1_000).toFixed(2);
    this.#entries.push(`${atSeconds.padStart(7)} s  ${what}`);
    if (this.#entries.length > ENTRIES_MAX) this.#entries.shift();
  }
}

/** A frame's type and size. */
function inShort(payload: string | Buffer): string {
  const text = String(payload);
  const [, type = 'something'] = /"type":"([\w.-]+)"/.exec(text) ?? [];
  return `${type} (${text.length})`;
}
