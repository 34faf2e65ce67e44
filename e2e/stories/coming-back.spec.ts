import { expect, test } from '../support/story.ts';

test('applies changed settings at once and on the next visit', { tag: '@long' }, async ({
  one,
}) => {
  const { url, ana } = await one({ devices: 'none', whole: true });
  const { page } = ana;
  const settings = page.getByRole('dialog');
  const html = page.locator('html');

  await test.step('applies changed settings at once', async () => {
    await ana.button('Settings').click();
    await settings.getByRole('radio', { name: 'Dark', exact: true }).check();
    await expect(html).toHaveAttribute('data-theme', 'dark');
    await expect(settings.getByRole('slider', { name: 'Volume' })).toBeVisible();
    await settings.getByRole('switch', { name: 'Play sounds' }).uncheck();
    await expect(settings.getByRole('slider', { name: 'Volume' })).toHaveCount(0);
    await settings.getByRole('heading', { name: 'About' }).click();
    await settings.getByText('Diagnostics').click();
    await expect(settings.getByText('look: dark')).toBeVisible();
    await settings.getByRole('button', { name: 'Copy', exact: true }).click();
    await expect(settings.getByText(/^Copied/)).toBeVisible();
    const licences = await page.request.get(`${url}/licences.txt`);
    expect(licences.headers()['content-type']).toContain('text/plain');
    expect(await licences.text()).toContain('preact');
    await settings.getByRole('button', { name: 'Close' }).click();
  });

  await test.step('keeps changed settings on the next visit', async () => {
    await ana.startText();
    await expect(ana.button('Stop')).toBeVisible();
    await page.reload();
    await expect(html).toHaveAttribute('data-theme', 'dark');
    await ana.button('Text only').click();
    await expect(ana.button('Stop')).toBeVisible();
    await ana.button('Stop').click();
  });

  await test.step('asks the user to accept the rules again after they changed', async () => {
    await page.evaluate(() => {
      const key = 'farandole.preferences';
      const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
      localStorage.setItem(key, JSON.stringify({ ...(kept as object), rulesVersion: 2 }));
    });
    await page.reload();
    await ana.button('Text only').click();
    await expect(page.getByText('The rules have changed since you agreed')).toBeVisible();
    await ana.acceptRules();
    await ana.button('Stop').click();
    await ana.button('Text only').click();
    await ana.button('Stop').click();
  });

  await test.step('changes the language in the settings', async () => {
    await ana.button('Settings').click();
    await settings
      .getByRole('region', { name: 'Appearance' })
      .getByRole('combobox')
      .selectOption('fr');
    await expect(settings.getByRole('heading', { name: 'Réglages' })).toBeVisible();
    await page.reload();
    await expect(html).toHaveAttribute('lang', 'fr');
    await expect(ana.button('Par écrit')).toBeVisible();
  });
});
