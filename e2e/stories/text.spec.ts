import { meetByText } from '../support/meeting.ts';
import { expect, test } from '../support/story.ts';

test('lets two strangers meet by text without a camera', async ({ two }) => {
  const { ana, ben } = await two({ devices: 'none' });
  await meetByText(ana, ben);
  await expect(ana.page.locator('video')).toHaveCount(0);

  await ana.say('words only');
  await ben.expectLine('words only');

  await test.step('rejects an overlong chat line with a message and keeps its text', async () => {
    const long = 'x'.repeat(20_000);
    await ana.messageBox.fill(long);
    await ana.button('Send').click();
    await expect(ana.messageBox).toHaveValue(long);
    await expect(ana.page.getByText(/up to 1,?000 characters/).first()).toBeVisible();
    await expect(ben.lines('xxx')).toHaveCount(0);
    await ana.messageBox.fill('shorter');
    await ana.button('Send').click();
    await ben.expectLine('shorter');
  });

  await test.step('shows markup in chat lines as plain text', async () => {
    const markup = '<img src=x onerror=alert(1)><b>bold</b> https://example.org';
    await ana.say(markup);
    await expect(
      ana.page.getByText('This looks like a link. Send it anyway?').first(),
    ).toBeVisible();
    await expect(ben.lines(markup)).toHaveCount(0);
    await ana.button('Send anyway').click();
    await ben.expectLine(markup);
    await expect(ben.chat.locator('img, b, a')).toHaveCount(0);
  });

  await test.step('shows how many new chat lines are below, and scrolls to them', async () => {
    await ana.say('a verse\n'.repeat(40).trim());
    await ben.expectLine('a verse');
    // The page scrolls to the new line only after it has drawn it.
    await expect
      .poll(() =>
        ben.chat.evaluate(
          ({ scrollTop, clientHeight, scrollHeight }) =>
            scrollTop > 0 && scrollTop + clientHeight > scrollHeight - 2,
        ),
      )
      .toBe(true);
    await ben.chat.evaluate(async (log) => {
      const scrolled = new Promise((resolve) =>
        log.addEventListener('scroll', resolve, { once: true }),
      );
      log.scrollTo({ top: 0 });
      await scrolled;
    });
    await ana.say('one more');
    await expect(ben.button('1 new message below')).toBeVisible();
    await ana.say('and another');
    await expect(ben.page).toHaveTitle(/^\(2\) /);
    await ben.button('2 new messages below').click();
    await expect(ben.lines('and another')).toBeInViewport();
    await expect(ben.button(/new message/)).toHaveCount(0);
    await expect(ben.page).not.toHaveTitle(/^\(/);
  });
});
