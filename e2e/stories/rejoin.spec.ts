import { meetByVideo } from '../support/meeting.ts';
import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';

test('[PR-63, PR-64] rejoins the call of a killed browser on a new page', { tag: '@long' }, async ({
  proxied,
  arrive,
}) => {
  const { url, proxy } = await proxied();
  // Kills the browser. A killed browser sends no close frame, unlike the browser of a crashed
  // page.
  const killed = async (person: Person): Promise<Person> => {
    proxy.cut();
    await expect(person.page.getByText(/reconnecting/i).first()).toBeVisible();
    await person.crash();
    proxy.heal();
    return await person.openAgain(url);
  };
  const ana = await arrive('Ana', url);
  const ben = await arrive('Ben', url);
  await meetByVideo(ana, ben);
  await ana.say('before');
  await ben.expectLine('before');
  await ben.showVideo();
  await ben.expectFrames(5);

  const again = await killed(ana);
  await expect(ben.strangerTile).toContainText('Their connection dropped');
  await ben.say('are you there?');
  await again.button('Rejoin').click();

  await test.step('restores every chat line once for both users', async () => {
    await again.expectInCall();
    await again.say('here I am');
    for (const person of [again, ben]) {
      for (const line of ['before', 'are you there?', 'here I am']) await person.expectLine(line);
      await expect(person.chat.getByRole('listitem')).toHaveCount(3);
    }
  });

  await test.step('hides each user’s picture, and shows it on request', async () => {
    await expect(ben.strangerVideo).toHaveCount(0);
    await again.showVideo();
    await ben.showVideo();
    await again.expectFrames(5);
    await ben.expectFrames(5);
  });

  await test.step('lets the user leave for good after another kill of the browser', async () => {
    const third = await killed(again);
    await third.button('Leave it').click();
    await expect(third.button('Rejoin')).toHaveCount(0);
    await expect(ben.page.getByText('Stranger left').first()).toBeVisible();
  });
});
