import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';

/** Maximum duration in ms of an animation when the user chose less motion. */
const STILL_MS_MAX = 1;

declare global {
  interface Window {
    movements: Map<string, number>;
  }
}

/**
 * Runs in the page before the page's own code. Records the longest animation of each kind. Each
 * painted frame is checked, so no animation that a user could see is missed.
 */
function recordMovements(): void {
  window.movements = new Map();
  const look = (): void => {
    for (const animation of document.getAnimations()) {
      const { effect } = animation;
      if (!(effect instanceof KeyframeEffect) || animation.playState === 'finished') continue;
      const { className } = effect.target ?? {};
      const name =
        animation instanceof CSSAnimation
          ? animation.animationName
          : animation instanceof CSSTransition
            ? animation.transitionProperty
            : 'script';
      const what = `${name} on ${String(className)}${effect.pseudoElement ?? ''}`;
      const { activeDuration } = effect.getComputedTiming();
      const ms = typeof activeDuration === 'number' ? activeDuration : Number.NaN;
      window.movements.set(what, Math.max(ms, window.movements.get(what) ?? 0));
    }
    requestAnimationFrame(look);
  };
  look();
}

/** Runs in the page before the page's own code. The user chose less motion on an earlier visit. */
function chooseLessMotion(): void {
  localStorage.setItem('farandole.preferences', JSON.stringify({ motion: 'reduced' }));
}

async function longMovementsSeenBy({ page }: Person): Promise<string[]> {
  const movements = await page.evaluate(() => [...window.movements]);
  return movements.filter(([, ms]) => !(ms <= STILL_MS_MAX)).map(([what, ms]) => `${what}: ${ms}`);
}

test('shows no animation if less motion is chosen in the system or page', {
  tag: '@long',
}, async ({ two }) => {
  test.setTimeout(180_000);
  const { url, ana, ben } = await two(
    { before: [recordMovements] },
    { before: [chooseLessMotion, recordMovements] },
  );

  await test.step('shows the drawing’s animation without the setting', async () => {
    await expect
      .poll(() => longMovementsSeenBy(ana))
      .toContainEqual(expect.stringMatching(/^living-/));
  });

  const { page } = ana;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(url);
  const bothAreStill = async (): Promise<void> => {
    expect(await longMovementsSeenBy(ana)).toEqual([]);
    expect(await longMovementsSeenBy(ben)).toEqual([]);
  };

  await test.step('on the way to a call', async () => {
    for (const person of [ana, ben]) {
      await expect(person.page.locator('.living')).toBeVisible();
      await person.toGreenRoom();
      await expect(person.button('Meet someone')).toBeVisible();
    }
    await ana.meetSomeone();
    await expect(ana.button('Stop')).toBeVisible();
    await ben.meetSomeone();
    await ana.expectInCall();
    await ben.expectInCall();
    await bothAreStill();
  });

  await test.step('in a call, with reactions, chat and the question before Next', async () => {
    for (const person of [ana, ben]) await person.showVideo();
    await ana.button('Wave').click();
    await expect(ben.page.locator('.floating')).toBeVisible();
    await ben.say('hello');
    await ana.expectLine('hello');
    await ana.button('Move your picture to the next corner').click();
    await ana.button('Next').click();
    await expect(ana.button('Really?')).toBeVisible();
    await bothAreStill();
    await expect(ana.button('Next')).toBeVisible();
  });

  await test.step('in a report that counts down, and in the settings', async () => {
    const sheet = page.getByRole('dialog');
    await ana.button('Report').click();
    await sheet.getByRole('button', { name: 'Scam or spam' }).click();
    await expect(sheet.getByText(/^Sending in 1\d/).first()).toBeVisible();
    await sheet.getByRole('button', { name: 'Send now' }).click();
    await sheet.getByRole('button', { name: 'Close' }).click();
    await ana.button('Settings').click();
    await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible();
    await bothAreStill();
  });
});
