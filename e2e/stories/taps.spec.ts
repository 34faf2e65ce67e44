import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';

const START = 'Start video';
const GATE = 'I’m 18 or over, and I’ll keep these rules';
const MEET = 'Meet someone';
const SHOW = 'Show video';

/** Presses the buttons in turn and returns the presses that the page received. */
async function taps(person: Person, names: readonly string[]): Promise<string[]> {
  await person.page.evaluate(countPresses);
  for (const name of names) await person.button(name).click();
  return person.page.evaluate(() => window.presses);
}

test('reaches an uncovered stranger with 4 taps at first and 2 later', async ({ arrive, two }) => {
  const { url, ana, ben } = await two();
  await test.step('on the first visit: 4', async () => {
    await ben.startVideo();
    const first = [START, GATE, MEET, SHOW];
    expect(await taps(ana, first)).toEqual(first);
    await expect(ana.strangerVideo).toBeVisible();
  });
  await test.step('on a later visit: 2', async () => {
    await ana.keepDevicesAllowed();
    await ana.page.reload();
    // Two people who just met don't meet again, so somebody else comes.
    const cleo = await arrive('Cleo', url);
    await cleo.startVideo();
    const later = [START, SHOW];
    expect(await taps(ana, later)).toEqual(later);
    await expect(ana.strangerVideo).toBeVisible();
  });
});

declare global {
  interface Window {
    presses: string[];
  }
}

/** Runs in the page. Records the name of each pressed control. */
function countPresses(): void {
  window.presses = [];
  const listen = (event: Event): void => {
    if (!event.isTrusted || !(event.target instanceof Element)) return;
    const pressed = event.target.closest('button');
    window.presses.push((pressed?.ariaLabel ?? pressed?.textContent ?? '').trim());
  };
  addEventListener('click', listen, { capture: true });
}
