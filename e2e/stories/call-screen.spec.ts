import type { Page } from '@playwright/test';
import { tabTo } from '../support/keyboard.ts';
import { meetByVideo } from '../support/meeting.ts';
import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';

interface Target {
  readonly name: string;
  readonly side: number;
  readonly isInside: boolean;
  /** Distance from the Next button in CSS pixels, for Stop and Report; null for other controls. */
  readonly toNext: number | null;
}

function targetsOf(page: Page): Promise<readonly Target[]> {
  return page.evaluate(() => {
    const boxes = [...document.querySelectorAll('button, textarea, a[href], [role=switch]')]
      .filter((element) => element.checkVisibility())
      .map((element) => ({ element, box: element.getBoundingClientRect() }));
    const nameOf = (element: Element): string =>
      element.getAttribute('aria-label') ?? element.textContent ?? '';
    const next = boxes.find(({ element }) => nameOf(element) === 'Next')?.box;
    return boxes.map(({ element, box }) => {
      const name = nameOf(element);
      const across = next && Math.max(next.left - box.right, box.left - next.right);
      const down = next && Math.max(next.top - box.bottom, box.top - next.bottom);
      return {
        name,
        side: Math.min(box.width, box.height),
        isInside:
          box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight,
        toNext:
          across !== undefined && down !== undefined && /^(?:Stop|Report)$/.test(name)
            ? Math.max(across, down)
            : null,
      };
    });
  });
}

async function wordsOf(person: Person): Promise<string> {
  await person.button('More').click();
  const code = person.page.getByRole('region', { name: 'Is someone listening in?' });
  await expect(code).toContainText('Read these words to each other.');
  const words = /\b[a-z]+ [a-z]+ [a-z]+\b/.exec((await code.locator('.code').textContent()) ?? '');
  await person.button('Close').click();
  return words?.[0] ?? '';
}

test('makes a call, sends a chat line and presses Next by keyboard', { tag: '@long' }, async ({
  two,
}) => {
  const { ana, ben } = await two();
  const { keyboard } = ana.page;
  await tabTo(ana, ana.button('Start video'));
  await keyboard.press('Enter');
  await tabTo(ana, ana.button(/18 or over/));
  await keyboard.press('Enter');
  await tabTo(ana, ana.button('Meet someone'));
  await keyboard.press('Enter');
  await ben.startVideo();
  await ana.expectInCall();

  await test.step('runs shortcuts by letter keys, except in text fields', async () => {
    await keyboard.press('Enter');
    await expect(ana.messageBox).toBeFocused();
    await keyboard.type('mbt?');
    await keyboard.press('Enter');
    await ben.expectLine('mbt?');
    // The key typed a letter, so the shortcut on this key didn't run.
    await expect(ben.strangerTile).not.toContainText('Muted');
    await tabTo(ana, ana.button('Show video'));
    await keyboard.press('Enter');
    // The focus moves to the button that undoes the press.
    await expect(ana.button('Cover')).toBeFocused();
    await keyboard.press('Enter');
    await expect(ana.button('Show video')).toBeFocused();
    await keyboard.press('b');
    await expect(ana.strangerVideo).toBeVisible();
    const said = ana.page
      .getByRole('status')
      .filter({ hasText: 'Their video is no longer covered.' });
    await expect(said).toBeAttached();
    await keyboard.press('m');
    await expect(ben.strangerTile).toContainText('Muted');
  });

  await test.step('lists the shortcut keys on “?”; first Esc only closes the list', async () => {
    await tabTo(ana, ana.button('Next'));
    await keyboard.press('?');
    const list = ana.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await expect(list).toContainText('Cover or show the stranger');
    // The open list of shortcuts contains a Stop button that can be pressed.
    await list.getByRole('button', { name: 'Stop' }).click({ trial: true });
    await keyboard.press('Escape');
    await expect(list).toHaveCount(0);
    await expect(ana.button('Next')).toBeFocused();
  });

  await test.step('asks before Esc ends a call; Esc again or Stop confirms', async () => {
    await ben.messageBox.focus();
    await keyboard.press('Escape');
    await expect(ana.button('Really?')).toBeVisible();
    await ana.confirm(() => keyboard.press('Escape'));
    await expect(ben.page.getByText('Stranger left').first()).toBeVisible();
    // The user was writing when the stranger left, so the focus moves to the heading and not to a
    // button.
    await expect(ben.page.getByRole('heading', { name: 'Stranger left' })).toBeFocused();
    const looking = ana.page.getByRole('heading', { name: /Looking for/ });
    await expect(looking).toBeFocused();
    await expect(async () => {
      await keyboard.press('Escape');
      await expect(looking).toHaveCount(0, { timeout: 100 });
    }).toPass({ intervals: [0] });
    await tabTo(ana, ana.button('Start video'));
    await keyboard.press('Enter');
    await expect(looking).toBeVisible();
    await tabTo(ana, ana.button('Stop'));
    await keyboard.press('Enter');
    await expect(ana.button('Start video')).toBeVisible();
  });
});

/**
 * Records the page's announcements from this call on, because each announcement may be replaced
 * within 400 ms.
 */
async function announcementsOf({ page }: Person): Promise<() => Promise<string>> {
  const texts = await page.evaluateHandle(() => {
    const heard: string[] = [];
    const record = (): void => {
      for (const { textContent } of document.querySelectorAll('[role=status]')) {
        heard.push(textContent ?? '');
      }
    };
    const changes = { subtree: true, childList: true, characterData: true };
    new MutationObserver(record).observe(document.body, changes);
    return heard;
  });
  return () => texts.evaluate((heard) => heard.join('\n'));
}

test('sends five reactions by key and picker while video is still hidden', {
  tag: '@long',
}, async ({ two }) => {
  const { ana, ben } = await two();
  await meetByVideo(ana, ben);
  const anaHears = await announcementsOf(ana);
  const benHears = await announcementsOf(ben);
  await ana.page.keyboard.press('w');
  await expect.poll(anaHears).toContain('You waved');
  await expect.poll(benHears).toContain('They waved');
  await expect(ben.button('Show video')).toBeVisible();

  await test.step('closes the reaction picker after a choice and restores the focus', async () => {
    const picker = ben.page.getByRole('dialog', { name: 'React' });
    await ben.button('React').focus();
    await ben.page.keyboard.press('Enter');
    await tabTo(ben, picker.getByRole('button', { name: 'Applause' }));
    await ben.page.keyboard.press('Enter');
    await expect(picker).toBeHidden();
    await expect(ben.button('React')).toBeFocused();
    await expect.poll(benHears).toContain('You clapped');
    await expect.poll(anaHears).toContain('They clapped');
  });

  await test.step('keeps the open reaction picker above the bar when the phone is turned', async () => {
    const picker = ben.page.getByRole('dialog', { name: 'React' });
    await ben.page.setViewportSize({ width: 844, height: 390 });
    await ben.button('React').click();
    await expect(picker).toBeVisible();
    await ben.page.setViewportSize({ width: 390, height: 844 });
    await expect
      .poll(async () => {
        const [over, next] = await Promise.all([
          picker.boundingBox(),
          ben.button('Next').boundingBox(),
        ]);
        return over !== null && next !== null && next.y - (over.y + over.height);
      })
      .toBeGreaterThan(0);
    await ben.page.keyboard.press('Escape');
    await expect(picker).toBeHidden();
  });

  await test.step('refuses the sixth reaction in ten seconds', async () => {
    for (let pressed = 0; pressed < 6; pressed++) await ana.page.keyboard.press('w');
    await expect.poll(anaHears).toContain('Too many at once.');
    await ana.say('hello');
    await ben.expectLine('hello');
  });
});

test('offers “Text only” and connection details in the menu “More”', { tag: '@long' }, async ({
  arrive,
  two,
}) => {
  const { url, ana, ben } = await two();
  const cy = await arrive('Cy', url);
  await meetByVideo(ana, ben);
  await ana.showVideo();
  const words = await wordsOf(ana);
  expect(words).not.toBe('');
  expect(await wordsOf(ben)).toBe(words);

  await test.step('notifies both users when one chooses text only; one press restores video', async () => {
    await ana.button('More').click();
    await ana.button('Text only').click();
    await expect(ana.page.getByRole('figure').filter({ hasText: /Text only:/ })).toBeVisible();
    await expect(ana.strangerVideo).toHaveCount(0);
    await expect(ben.strangerTile).toContainText('Their camera is off');
    await ana.button('Back to video').click();
    await expect(ana.strangerVideo).toBeVisible();
    await expect(ben.strangerTile).not.toContainText('Their camera is off');
  });

  await test.step('keeps controls large and reachable in every window', async () => {
    for (const [width, height] of [
      [320, 568],
      [390, 844],
      [844, 390],
    ] as const) {
      await ana.page.setViewportSize({ width, height });
      // The page lays some controls out only after it has observed the new size.
      await expect(async () => {
        const targets = await targetsOf(ana.page);
        expect(targets.length).toBeGreaterThan(7);
        for (const { name, side, isInside, toNext } of targets) {
          const what = `${name} at ${width}×${height}`;
          const isControl = /^(?:Next|Stop|More|Mute microphone|Turn camera off)$/.test(name);
          expect(side, what).toBeGreaterThanOrEqual(isControl ? 48 : 44);
          expect(isInside, what).toBe(true);
          if (toNext !== null) expect(toNext, what).toBeGreaterThan(8);
        }
        expect(
          await ana.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
        ).toBe(true);
      }).toPass({ timeout: 10_000 });
    }
    await ana.page.setViewportSize({ width: 1_000, height: 760 });
  });

  await test.step('shows connection details next to the call, but over it on phones', async () => {
    const door = ana.button('Connection details');
    const sheet = ana.page.getByRole('dialog', { name: 'How you’re connected' });
    await door.click();
    await expect(sheet).toBeVisible();
    await ana.button('Next').click({ trial: true });
    await ana.page.keyboard.press('Escape');
    await expect(sheet).toHaveCount(0);
    await ana.page.setViewportSize({ width: 390, height: 844 });
    await door.click();
    await expect(sheet.getByRole('button', { name: 'Close' })).toBeFocused();
    await ana.page.keyboard.press('Escape');
    await expect(sheet).toHaveCount(0);
    await expect(door).toBeFocused();
    await expect(ana.button('Next')).toBeVisible();
  });

  await test.step('presses Next by a swipe over the stranger on an upright phone', async () => {
    await ana.page.setViewportSize({ width: 390, height: 844 });
    const touch = await ana.context.newCDPSession(ana.page);
    // Explicit timestamps give the swipe the same speed on a busy machine.
    let atS = Date.now() / 1_000;
    const swipe = async (...across: readonly number[]): Promise<void> => {
      for (const [at, x] of across.entries()) {
        atS += 0.02;
        await touch.send('Input.dispatchTouchEvent', {
          type: at === 0 ? 'touchStart' : 'touchMove',
          touchPoints: [{ x, y: 300 }],
          timestamp: atS,
        });
      }
      await touch.send('Input.dispatchTouchEvent', {
        type: 'touchEnd',
        touchPoints: [],
        timestamp: atS,
      });
    };
    // The user takes the first swipe back. The tile may still move back when the next swipe
    // begins.
    await swipe(200, 150, 40, 90);
    await expect(ana.button('Next')).toBeVisible();
    // "Really?" is shown for only three seconds, so the story starts to observe before the press.
    const asked = await ana.page.evaluateHandle(() => {
      const seen = new Promise<void>((resolve) => {
        const look = (): void => {
          if (document.querySelector('.bar')?.textContent.includes('Really?') === true) resolve();
        };
        new MutationObserver(look).observe(document.body, {
          subtree: true,
          childList: true,
          characterData: true,
        });
      });
      return { seen };
    });
    await swipe(200, 150, 100, 40);
    await asked.evaluate(({ seen }) => seen);
  });

  await test.step('shows the users different words to compare in the next call', async () => {
    await ana.page.setViewportSize({ width: 1_000, height: 760 });
    // The story waits until "Really?" has ended, because an early press counts as a double click.
    await expect(ana.button('Next')).toBeVisible();
    await ben.button('Stop').click();
    await expect(ana.page.getByText('Stranger left').first()).toBeVisible();
    await ana.button('Next').click();
    await cy.startVideo();
    await ana.expectInCall();
    expect(await wordsOf(ana)).not.toBe(words);
  });
});
