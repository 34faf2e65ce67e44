import { AxeBuilder } from '@axe-core/playwright';
import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';

/** Tags of the WCAG 2.2 A and AA rules that axe can test. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

async function faultsSeenBy({ page }: Person): Promise<string[]> {
  const { violations, passes } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  expect(passes.length, 'axe looked at something').toBeGreaterThan(5);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/**
 * Height in CSS pixels that stays visible above an iPhone's keyboard, which covers the page
 * without resizing the window.
 */
const SEEN_PX = 480;

async function leavesRoomForAKeyboard(person: Person): Promise<void> {
  await person.messageBox.focus();
  await person.page.evaluate((height) => {
    Object.defineProperty(visualViewport, 'height', { value: height });
    visualViewport?.dispatchEvent(new Event('resize'));
  }, SEEN_PX);
  for (const what of [person.button('Next'), person.button('Report'), person.messageBox]) {
    const isSeen = async (): Promise<boolean> => {
      const box = await what.boundingBox();
      return box !== null && box.y >= 0 && box.y + box.height <= SEEN_PX;
    };
    await expect.poll(isSeen, String(what)).toBe(true);
  }
  const tile = await person.strangerTile.boundingBox();
  expect(tile?.height).toBeGreaterThan(0.35 * SEEN_PX);
}

/** This story tests only one variant, because the gallery's tests cover the others. */
const PHONE_AT_NIGHT = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' } as const;

test('passes axe on every screen of a call', async ({ two }) => {
  const { ana, ben } = await two(PHONE_AT_NIGHT, {});
  const check = (screen: string): Promise<void> =>
    test.step(screen, async () => expect(await faultsSeenBy(ana), screen).toEqual([]));

  await check('landing');
  await ana.button('Start video').click();
  await expect(ana.button(/18 or over/)).toBeVisible();
  await check('rules');
  await ana.acceptRules();
  await expect(ana.button('Meet someone')).toBeVisible();
  await check('camera preview');
  await ana.meetSomeone();
  await expect(ana.button('Stop')).toBeVisible();
  await check('waiting');
  await ben.startVideo();
  await ana.expectInCall();
  await check('call, covered');
  await ana.showVideo();
  await check('call');
  await leavesRoomForAKeyboard(ana);
  await ben.button('Stop').click();
  await expect(ana.page.getByText(/Stranger left/).first()).toBeVisible();
  await check('ended');
});
