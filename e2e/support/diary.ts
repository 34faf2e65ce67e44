import type { Page } from '@playwright/test';

const ENTRIES_MAX = 60;

/**
 * Records a page's events, to explain failures on CI: frames by type and size, failed requests,
 * and navigation. User text is never recorded.
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

  text(): string {
    return this.#entries.join('\n');
  }

  #note(what: string): void {
    const atSeconds = ((performance.now() - this.#beganMs) / 1_000).toFixed(2);
    this.#entries.push(`${atSeconds.padStart(7)} s  ${what}`);
    if (this.#entries.length > ENTRIES_MAX) this.#entries.shift();
  }
}

function inShort(payload: string | Buffer): string {
  const text = String(payload);
  const [, type = 'something'] = /"type":"([\w.-]+)"/.exec(text) ?? [];
  return `${type} (${text.length})`;
}
