import type { LanguageTag } from '@farandole/kernel/language';
import { usePageLanguage } from './i18n/words.ts';
import { mount } from './mount.tsx';
import { createBrowserApp } from './state/browser-app.ts';
import { firstLanguages } from './ui/spoken-languages.ts';

export async function start(language: LanguageTag): Promise<void> {
  await usePageLanguage(language);
  const app = createBrowserApp({ languages: firstLanguages(navigator.languages) });
  // Early, so that Start is fast, but after the first screen, to not delay it.
  mount(app, () => app.link.start());
}
