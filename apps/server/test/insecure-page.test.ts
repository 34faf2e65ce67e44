import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LANGUAGES } from '@farandole/ui/locales';
import { insecurePage } from '../src/http/insecure-page.ts';

async function languageFor(acceptLanguage: string | null): Promise<string> {
  const html = await insecurePage(acceptLanguage).text();
  return /<html lang="([^"]*)"(?: dir="rtl")?>/.exec(html)?.[1] ?? '';
}

test('explains the refusal of plain HTTP in every supported language', async () => {
  const languages = Object.keys(LANGUAGES);
  assert.ok(languages.length >= 2, 'the page speaks several');
  for (const language of languages) {
    assert.equal(await languageFor(language), language);
    assert.equal(await languageFor(`${language.toUpperCase()}-XX;q=0.5`), language);
  }
});

test("picks the first supported language in the browser's language list", async () => {
  assert.equal(await languageFor('it-CH, fr;q=0.9, en;q=0.8'), 'fr');
  // A longer language tag that begins with the same letters is another language.
  assert.equal(await languageFor('fry, enm;q=0.9'), 'en');
  assert.equal(await languageFor('frr, fr;q=0.5'), 'fr');
  for (const none of [null, '', 'it', 'constructor', '__proto__', ',;,']) {
    assert.equal(await languageFor(none), 'en');
  }
});
