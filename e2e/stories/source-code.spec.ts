import { expect, test } from '../support/story.ts';

const SOURCE = 'https://code.example.org/farandole';

test('links to the server’s source code if configured', { tag: '@long' }, async ({
  node,
  arrive,
}) => {
  const { url } = await node({ FARANDOLE_SOURCE_URL: SOURCE });
  const ana = await arrive('Ana', url);
  const link = ana.page.getByRole('contentinfo').getByRole('link', { name: 'Source code' });
  await expect(link).toHaveAttribute('href', SOURCE);
  // `noopener noreferrer` prevents the linked page from learning anything about this page.
  await expect(link).toHaveAttribute('rel', /\bnoopener\b.*\bnoreferrer\b/);
  const carl = await arrive('Carl', url, { locale: 'fr-FR' });
  await expect(carl.page.getByRole('link', { name: 'Code source' })).toHaveAttribute(
    'href',
    SOURCE,
  );
});

test('shows no source code link if none is configured', async ({ one }) => {
  const { ana } = await one();
  const answered = ana.page.waitForResponse('**/api/session-ticket');
  await ana.page.reload();
  await answered;
  await expect(
    ana.page.getByRole('contentinfo').getByRole('link', { name: 'Safety' }),
  ).toBeVisible();
  await expect(ana.page.getByRole('link', { name: 'Source code' })).toHaveCount(0);
});
