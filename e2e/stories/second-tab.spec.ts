import type { Page } from '@playwright/test';
import { meetByText, meetByVideo } from '../support/meeting.ts';
import { expect, test } from '../support/story.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const chat = (page: Page) => page.getByRole('log', { name: 'Chat' });

test('a second tab asks, then moves the call without ending it', async ({ two }) => {
  const { url, ana, ben } = await two();
  await meetByText(ana, ben);
  await ben.say('before');
  await ana.expectLine('before');
  const second = await ana.openAgain(url);

  await test.step('the second tab asks and leaves the first tab’s call unchanged', async () => {
    await expect(second.button('Move it here')).toBeVisible();
    await ana.say('still here');
    await ben.expectLine('still here');
  });

  await test.step('the second tab points to the first, whose title blinks', async () => {
    await ana.setHidden(true);
    await second.button('Go there').click();
    await expect(second.page.getByText('It’s in another tab.')).toBeVisible();
    await expect.poll(() => ana.page.title()).toContain('Here!');
    await ana.setHidden(false);
    await expect.poll(() => ana.page.title()).not.toContain('Here!');
  });

  await test.step('moves the call with its chat lines to each tab and back', async () => {
    await second.button('Move it here').click();
    await second.expectInCall();
    await expect(button(ana.page, 'Move it here')).toBeVisible();
    await expect(ana.chat).toHaveCount(0);
    await second.say('moved');
    for (const person of [second, ben]) {
      for (const line of ['before', 'still here', 'moved']) await person.expectLine(line);
    }
    await ana.button('Move it here').click();
    await ana.expectInCall();
    await ben.say('welcome back');
    await ana.expectLine('welcome back');
    await expect(ben.button('Next')).toBeVisible();
  });

  await test.step('frees the second tab at once when the first closes', async () => {
    await expect(second.button('Move it here')).toBeVisible();
    await ana.page.close();
    await expect(second.button('Text only')).toBeVisible();
    await expect(ben.page.getByText('Stranger left').first()).toBeVisible();
  });
});

test('a second tab takes a video call over; the first closes its camera', { tag: '@long' }, async ({
  two,
}) => {
  const { url, ana, ben } = await two();
  await meetByVideo(ana, ben);
  await ben.showVideo();
  const second = await ana.openAgain(url);
  await second.button('Move it here').click();
  await second.expectInCall();
  await expect(ben.strangerVideo).toHaveCount(0);
  await second.showVideo();
  await ben.showVideo();
  await second.expectFrames(5);
  await ben.expectFrames(5);
  await expect(ana.page.locator('video')).toHaveCount(0);
});

test('idle tabs show no question, and two tabs never match each other', async ({ arrive, one }) => {
  const { url, ana } = await one();
  const second = await ana.openAgain(url);
  await expect(second.button('Text only')).toBeVisible();
  await expect(ana.button('Text only')).toBeVisible();
  await ana.startText();
  await expect(ana.button('Stop')).toBeVisible();
  await expect(second.button('Move it here')).toBeVisible();
  await second.button('Move it here').click();
  await expect(second.button('Stop')).toBeVisible();
  await expect(ana.button('Move it here')).toBeVisible();
  // If the user of two tabs had been matched with themselves, a call would exist now. Ben's match
  // shows that only one search was waiting.
  const ben = await arrive('Ben', url);
  await ben.startText();
  await ben.expectInCall();
  await expect(chat(second.page)).toBeVisible();
});

test('without Web Locks a second tab takes over; the first suggests private windows', {
  tag: '@long',
}, async ({ arrive, one }) => {
  const { url, ana } = await one({ before: [withoutLocks] });
  await ana.startText();
  await expect(ana.button('Stop')).toBeVisible();

  const second = await ana.context.newPage();
  await second.addInitScript(withoutLocks);
  await second.goto(url);
  await button(second, 'Text only').click();

  await expect(ana.page.getByText(/private window/i).first()).toBeVisible();
  await expect(ana.chat).toHaveCount(0);
  const ben = await arrive('Ben', url);
  await ben.startText();
  await ben.expectInCall();
  await expect(chat(second)).toBeVisible();
});

/** Runs in the page before the page's own code. */
function withoutLocks(): void {
  Reflect.deleteProperty(Navigator.prototype, 'locks');
}
