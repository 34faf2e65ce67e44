import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';

const START = 'Start video';
const TEXT = 'Text only';
const GATE = 'I’m 18 or over, and I’ll keep these rules';
const MEET = 'Meet someone';
const SHOW = 'Show video';

/** The processor of a cheap phone is about four times slower than the one of these tests. */
const SLOWER = 4;
const FEEDBACK_MS_MAX = 100;

/** Presses the buttons in turn. Returns the name of each control that the page saw pressed. */
async function taps(person: Person, names: readonly string[]): Promise<string[]> {
  await person.page.evaluate(recordPresses);
  for (const name of names) await person.button(name).click();
  const presses = await person.page.evaluate(() => window.presses);
  // While the shield loads, the button also shows the progress below its name.
  return presses.map((text) => names.find((name) => text.startsWith(name)) ?? text);
}

test('reaches an uncovered stranger with 4 taps at first and 2 later', async ({ arrive, two }) => {
  const { url, ana, ben } = await two();
  await test.step('reaches the stranger with 4 taps on the first visit', async () => {
    await ben.startVideo();
    const first = [START, GATE, MEET, SHOW];
    expect(await taps(ana, first)).toEqual(first);
    await expect(ana.strangerVideo).toBeVisible();
  });
  await test.step('reaches the stranger with 2 taps on a later visit', async () => {
    await ana.keepDevicesAllowed();
    await ana.page.reload();
    // Two users who just met aren't matched again, so another user comes.
    const cleo = await arrive('Cleo', url);
    await cleo.startVideo();
    const later = [START, SHOW];
    expect(await taps(ana, later)).toEqual(later);
    await expect(ana.strangerVideo).toBeVisible();
  });
});

test('reaches a stranger by text with 2 taps at first and 1 later', { tag: '@long' }, async ({
  arrive,
  two,
}) => {
  const { url, ana, ben } = await two({ devices: 'none' });
  await test.step('reaches the stranger by text with 2 taps on the first visit', async () => {
    await ben.startText();
    expect(await taps(ana, [TEXT, GATE])).toEqual([TEXT, GATE]);
    await ana.expectInCall();
  });
  await test.step('reaches the stranger by text with 1 tap on a later visit', async () => {
    await ana.page.reload();
    const cleo = await arrive('Cleo', url, { devices: 'none' });
    await cleo.startText();
    expect(await taps(ana, [TEXT])).toEqual([TEXT]);
    await ana.expectInCall();
  });
});

// In the long tier, because other browsers on the same machine make every press slower.
test(`paints within ${FEEDBACK_MS_MAX} ms after each press on a slow processor`, {
  tag: '@long',
}, async ({ two }) => {
  test.setTimeout(180_000);
  const { ana, ben } = await two({ viewport: { width: 390, height: 844 } }, {});
  await ben.startVideo();
  const session = await ana.context.newCDPSession(ana.page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await ana.page.evaluate(recordFeedback);
  for (const [before, name] of [START, GATE, MEET, SHOW].entries()) {
    await ana.button(name).click({ timeout: 60_000 });
    await ana.page.waitForFunction((count) => window.feedback.length > count, before);
  }
  const feedback = await ana.page.evaluate(() => window.feedback);
  for (const { name, ms } of feedback)
    console.log(`${String(Math.round(ms)).padStart(5)} ms  ${name}`);
  expect(feedback.filter(({ ms }) => ms > FEEDBACK_MS_MAX)).toEqual([]);
});

declare global {
  interface Window {
    presses: string[];
    feedback: { name: string; ms: number }[];
  }
}

/** Runs in the page. */
function recordPresses(): void {
  window.presses = [];
  addEventListener(
    'click',
    ({ isTrusted, target }) => {
      const pressed = isTrusted && target instanceof Element ? target.closest('button') : null;
      window.presses.push((pressed?.textContent ?? 'no button').trim());
    },
    { capture: true },
  );
}

/**
 * Runs in the page. Records for each press the time from the pointer's event to the end of the
 * next paint, of the pressed state or of what the press did, whichever took longer.
 */
function recordFeedback(): void {
  window.feedback = [];
  let downMs = 0;
  const took = (ms: number): void => {
    downMs = ms;
  };
  const paintedAfter = (event: Event, done: (ms: number) => void): void => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => done(performance.now() - event.timeStamp), {
      once: true,
    });
    port1.start();
    requestAnimationFrame(() => port2.postMessage(null));
  };
  addEventListener('pointerdown', (event) => paintedAfter(event, took), true);
  addEventListener(
    'click',
    (event) => {
      const { target } = event;
      const name = (target instanceof Element && target.closest('button')?.textContent) || '';
      paintedAfter(event, (ms) => window.feedback.push({ name, ms: Math.max(ms, downMs) }));
    },
    true,
  );
}
