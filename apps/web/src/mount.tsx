import { assert } from '@farandole/kernel/assert';
import { effect } from '@preact/signals';
import { render } from 'preact';
import { loadAllWords } from './i18n/words.ts';
import { App, loadTheRest } from './screens/app.tsx';
import { AppContext } from './screens/app-context.ts';
import { watchSheets } from './screens/shared/lazy.tsx';
import type { AppModel } from './state/app-model.ts';
import { followAddress } from './ui/site-page.ts';
import { applyTheme } from './ui/theme.ts';

/** Fallback where the browser never reports a paint. */
const PAINTED_WITHIN_MS = 1_000;

/** Renders the page. @param painted called when the first screen is visible */
export function mount(app: AppModel, painted: () => void = () => {}): void {
  const root = document.getElementById('app');
  assert(root !== null, 'the document has no #app');
  followAddress();
  watchSheets();
  effect(() => applyTheme(app.settings.preferences.value));
  root.replaceChildren();
  render(
    <AppContext.Provider value={app}>
      <App />
    </AppContext.Provider>,
    root,
  );
  whenPainted(() => {
    painted();
    startGlobalEffects(app);
    whenIdle(loadTheRest);
  });
}

/** Loads keys, announcements and titles after the first screen. */
function startGlobalEffects(app: AppModel): void {
  Promise.all([import('./effects/page-effects.ts'), loadAllWords()]).then(
    ([{ accompany }]) => accompany(app),
    // Retries when the network returns: without them Esc and announcements don't work.
    () => addEventListener('online', () => startGlobalEffects(app), { once: true }),
  );
}

/** Runs once the first screen is visible, so that further loading doesn't delay it. */
function whenPainted(callback: () => void): void {
  // Background tabs aren't painted.
  if (document.hidden) {
    callback();
    return;
  }
  const observer = new PerformanceObserver((seen) => {
    // The entry exists before content too, since a background counts as paint.
    if (seen.getEntriesByName('first-contentful-paint').length > 0) done();
  });
  // Some browsers report no paint timing.
  const timer = setTimeout(() => done(), PAINTED_WITHIN_MS);
  const done = (): void => {
    clearTimeout(timer);
    observer.disconnect();
    callback();
  };
  observer.observe({ type: 'paint', buffered: true });
}

function whenIdle(callback: () => void): void {
  // Safari has no requestIdleCallback; there it waits one second.
  if ('requestIdleCallback' in window) requestIdleCallback(callback, { timeout: 3_000 });
  else setTimeout(callback, 1_000);
}
