import { expect, test } from '../support/story.ts';

test('matches users of different languages within 3 s on an empty server', async ({ two }) => {
  const { ana, ben } = await two({ before: [speaksEnglish] }, { before: [speaksFrench] });
  await ana.startText();
  await ben.startText();
  const { languages } = await ben.sent('ticket.create');
  const sentAtMs = performance.now();
  expect(languages).toEqual(['fr']);
  await ben.heard('match.found');
  expect(performance.now() - sentAtMs).toBeLessThan(3_000);
  await ana.expectInCall();
  await ben.expectInCall();
  // The page doesn't say that the two users share no language.
  await expect(ana.page.getByText(/language/i)).toHaveCount(0);
});

/** Runs in the page before the page's own code. */
function speaksEnglish(): void {
  localStorage.setItem('farandole.preferences', JSON.stringify({ languages: ['en'] }));
}

/** Runs in the page before the page's own code. */
function speaksFrench(): void {
  localStorage.setItem('farandole.preferences', JSON.stringify({ languages: ['fr'] }));
}
