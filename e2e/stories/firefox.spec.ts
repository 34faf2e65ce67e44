import type { Browser } from '@playwright/test';
import {
  expectCovered,
  expectShown,
  flagged,
  meetCovered,
  reportTheMoment,
  smallWindowOf,
} from '../support/cover.ts';
import { drawInstead } from '../support/drawn-camera.ts';
import { launchFirefox } from '../support/firefox.ts';
import { meetByVideo } from '../support/meeting.ts';
import type { Person } from '../support/person.ts';
import { installPictureCamera } from '../support/picture-camera.ts';
import { blankPageBeside } from '../support/rendered.ts';
import { expect, test } from '../support/story.ts';

// The tests share one worker, because a second worker would start a second Firefox.
test.describe.configure({ mode: 'default' });

let firefox: Browser;
test.beforeAll(async () => {
  firefox = await launchFirefox();
});
test.afterAll(() => firefox.close());

/**
 * Waits for a clean sample, because after Resume the shield doesn't flag the same picture again.
 */
async function expectClean(person: Person): Promise<void> {
  await person.button('Connection details').click();
  await expect(person.page.getByText('Their picture is clean so far.')).toBeVisible();
  await person.page.keyboard.press('Escape');
}

test("[SH-10, SH-11, SH-12] shows a stranger's video in Firefox only after clean samples and consent", {
  tag: '@long',
}, async ({ arrive, two }) => {
  const { url, ana, ben } = await two({ browser: firefox, camera: 'drawn' }, { camera: 'drawn' });
  const blank = await blankPageBeside(ben);

  await test.step('shows no recognizable picture of the stranger before consent', async () => {
    await meetCovered(ana, ben, blank);
  });

  await test.step('shows moving pictures and chat lines to both users', async () => {
    await ana.expectFrames(10);
    await ben.showVideo();
    await ben.expectFrames(10);
    await ana.say('hello from Firefox');
    await ben.expectLine('hello from Firefox');
    await ben.say('hello from Chromium');
    await ana.expectLine('hello from Chromium');
  });

  await test.step('hides and mutes a flagged stranger, even in the small window', async () => {
    await ana.button('More').click();
    await ana.button('Small window').click();
    await expect
      .poll(() => smallWindowOf(ana.page))
      .toMatchObject({ playing: 1, sounds: 0, seen: true });
    await drawInstead(ben.page, 'marker');
    await expect(flagged(ana)).toBeVisible();
    await expect.poll(() => smallWindowOf(ana.page)).toMatchObject({ playing: 0, sounds: 0 });
    await expectCovered(ana, blank);
  });

  await test.step('shows the stranger again on Resume', async () => {
    await drawInstead(ben.page, 'stripes');
    await ana.button('Show anyway').click();
    await expectShown(ana, blank);
    await expectClean(ana);
  });

  await test.step('includes the flag’s time in a report; Next finds another stranger', async () => {
    await drawInstead(ben.page, 'marker');
    await expect(flagged(ana)).toBeVisible();
    await expectCovered(ana, blank);
    await reportTheMoment(ana, ben);
    await ana.page.getByRole('dialog').getByRole('button', { name: 'Next' }).click();
  });

  await test.step('ends the call on Leave', async () => {
    const cleo = await arrive('Cleo', url, { camera: 'drawn' });
    await cleo.startVideo();
    await ana.showVideo();
    await drawInstead(cleo.page, 'marker');
    await expect(flagged(ana)).toBeVisible();
    await ana.button('Leave').click();
    await expect(cleo.page.getByText('Stranger left').first()).toBeVisible();
    await expect(ana.strangerVideo).toHaveCount(0);
  });
});

test('[SH-3] runs the real model in Firefox under the server’s headers', { tag: '@long' }, async ({
  two,
}) => {
  const { ana, ben } = await two(
    { browser: firefox, classifier: 'real' },
    { before: [installPictureCamera] },
  );
  await ben.page.evaluate(() => window.showPicture('portrait, dark skin'));

  await test.step('accepts a harmless picture with the real model', async () => {
    await meetByVideo(ana, ben);
    await ana.showVideo();
    await ana.expectFrames(10);
    await expectClean(ana);
  });

  await test.step('finds no CSP violation, although a violation would be reported', async () => {
    expect(ana.complaints).toEqual([]);
    const markup = ana.page.evaluate(() => {
      document.body.innerHTML = '<p>of no policy</p>';
    });
    await expect(markup).rejects.toThrow(/blocked by CSP/);
    await expect.poll(() => ana.complaints).toHaveLength(1);
    expect(ana.complaints.pop()).toContain('require-trusted-types-for');
  });
});
