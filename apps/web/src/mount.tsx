import { assert } from '@farandole/kernel/assert';
import { effect } from '@preact/signals';
import { render } from 'preact';
import { loadAllWords } from './i18n/words.ts';
import { App, loadTheRest } from './screens/app.tsx';
import { AppContext } from './screens/app-context.ts';
import { watchSheets } from './screens/shared/lazy.tsx';
import type { AppModel } from './state/app-model.ts';
import { applyLooks } from './ui/looks.ts';
import { followAddress } from './ui/site-page.ts';

/** A second after it is drawn it is seen, whatever the browser says. */
const PAINTED_WITHIN_MS = 1_000;

/**
 * Draws the page from a model, and has keys, title and live regions follow it.
 *
 * @param painted called when the first screen is seen
 */
export function mount(app: AppModel, painted: () => void = () => {}): void {
  const root = document.getElementById('app');
  assert(root !== null, 'the document has no #app');
  followAddress();
  watchSheets();
  effect(() => applyLooks(app.settings.preferences.value));
  root.replaceChildren();
  render(
    <AppContext.Provider value={app}>
      <App />
    </AppContext.Provider>,
    root,
  );
  whenPainted(() => {
    painted();
    bringCompanions(app);
    whenIdle(loadTheRest);
  });
}

/** What speaks, listens and names the tab; the first screen is drawn without. */
function bringCompanions(app: AppModel): void {
  Promise.all([import('./effects/page-effects.ts'), loadAllWords()]).then(
    ([{ accompany }]) => accompany(app),
    // Whenever there is a network again: without them Esc leaves nobody, and nothing is said aloud.
    () => addEventListener('online', () => bringCompanions(app), { once: true }),
  );
}

/** Once the first screen is seen: what is fetched then takes nothing from it. */
function whenPainted(callback: () => void): void {
  // A tab in the background is not painted.
  if (document.hidden) {
    callback();
    return;
  }
  const observer = new PerformanceObserver((seen) => {
    // An empty page with a background is painted too.
    if (seen.getEntriesByName('first-contentful-paint').length > 0) done();
  });
  // A browser that tells no page its times tells this neither.
  const timer = setTimeout(() => done(), PAINTED_WITHIN_MS);
  const done = (): void => {
    clearTimeout(timer);
    observer.disconnect();
    callback();
  };
  observer.observe({ type: 'paint', buffered: true });
}

function whenIdle(callback: () => void): void {
  // Safari has no requestIdleCallback; there a second after the first screen does.
  if ('requestIdleCallback' in window) requestIdleCallback(callback, { timeout: 3_000 });
  else setTimeout(callback, 1_000);
}
