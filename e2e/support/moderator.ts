import { join } from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from '@playwright/test';
import { addAuthenticator } from './authenticator.ts';
import type { Farandole } from './farandole.ts';
import { ROOT, startProgram } from './process.ts';

/** A moderator who uses the console with a virtual authenticator. */
export class Moderator {
  readonly page: Page;
  /** Errors and warnings that the page logged. A story fails on any of them. */
  readonly complaints: string[] = [];
  readonly #context: BrowserContext;

  private constructor(name: string, context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.on('pageerror', ({ message }) => this.complaints.push(`${name}: ${message}`));
    page.on('console', (message) => {
      // This error is ignored, because the browser logs the 401 response before sign-in as an
      // error.
      if (message.type() !== 'error' || /401 \(/.test(message.text())) return;
      this.complaints.push(`${name}: ${message.text()}`);
    });
  }

  static async hire(
    browser: Browser,
    node: Farandole,
    name: string,
    ...roles: readonly string[]
  ): Promise<Moderator> {
    await runCli(node, 'user', 'add', name, ...roles.flatMap((role) => ['--role', role]));
    const printed = await runCli(node, 'user', 'passkey-link', name);
    const link = /https?:\/\/\S+#link=[\w-]+/.exec(printed)?.[0] ?? '';
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: 'en-GB',
    });
    const page = await context.newPage();
    const moderator = new Moderator(name, context, page);
    await page.goto(link);
    await addAuthenticator(page);
    await moderator.button('Create a passkey').click();
    return moderator;
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  async signInAnew(): Promise<void> {
    // Waits for the page's reload, because a press before the reload would be lost.
    const loadedAnew = this.page.waitForEvent('load');
    await this.button('Sign out').click();
    await loadedAnew;
    await this.button('Sign in with a passkey').click();
    await this.button('Sign out').waitFor();
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async leave(): Promise<void> {
    await this.#context.close();
  }
}

/** Runs an `npm run farandole` command on the data of a running node. */
async function runCli(node: Farandole, ...words: readonly string[]): Promise<string> {
  const main = join(ROOT, 'apps/server/src/cli/main.ts');
  const program = startProgram(process.execPath, [main, ...words, '--json'], {
    FARANDOLE_DATA_DIR: node.dataDir,
    PORT: String(node.port),
  });
  await program.printed(/\}\s*$/);
  return program.output();
}
