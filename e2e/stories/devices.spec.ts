import { expect, test } from '../support/story.ts';

test('no camera: said in words, and text is offered', async ({ node, arrive }) => {
  const { url } = await node();
  const ana = await arrive('Ana', url, { devices: 'none' });
  await ana.button('Start video').click();
  await ana.acceptRules();
  await ana.button('Allow camera and microphone').click();
  await expect(ana.page.getByText(/no camera/i).first()).toBeVisible();
  await expect(ana.button('Try again')).toBeVisible();
  await ana.button('Go on with text only').click();
  await expect(ana.button('Stop')).toBeVisible();
});

test('camera denied: said in words, and text is offered', async ({ node, arrive }) => {
  const { url } = await node();
  const ana = await arrive('Ana', url, { devices: 'denied' });
  await ana.button('Start video').click();
  await ana.acceptRules();
  await ana.button('Allow camera and microphone').click();
  await expect(ana.button('Try again')).toBeVisible();
  await ana.button('Go on with text only').click();
  await expect(ana.button('Stop')).toBeVisible();
});

test('under 18: a neutral end, and no second try by going back', async ({ node, arrive }) => {
  const { url } = await node();
  const ana = await arrive('Ana', url);
  await ana.button('Text only').click();
  await ana.page.getByRole('radio', { name: /under 18/i }).check();
  await ana.button('Continue').click();
  await expect(ana.page.getByText(/for adults/i).first()).toBeVisible();
  await ana.page.reload();
  await expect(ana.page.getByText(/for adults/i).first()).toBeVisible();
});
