import { test as base, expect, type Page } from '@playwright/test';
import { type Gallery, openGallery, type View } from '../gallery/gallery.ts';
import { CONSOLE_TARGETS, inspect, linesOf } from '../gallery/inspection.ts';
import { CONSOLE_TESTED, SPOKEN, TESTED, VIEWPORTS } from '../gallery/variants.ts';
import { launchBare } from '../support/browser.ts';

/** The time limit is generous, because the tests take less than a minute on an idle machine. */
const LIMIT_MS = 600_000;

const LANDING: View = { name: 'landing', scene: 'landing', opener: null };

interface Shared {
  readonly gallery: Gallery;
}

const test = base.extend<object, Shared>({
  gallery: [
    async ({}, use) => {
      const browser = await launchBare();
      const gallery = await openGallery(browser);
      await use(gallery);
      await gallery.close();
      await browser.close();
    },
    { scope: 'worker', timeout: LIMIT_MS },
  ],
});

// The tests share one worker, because a second worker would open a second gallery.
test.describe.configure({ mode: 'default' });

test('passes the accessibility checks on every page screen in every state', async ({ gallery }) => {
  test.setTimeout(LIMIT_MS);
  const { findings, looked } = await inspect(gallery, TESTED, 'all');
  expect(looked, 'the gallery is full').toBeGreaterThan(60);
  expect(linesOf(findings)).toEqual([]);
});

test('passes the accessibility checks on every console screen on a tablet', {
  tag: '@long',
}, async () => {
  test.setTimeout(LIMIT_MS);
  const browser = await launchBare();
  const gallery = await openGallery(browser, 'console');
  const { findings, looked } = await inspect(gallery, CONSOLE_TESTED, 'all', CONSOLE_TARGETS);
  await gallery.close();
  await browser.close();
  expect(looked, 'the gallery is full').toBeGreaterThan(40);
  expect(linesOf(findings)).toEqual([]);
});

/** Views whose words vary most between languages, or that differ most from right to left. */
const WORDY = [
  'landing-interests',
  'rules',
  'green-room',
  'green-room-blocked',
  'waiting-anyone-long',
  'call',
  'call-caution',
  'text-video-theirs',
  'ended-no-connection-works',
  'report-held',
  'report-pending',
  'settings',
].map((scene): View => ({ name: scene, scene, opener: null }));

for (const language of SPOKEN) {
  test(`draws the main screens in ${language} on a small phone`, async ({ gallery }) => {
    test.setTimeout(LIMIT_MS);
    const variant = { viewport: '320x568', scheme: 'light', language } as const;
    const { findings, looked } = await inspect(gallery, variant, WORDY, { axe: language === 'ar' });
    expect(looked).toBe(WORDY.length);
    expect(linesOf(findings)).toEqual([]);
  });
}

/** What a screen reader says on the call screen, in reading order: landmarks, names and roles. */
const CALL_TOP = `- banner:
  - button "Stop"
  - button "Connection details"
  - button "More"
  - button "Report"
- main:
  - heading "Video chat" [level=1]`;

const CONTROLS = `  - textbox "Message":
    - /placeholder: Write a message
  - button "React"
  - navigation "Call controls":
    - button "Mute microphone"
    - button "Turn camera off"
    - button "Wave"
    - button "Next"
- status
- alert`;

const LINES = `  - log "Chat":
    - list:
      - listitem:
        - text: "Stranger:"
        - paragraph: hello from Lyon!
      - listitem:
        - text: "You:"
        - paragraph: hi, is it raining there too?
      - listitem:
        - text: "Stranger:"
        - paragraph: always. مرحبا — שלום
  - paragraph: Stranger is typing…`;

const READ: Readonly<Record<string, string>> = {
  'call-covered': `${CALL_TOP}
  - figure "Stranger":
    - img "The stranger’s video, covered"
    - paragraph: You both like film and cooking
    - button "Show video"
    - paragraph: Their video is covered and muted.
    - text: Stranger
  - figure "You":
    - button "Move your picture to the next corner"
    - paragraph: They can’t see you yet
    - text: You
  - log "Chat":
    - list
${CONTROLS}`,
  call: `${CALL_TOP}
  - figure "Stranger":
    - paragraph: You both like film and cooking
    - button "Cover"
    - text: Stranger
  - figure "You":
    - button "Swap the two pictures"
    - button "Move your picture to the next corner"
    - text: You
  - button "All messages"
${LINES}
${CONTROLS}`,
  text: `- banner:
  - button "Stop"
  - button "Connection details"
  - button "More"
- main:
  - heading "Text chat" [level=1]
  - figure "Stranger Here with you":
    - strong: Stranger
    - text: Here with you
    - button "Turn on video": Video
    - button "Report"
${LINES}
  - textbox "Message":
    - /placeholder: Write a message
  - button "Send"
  - button "React"
  - navigation "Call controls":
    - button "Wave"
    - button "Next"
- status
- alert`,
};

test('orders and names the parts of a call for screen readers', async ({ gallery }) => {
  const phone = { viewport: '390x844', scheme: 'light', language: 'en' } as const;
  const { page, show, close } = await gallery.open(phone);
  for (const [scene, read] of Object.entries(READ)) {
    await show({ name: scene, scene, opener: null });
    const snapshot = async (): Promise<string> => {
      const tree = await page.locator('body').ariaSnapshot();
      // Screen readers don't say the bidirectional isolation characters around a user's text.
      return tree.replaceAll(/[\u2068\u2069]/gu, '');
    };
    await expect.poll(snapshot, scene).toBe(read);
  }
  await show({ name: 'call', scene: 'call', opener: null });
  const videos = page.locator('video');
  await expect(videos.nth(0)).toHaveAttribute('aria-label', 'Stranger');
  await expect(videos.nth(1)).toHaveAttribute('aria-label', 'You');
  await close();
});

test('swaps the pictures wherever the own picture is', { tag: '@long' }, async ({ gallery }) => {
  for (const viewport of ['390x844', '1280x800'] as const) {
    const { page, show, close } = await gallery.open({ viewport, scheme: 'light', language: 'en' });
    await show({ name: 'call', scene: 'call', opener: null });
    const own = page.getByRole('figure', { name: 'You' });
    const stranger = page.locator('video[aria-label=Stranger]');
    const swap = page.getByRole('button', { name: 'Swap the two pictures' });
    const large = await stranger.boundingBox();
    const corners = new Set<string>();
    for (let press = 0; press < 4; press += 1) {
      const before = await own.boundingBox();
      await page.getByRole('button', { name: 'Move your picture to the next corner' }).click();
      await expect.poll(() => own.boundingBox()).not.toEqual(before);
      const corner = await own.boundingBox();
      corners.add(`${corner?.x} ${corner?.y}`);
      await swap.click();
      const height = async () => (await own.boundingBox())?.height;
      await expect.poll(height).toBe(VIEWPORTS[viewport].height);
      expect((await own.boundingBox())?.width).toBeGreaterThanOrEqual(large?.width ?? 0);
      expect((await stranger.boundingBox())?.width).toBeLessThan((large?.width ?? 0) / 2);
      await swap.click();
      await expect.poll(() => own.boundingBox()).toEqual(corner);
    }
    expect(corners.size, viewport).toBe(4);
    await close();
  }
});

test('detects planted accessibility faults', async ({ gallery }) => {
  const spoil = (page: Page): Promise<void> =>
    page.evaluate(() => {
      const app = document.getElementById('app');
      app?.insertAdjacentHTML(
        'beforeend',
        `<main><div class="stage"><p class="tile" id="low">More than it has room for, and no sign</p></div>
         <button id="past">Past it</button><p id="wide">A line that is too wide</p>
         <p id="cut">A line that is cut in its middle</p>
         <p id="pair"><button>One</button><button>Two</button></p>
         <button id="tiny">x</button><button id="far">Far away</button>
         <label id="box"><input type="checkbox"> A box of the browser’s own</label>
         <div class="stays"><button id="under">Under it</button><p id="lid">It stays</p></div>
         <nav class="bar" id="row"><button class="next really">Really</button><button class="stop">Stop</button></nav>
         <p id="pale">A pale line</p>
         <div role="log"><p class="line" hidden>A lost line</p></div></main>`,
      );
      const styles: Readonly<Record<string, string>> = {
        wide: 'inline-size: 3000px',
        cut: 'inline-size: 4rem; overflow: hidden; white-space: nowrap',
        tiny: 'min-block-size: 0; block-size: 20px; inline-size: 20px; padding: 0',
        far: 'position: fixed; inset-block-start: -10rem; min-block-size: 3rem; min-inline-size: 3rem',
        past: 'position: absolute; left: -40px; min-block-size: 3rem; min-inline-size: 6rem',
        low: 'display: block; block-size: 2rem; inline-size: 6rem; overflow: auto',
        pale: 'color: #bbb; background: #fff',
        box: 'display: block; min-block-size: 3rem',
        under: 'position: fixed; inset-block-end: 0; min-block-size: 3rem',
        row: 'display: grid; position: static',
        pair: 'display: flex',
        lid: 'position: fixed; inset-block-end: 0; inset-inline: 0; block-size: 3rem; background: #fff',
      };
      for (const [id, style] of Object.entries(styles)) {
        document.getElementById(id)?.setAttribute('style', style);
      }
    });
  const { findings } = await inspect(gallery, TESTED, [LANDING], { spoil });
  const faults = findings.map(({ fault }) => fault).join('\n');
  for (const sign of [
    /^the page is \d+ wide$/m,
    /^cut words: p “A line that is cut/m,
    /^small: button “x”/m,
    /^near: button “One” and button “Two”: 0\.0$/m,
    /^out of reach: button “Far away”/m,
    /^past the edge of the window: button “Past it”/m,
    /^scrolls unseen: p.tile “More than it has room/m,
    /^small box: label “A box of the browser’s own”/m,
    /^under what stays: button “Under it” under p “It stays”$/m,
    /^focus hidden: .* under p “It stays”$/m,
    /^under what asks: button.stop “Stop” under button.next.really “Really”$/m,
    /^not from the words: “A pale line”/m,
    /^lost line: p.line “A lost line”$/m,
    /^color-contrast: .*pale/m,
  ]) {
    expect(faults).toMatch(sign);
  }
});
