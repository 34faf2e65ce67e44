import { meetByVideo } from '../support/meeting.ts';
import { expect, test } from '../support/story.ts';

/** Makes the first attempt to play sound fail, as Safari does before a press. */
function refuseFirstSound(): void {
  const play = Reflect.get<typeof HTMLMediaElement.prototype, 'play'>(
    HTMLMediaElement.prototype,
    'play',
  );
  let refused = false;
  Reflect.set(HTMLMediaElement.prototype, 'play', function (this: HTMLMediaElement) {
    if (this.muted || refused) return play.call(this);
    refused = true;
    return Promise.reject(new DOMException('A press is wanted.', 'NotAllowedError'));
  });
}

test('lets two strangers meet by video and talk; Next finds another', async ({ arrive, two }) => {
  const { url, ana, ben } = await two({}, { before: [refuseFirstSound] });
  await ana.startVideo();
  await expect(ana.button('Stop')).toBeVisible();
  await ben.startVideo();
  await ana.expectInCall();
  await ben.expectInCall();

  await test.step('hides the stranger until the user asks, and exposes no media track', async () => {
    await expect(ana.button('Show video')).toBeVisible();
    await expect(ana.strangerVideo).toHaveCount(0);
    await ana.showVideo();
    await ana.expectFrames(10);
    await expect(ben.strangerVideo).toHaveCount(0);
    await ben.showVideo();
    await ben.button('Tap to hear them').click();
    await ben.expectFrames(10);
    await expect(ben.button('Tap to hear them')).toHaveCount(0);
  });

  await test.step('shows chat lines and typing to both users', async () => {
    await ben.messageBox.pressSequentially('a thought');
    await expect(ana.page.getByText('Stranger is typing').first()).toBeVisible();
    await ben.messageBox.fill('');
    await ana.say('hello from Lyon');
    await ben.expectLine('hello from Lyon');
    await ana.expectLine('hello from Lyon');
    await ben.say('مرحبا — שלום');
    await ana.expectLine('مرحبا — שלום');
  });

  await test.step('asks before Next, hides the stranger at once, matches a third user', async () => {
    const cleo = await arrive('Cleo', url);
    await cleo.startVideo();
    await expect(cleo.button('Stop')).toBeVisible();
    await ana.button('Next').click();
    await expect(ana.button('Really?')).toBeVisible();
    await expect(ana.strangerVideo).toHaveCount(0);
    await ana.confirmNext();
    await expect(ben.page.getByText('Stranger left').first()).toBeVisible();
    await cleo.expectInCall();
    await ana.expectInCall();
    await expect(ana.lines('hello from Lyon')).toHaveCount(0);
    await cleo.say('a new face');
    await ana.expectLine('a new face');
    await expect(ben.lines('a new face')).toHaveCount(0);
    await ana.showVideo();
    await ana.expectFrames(10);
  });

  await test.step('ends the call on Stop', async () => {
    await ana.button('Stop').click();
    await expect(ana.strangerVideo).toHaveCount(0);
    await expect(ana.button('Really?')).toHaveCount(0);
  });

  await test.step('closes the camera on Stop, and opens it again on Next', async () => {
    const own = ana.page.getByLabel('You', { exact: true }).and(ana.page.locator('video'));
    await expect(own).toHaveCount(0);
    // The page ignores a press that comes right after the end of a call. While the camera opens
    // slowly, it shows the green room. There the user presses again.
    const again = ana.button('Next').or(ana.button('Meet someone'));
    await expect(async () => {
      const isSearching = await ana.button('Stop').isVisible();
      if (!isSearching) await again.click({ timeout: 1_000 });
      await expect(ana.button('Stop')).toBeVisible({ timeout: 2_000 });
    }).toPass();
    await expect(own).toBeVisible();
  });
});

test('continues the call when "Really?" is not confirmed', { tag: '@long' }, async ({ two }) => {
  const { ana, ben } = await two();
  await meetByVideo(ana, ben);
  await ana.showVideo();
  await ana.button('Next').click();
  await expect(ana.button('Really?')).toBeVisible();
  await expect(ana.button('Next')).toBeVisible();
  await ana.expectFrames(5);
  await ana.say('still here');
  await ben.expectLine('still here');
});

test('notifies the peer within two seconds when a page closes', async ({ two }) => {
  const { ana, ben } = await two();
  await meetByVideo(ana, ben);
  const closedAtMs = performance.now();
  await ana.page.close({ runBeforeUnload: false });
  await ben.heard('call.ended');
  expect(performance.now() - closedAtMs).toBeLessThan(2_000);
  await expect(ben.page.getByText(/Stranger left/).first()).toBeVisible();
});
