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

/** The first screen counts as painted after this time, because some browsers never report it. */
const PAINTED_WITHIN_MS = 1_000;

/**
 * Renders the page.
 * @param painted called when the first screen is visible
 */
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

/** Starts keys, announcements and tab titles, which load after the first screen. */
function startGlobalEffects(app: AppModel): void {
  Promise.all([import('./effects/page-effects.ts'), loadAllWords()]).then(
    ([{ accompany }]) => accompany(app),
    // Retries when the network returns, because Esc and announcements don't work without this code.
    () => addEventListener('online', () => startGlobalEffects(app), { once: true }),
  );
}

/** Calls `callback` when the first screen is visible. Loading more code must not delay it. */
function whenPainted(callback: () => void): void {
  // A browser doesn't paint a background tab.
  if (document.hidden) {
    callback();
    return;
  }
  const observer = new PerformanceObserver((seen) => {
    // The entry `first-contentful-paint` may precede the first screen, because a background counts
    // as paint.
    if (seen.getEntriesByName('first-contentful-paint').length > 0) done();
  });
  // Some browsers report no paint.
  const timer = setTimeout(() => done(), PAINTED_WITHIN_MS);
  const done = (): void => {
    clearTimeout(timer);
    observer.disconnect();
    callback();
  };
  observer.observe({ type: 'paint', buffered: true });
}

function whenIdle(callback: () => void): void {
  // Safari has no `requestIdleCallback`, so the callback waits one second there.
  if ('requestIdleCallback' in window) requestIdleCallback(callback, { timeout: 3_000 });
  else setTimeout(callback, 1_000);
}
