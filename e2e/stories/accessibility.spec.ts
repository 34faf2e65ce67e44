import { AxeBuilder } from '@axe-core/playwright';
import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';

/** WCAG 2.2, levels A and AA, as far as a program can tell. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe finds wrong on the page as it stands, one line a fault. */
async function faultsSeenBy({ page }: Person): Promise<string[]> {
  const { violations, passes } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  expect(passes.length, 'axe looked at something').toBeGreaterThan(5);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

const LOOKS = [
  { look: 'a phone at night', viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
  { look: 'a desk by day', viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
] as const;

for (const { look, ...options } of LOOKS) {
  test(`every screen on the way to a call and back is accessible: ${look}`, async ({
    node,
    arrive,
  }) => {
    const { url } = await node();
    const ana = await arrive('Ana', url, options);
    const ben = await arrive('Ben', url);
    const check = (screen: string): Promise<void> =>
      test.step(screen, async () => expect(await faultsSeenBy(ana), screen).toEqual([]));

    await check('landing');
    await ana.button('Start video').click();
    await expect(ana.page.getByRole('checkbox', { name: 'I’ll follow these' })).toBeVisible();
    await check('rules');
    await ana.acceptRules();
    await expect(ana.button('Allow camera and microphone')).toBeVisible();
    await check('camera preview, before the camera');
    await ana.button('Allow camera and microphone').click();
    await expect(ana.button('Continue')).toBeEnabled();
    await check('camera preview');
    await ana.button('Continue').click();
    await expect(ana.button('Stop')).toBeVisible();
    await check('waiting');
    await ben.startVideo();
    await ana.expectInCall();
    await check('call, covered');
    await ana.showVideo();
    await check('call');
    await ben.button('Stop').click();
    await expect(ana.page.getByText(/Stranger left/).first()).toBeVisible();
    await check('ended');
  });
}
