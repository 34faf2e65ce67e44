import { setTimeout } from 'node:timers/promises';
import {
  type Browser,
  type BrowserContext,
  expect,
  type Locator,
  type Page,
} from '@playwright/test';

import { type CandidatePair, countConnections } from './connections.ts';
import { Diary } from './diary.ts';
import { useDrawnCamera } from './drawn-camera.ts';
import { type StoryClassifier, useClassifier } from './shield.ts';

export interface PersonOptions {
  /** Kind of camera. A `drawn` camera shows the picture that `drawInstead` sets. */
  readonly camera?: 'fake' | 'drawn';
  /** Classifier of the shield, by default the test classifier. */
  readonly classifier?: StoryClassifier;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly locale?: string;
  readonly colorScheme?: 'light' | 'dark';
  /** Whether the browser accepts a certificate that it can't check. */
  readonly acceptsCertificate?: boolean;
  /** Whether the profile may have a service worker. By default it has none. */
  readonly hasServiceWorker?: boolean;
  readonly shown?: 'ask' | 'automatic' | 'off';
  /** Functions that run in the page before the page's own code. */
  readonly before?: readonly (() => void)[];
}

export type Frame = Readonly<Record<string, unknown>>;

/**
 * CSP hash of `body {}`. Playwright injects this style in Firefox before a screenshot, and the
 * CSP blocks the style.
 */
const SCREENSHOT_STYLE = 'sha256-YjaKGiklmzC6wjXA513HAMmzus8VE61XCOT+SmwNZWA=';

/**
 * A user with a separate browser profile. The methods find controls by their accessible names,
 * never by the page's structure.
 */
export class Person {
  readonly name: string;
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors and warnings that the page logged. A story fails on any of them. */
  readonly complaints: string[] = [];
  /** Bodies of the HTTP requests that the page sent. The list is empty in Firefox. */
  readonly posted: string[] = [];
  readonly asked: string[] = [];
  readonly #diary: Diary;
  readonly #sent: Frame[] = [];
  readonly #heard: Frame[] = [];
  readonly #watchers = new Set<() => void>();

  private constructor(name: string, context: BrowserContext, page: Page) {
    this.name = name;
    this.context = context;
    this.page = page;
    this.#diary = new Diary(page);
    page.on('websocket', (socket) => {
      const keep = (frames: Frame[], payload: string | Buffer): void => {
        frames.push(JSON.parse(String(payload)) as Frame);
        for (const look of this.#watchers) look();
      };
      socket.on('framesent', ({ payload }) => keep(this.#sent, payload));
      socket.on('framereceived', ({ payload }) => keep(this.#heard, payload));
    });
    page.on('request', (request) => {
      this.asked.push(request.url());
      const body = request.postData();
      if (body !== null) this.posted.push(body);
    });
    page.on('pageerror', ({ message }) => {
      if (!message.includes(SCREENSHOT_STYLE)) this.complaints.push(`${name}: ${message}`);
    });
    page.on('console', (message) => {
      // Log entries about lost connections don't count as errors, because stories cut connections.
      if (message.type() === 'error' && !/net::ERR_|WebSocket connection to/.test(message.text())) {
        this.complaints.push(`${name}: ${message.text()}`);
      }
    });
  }

  static async arrive(
    browser: Browser,
    name: string,
    url: string,
    options: PersonOptions = {},
  ): Promise<Person> {
    const context = await browser.newContext({
      viewport: options.viewport ?? { width: 1000, height: 760 },
      locale: options.locale ?? 'en-GB',
      colorScheme: options.colorScheme ?? 'light',
      ignoreHTTPSErrors: options.acceptsCertificate ?? false,
      serviceWorkers: options.hasServiceWorker === true ? 'allow' : 'block',
    });
    await context.addInitScript(countConnections);
    await useClassifier(context, options.classifier ?? 'marker');
    const page = await context.newPage();
    if (options.camera === 'drawn') await useDrawnCamera(page);
    if (options.shown !== undefined) await page.addInitScript(chooseShown, options.shown);
    for (const script of options.before ?? []) await page.addInitScript(script);
    const person = new Person(name, context, page);
    await page.goto(url);
    return person;
  }

  /** Crashes the page. The browser still closes the page's connections. */
  async crash(): Promise<void> {
    const session = await this.context.newCDPSession(this.page);
    const crashed = this.page.waitForEvent('crash');
    // The rejection is ignored, because the browser never answers this command.
    session.send('Page.crash').catch(() => {});
    await crashed;
  }

  async openAgain(url: string): Promise<Person> {
    const again = new Person(this.name, this.context, await this.context.newPage());
    await again.page.goto(url);
    return again;
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  get strangerVideo(): Locator {
    return this.page
      .getByLabel('Stranger', { exact: true })
      .locator('visible=true')
      .and(this.page.locator('video'));
  }

  get strangerTile(): Locator {
    return this.page.getByRole('figure').filter({ hasText: 'Stranger' });
  }

  get chat(): Locator {
    return this.page.getByRole('log', { name: 'Chat' });
  }

  get messageBox(): Locator {
    return this.page.getByRole('textbox', { name: 'Message' });
  }

  async addInterests(...interests: readonly string[]): Promise<void> {
    const field = this.page
      .getByRole('textbox', { name: /interest/i })
      .or(this.page.getByRole('combobox', { name: /interest/i }));
    for (const interest of interests) {
      await field.fill(interest);
      await field.press('Enter');
    }
  }

  /** Starts a video search as on a first visit: landing page, rules, green room, queue. */
  async startVideo(): Promise<void> {
    await this.toGreenRoom();
    await this.meetSomeone();
  }

  /** Goes from the landing page to the self view, as on a first visit. */
  async toGreenRoom(): Promise<void> {
    await this.button('Start video').click();
    await this.acceptRules();
  }

  /** The browser opens the devices from now on without a prompt, as after "Allow always". */
  async keepDevicesAllowed(): Promise<void> {
    await this.context.grantPermissions(['camera', 'microphone']);
  }

  /** Leaves the green room for the queue. */
  async meetSomeone(): Promise<void> {
    await this.button('Meet someone').click();
  }

  async startText(): Promise<void> {
    await this.button('Text only').click();
    await this.acceptRules();
  }

  async acceptRules(): Promise<void> {
    await this.button('I’m 18 or over, and I’ll keep these rules').click();
  }

  async expectInCall(): Promise<void> {
    await expect(this.chat).toBeVisible();
    await expect(this.messageBox).toBeEditable();
    await expect(this.button('Next')).toBeVisible();
  }

  /** Asks the peer for video. The peer agrees, and both see the other's video covered. */
  async turnOnVideoWith(peer: Person): Promise<void> {
    await this.button('Turn on video').click();
    await this.button('Ask them').click();
    await peer.button('Yes').click();
    await peer.button('Start video').click();
    for (const person of [this, peer]) {
      await expect(person.button('Show video')).toBeVisible();
      await expect(person.strangerVideo).toHaveCount(0);
    }
  }

  async showVideo(): Promise<void> {
    await this.button('Show video').click();
    await expect(this.strangerVideo).toBeVisible();
  }

  async allowDirect(): Promise<void> {
    await this.button('Connection details').click();
    await this.page.getByRole('switch', { name: 'Allow a direct connection' }).check();
  }

  async expectFrames(count: number): Promise<void> {
    const before = await this.framesShown();
    await expect.poll(() => this.framesShown()).toBeGreaterThanOrEqual(before + count);
  }

  /** Counts presented frames, because Firefox reports no playback quality for live streams. */
  private framesShown(): Promise<number> {
    return this.strangerVideo.evaluate(
      (video) =>
        new Promise((resolve) => {
          (video as HTMLVideoElement).requestVideoFrameCallback((_, { presentedFrames }) =>
            resolve(presentedFrames),
          );
        }),
    );
  }

  /** Waits until more sound arrives from the stranger that isn't silence. */
  async expectSound(): Promise<void> {
    const heard = () => this.page.evaluate(() => window.heardEnergy());
    const before = await heard();
    await expect.poll(heard).toBeGreaterThan(before);
  }

  /** Waits until the page's open connections carry exactly these kinds of media, both ways. */
  async expectMedia(...kinds: readonly ('audio' | 'video')[]): Promise<void> {
    const each = ['line of', 'receives', 'sends'];
    const expected = each.flatMap((what) => kinds.map((kind) => `${what} ${kind}`)).sort();
    await expect.poll(() => this.page.evaluate(() => window.mediaNow())).toEqual(expected);
  }

  /** Starts a voice search as on a first visit. */
  async startVoice(): Promise<void> {
    await this.button('Start voice').click();
    await this.acceptRules();
    await this.meetSomeone();
  }

  async say(text: string): Promise<void> {
    await this.messageBox.fill(text);
    await this.button('Send').click();
  }

  /** Finds every chat line with this text. A duplicated line is found twice. */
  lines(text: string): Locator {
    return this.chat.getByRole('listitem').filter({ hasText: text });
  }

  async expectLine(text: string): Promise<void> {
    await expect(this.lines(text)).toHaveCount(1);
  }

  async next(): Promise<void> {
    await this.button('Next').click();
    await this.confirmNext();
  }

  async confirmNext(): Promise<void> {
    await this.confirm(() => this.button(/^(?:Really\?|Next)$/).click({ timeout: 5_000 }));
  }

  /**
   * Repeats a press that confirms "Really?" until the page ends the call. A press that comes too
   * early counts as a double click. On a busy machine "Really?" may be gone before the press, which
   * then asks again. Doesn't work in Firefox, where the page's frames aren't recorded.
   */
  async confirm(press: () => Promise<void>): Promise<void> {
    const ended = (): number => this.#sent.filter(({ type }) => type === 'call.end').length;
    const before = ended();
    await expect(async () => {
      if (ended() > before) return;
      await press();
      await expect.poll(ended, { timeout: 1_000, intervals: [50] }).toBeGreaterThan(before);
    }).toPass({ intervals: [0], timeout: 20_000 });
  }

  /** WebSocket frames that the page sent. The list is empty in Firefox. */
  get frames(): readonly Frame[] {
    return this.#sent;
  }

  /** WebSocket frames that the page received. The list is empty in Firefox. */
  get received(): readonly Frame[] {
    return this.#heard;
  }

  /** Waits for the first frame of a type that the page sends. */
  sent(type: string): Promise<Frame> {
    return this.#first(this.#sent, type);
  }

  /** Waits for the first frame of a type that the page receives. */
  heard(type: string): Promise<Frame> {
    return this.#first(this.#heard, type);
  }

  #first(frames: readonly Frame[], type: string): Promise<Frame> {
    const find = (): Frame | undefined => frames.find((frame) => frame['type'] === type);
    return new Promise((resolve) => {
      const look = (): void => {
        const frame = find();
        if (frame === undefined) return;
        this.#watchers.delete(look);
        resolve(frame);
      };
      this.#watchers.add(look);
      look();
    });
  }

  async candidatePairs(): Promise<readonly CandidatePair[]> {
    return this.page.evaluate(() => window.connectedPairs());
  }

  /**
   * Whether each connected path goes through a relay. A busy browser may find a direct path before
   * it knows its own candidate, whose type is then `prflx`.
   */
  async relayedPaths(): Promise<readonly boolean[]> {
    const pairs = await this.candidatePairs();
    return pairs.map(({ local, remote }) => local === 'relay' || remote === 'relay');
  }

  /** A script sets the page's visibility, because a headless page is never hidden. */
  async setHidden(hidden: boolean): Promise<void> {
    await this.page.evaluate((isHidden) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  }

  async account(): Promise<string> {
    const shown = await this.page
      .locator('body')
      .ariaSnapshot({ timeout: 2_000 })
      .catch((error: unknown) => `nothing: ${String(error)}`);
    const told = this.page.evaluate(() => window.everyPair()).then((pairs) => pairs.join('\n'));
    const late = setTimeout(2_000, 'not told');
    const pairs = await Promise.race([told, late]).catch((error: unknown) => String(error));
    return `${this.name}, at ${this.page.url()}\n${this.#diary.text()}\npairs:\n${pairs}\nshows:\n${shown}`;
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}

/**
 * Runs in the page before the page's own code. Stores the shield's setting as if from an earlier
 * visit.
 */
function chooseShown(shield: string): void {
  localStorage.setItem('farandole.preferences', JSON.stringify({ shield }));
}
