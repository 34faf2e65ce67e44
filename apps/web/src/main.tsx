import type { LanguageTag } from '@farandole/kernel/language';
import { COMMUNITY_PAGE_PREFIX } from '@farandole/protocol/http-api';
import { usePageLanguage } from './i18n/words.ts';
import { mount } from './mount.tsx';
import { createBrowserApp } from './state/browser-app.ts';
import { firstLanguages } from './ui/spoken-languages.ts';

export async function start(language: LanguageTag): Promise<void> {
  await usePageLanguage(language);
  const app = createBrowserApp({ languages: firstLanguages(navigator.languages) });
  if (location.pathname.startsWith(COMMUNITY_PAGE_PREFIX)) {
    await (await import('./screens/community/browser-community.ts')).openCommunity(app);
  }
  // The connection to the server opens before the user presses Start, so that Start is fast. It
  // opens only after the first screen is visible, so that the screen isn't delayed.
  mount(app, () => {
    app.tabs.open();
    // The offline page isn't worth an error.
    import('./offline/service-worker.ts').then(
      ({ followServiceWorker }) => followServiceWorker(),
      () => {},
    );
  });
}
