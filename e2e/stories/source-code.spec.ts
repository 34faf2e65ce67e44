import { expect, test } from '../support/story.ts';

const SOURCE = 'https://code.example.org/farandole';

test('whoever uses a server that says where its source code is finds the way to it', async ({
  node,
  arrive,
}) => {
  const { url } = await node({ FARANDOLE_SOURCE_URL: SOURCE });
  const ana = await arrive('Ana', url);
  const link = ana.page.getByRole('contentinfo').getByRole('link', { name: 'Source code' });
  await expect(link).toHaveAttribute('href', SOURCE);
  // The page behind it learns nothing of this one.
  await expect(link).toHaveAttribute('rel', /\bnoopener\b.*\bnoreferrer\b/);
  const carl = await arrive('Carl', url, { locale: 'fr-FR' });
  await expect(carl.page.getByRole('link', { name: 'Code source' })).toHaveAttribute(
    'href',
    SOURCE,
  );
});

test('a server that does not say where its source code is shows no such link', async ({
  node,
  arrive,
}) => {
  const { url } = await node();
  const ana = await arrive('Ana', url);
  const answered = ana.page.waitForResponse('**/api/session-ticket');
  await ana.page.reload();
  await answered;
  await expect(
    ana.page.getByRole('contentinfo').getByRole('link', { name: 'Safety' }),
  ).toBeVisible();
  await expect(ana.page.getByRole('link', { name: 'Source code' })).toHaveCount(0);
});
