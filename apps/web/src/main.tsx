import type { LanguageTag } from '@farandole/kernel/language';
import { usePageLanguage } from './i18n/words.ts';
import { mount } from './mount.tsx';
import { createBrowserApp } from './state/browser-app.ts';
import { firstLanguages } from './ui/spoken-languages.ts';

/** The page as a person meets it: the model with the browser's own devices, sockets and clocks. */
export async function start(language: LanguageTag): Promise<void> {
  await usePageLanguage(language);
  const app = createBrowserApp({ languages: firstLanguages(navigator.languages) });
  // Early, so that Start costs nothing; and not before the first screen, from which it would take.
  mount(app, () => app.link.start());
}
