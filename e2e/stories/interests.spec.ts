import { expect, test } from '../support/story.ts';

test('a shared interest brings two people together and is told to both', async ({
  node,
  arrive,
}) => {
  const { url } = await node();
  const ana = await arrive('Ana', url);
  const ben = await arrive('Ben', url);
  const cleo = await arrive('Cleo', url);

  await ana.addInterests('Film', 'chess');
  await ana.page
    .getByRole('checkbox', { name: /only people who share/i })
    .or(ana.page.getByRole('switch', { name: /only people who share/i }))
    .check();
  await ana.startText();
  await expect(ana.button('Stop')).toBeVisible();

  await ben.addInterests('cooking');
  await ben.startText();
  await expect(ben.button('Stop')).toBeVisible();

  await cleo.addInterests('  FILM ');
  await cleo.startText();
  await cleo.expectInCall();
  await ana.expectInCall();
  await expect(ana.page.getByText(/film/i).first()).toBeVisible();
  await expect(cleo.page.getByText(/film/i).first()).toBeVisible();
  await cleo.say('which one last?');
  await ana.expectLine('which one last?');
  await expect(ben.chat).toHaveCount(0);
});

test('"Anyone" drops the wish and meets whoever waits', async ({ node, arrive }) => {
  const { url } = await node();
  const ana = await arrive('Ana', url);
  const ben = await arrive('Ben', url);
  await ana.addInterests('harpsichords');
  await ana.page
    .getByRole('checkbox', { name: /only people who share/i })
    .or(ana.page.getByRole('switch', { name: /only people who share/i }))
    .check();
  await ana.startText();
  await ben.startText();
  await expect(ben.button('Stop')).toBeVisible();
  await ana.button('Anyone').click();
  await ana.expectInCall();
  await ben.expectInCall();
});
