import { expect, test } from '../support/story.ts';

test('matches two users by a shared interest and shows it to both', async ({ arrive, two }) => {
  const { url, ana, ben } = await two();
  const cleo = await arrive('Cleo', url);

  await ana.addInterests('Film', 'chess');
  await ana.page.getByRole('switch', { name: /only people who share/i }).check();
  await ana.startText();
  await expect(ana.button('Stop')).toBeVisible();

  await ben.addInterests('cooking');
  await ben.startText();
  await expect(ben.button('Stop')).toBeVisible();

  await cleo.addInterests('  FILM ');
  await cleo.startText();
  // The page shows the reason of a match for six seconds, so each page is watched from now on.
  const reasons = [ana, cleo].map(({ page }) =>
    expect(page.getByText(/both like .*film/i).first()).toBeVisible(),
  );
  await Promise.all([ana.expectInCall(), cleo.expectInCall(), ...reasons]);
  await cleo.say('which one last?');
  await ana.expectLine('which one last?');
  await expect(ben.chat).toHaveCount(0);
});

test('drops the shared-interest requirement on "Anyone" and matches any user', {
  tag: '@long',
}, async ({ two }) => {
  const { ana, ben } = await two();
  await ana.addInterests('harpsichords');
  await ana.page.getByRole('switch', { name: /only people who share/i }).check();
  await ana.startText();
  await ben.startText();
  await expect(ben.button('Stop')).toBeVisible();
  await ana.button('Anyone').click();
  await ana.expectInCall();
  await ben.expectInCall();
});

test('suggests interests that a user can pick by keyboard or press', async ({ one }) => {
  const { ana } = await one();
  const field = ana.page.getByRole('combobox', { name: /interest/i });
  const options = ana.page.getByRole('listbox').getByRole('option');
  const chip = (name: string) => ana.page.getByRole('button', { name: `Remove ${name}` });

  await field.pressSequentially('GAR');
  await expect(options).toHaveText(['gardening']);
  await expect(field).toHaveAttribute('aria-expanded', 'true');
  await field.press('ArrowDown');
  const marked = await options.getAttribute('id');
  await expect(field).toHaveAttribute('aria-activedescendant', marked ?? 'none');
  await field.press('Enter');
  await expect(chip('gardening')).toBeVisible();
  await expect(field).toHaveValue('');
  await expect(field).toBeFocused();

  await field.pressSequentially('games');
  await options.filter({ hasText: 'board games' }).click();
  await expect(chip('board games')).toBeVisible();
  await expect(chip('games')).toHaveCount(0);
  await expect(field).toBeFocused();

  await field.pressSequentially('che');
  await expect(options.first()).toBeVisible();
  await field.press('Escape');
  await expect(options).toHaveCount(0);
  await expect(field).toHaveValue('che');
  await field.press(',');
  await expect(chip('che')).toBeVisible();
});
