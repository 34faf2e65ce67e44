import { assert } from '@farandole/kernel/assert';
import { effect } from '@preact/signals';
import { render } from 'preact';
import { loadAllWords } from './i18n/words.ts';
import { App, loadTheRest } from './screens/app.tsx';
import { AppContext } from './screens/app-context.ts';
import { watchSheets } from './screens/shared/lazy.tsx';
import type { AppModel } from './state/app-model.ts';
import { showPresses } from './ui/pressed.ts';
import { followAddress } from './ui/site-page.ts';
import { applyTheme } from './ui/theme.ts';

/**
 * If the browser hasn't reported a paint after this time, the first screen counts as visible,
 * because some browsers never report one.
 */
const PAINTED_WITHIN_MS = 1_000;
/** Time in ms after which the code of the next screens loads even if the link isn't open. */
const LINKED_WITHIN_MS = 3_000;

/**
 * Renders the page.
 * @param painted called when the first screen is visible
 */
export function mount(app: AppModel, painted: () => void = () => {}): void {
  const root = document.getElementById('app');
  assert(root !== null, 'the document has no #app');
  followAddress();
  watchSheets();
  showPresses();
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
    void linkOpened(app).then(() => whenIdle(loadTheRest));
  });
}

/**
 * Starts keyboard shortcuts, announcements and tab titles. Their code loads after the first screen.
 */
function startGlobalEffects(app: AppModel): void {
  Promise.all([import('./effects/page-effects.ts'), loadAllWords()]).then(
    ([{ accompany }]) => accompany(app),
    // If loading fails, it is tried again when the network returns, because Esc and announcements
    // don't work without this code.
    () => addEventListener('online', () => startGlobalEffects(app), { once: true }),
  );
}

/**
 * Calls `callback` when the first screen is visible, so that loading more code doesn't delay the
 * screen.
 */
function whenPainted(callback: () => void): void {
  // A browser doesn't paint a background tab, so the page doesn't wait for a paint.
  if (document.hidden) {
    callback();
    return;
  }
  const observer = new PerformanceObserver((seen) => {
    // The entry `first-paint` would be too early, because the browser also reports it for an empty
    // page with a background.
    if (seen.getEntriesByName('first-contentful-paint').length > 0) done();
  });
  // Some browsers report no paint, so the callback runs after `PAINTED_WITHIN_MS` at the latest.
  const timer = setTimeout(() => done(), PAINTED_WITHIN_MS);
  const done = (): void => {
    clearTimeout(timer);
    observer.disconnect();
    callback();
  };
  observer.observe({ type: 'paint', buffered: true });
}

/**
 * Resolves when the link to the server is open, or after `LINKED_WITHIN_MS`. Files that load while
 * the link opens compete with its proof of work for the processor.
 */
async function linkOpened(app: AppModel): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = effect(() => {
    if (app.link.isOnline.value) resolve();
  });
  setTimeout(resolve, LINKED_WITHIN_MS);
  await promise;
  stop();
}

function whenIdle(callback: () => void): void {
  // Safari has no `requestIdleCallback`. There the callback waits for one second.
  if ('requestIdleCallback' in window) requestIdleCallback(callback, { timeout: 3_000 });
  else setTimeout(callback, 1_000);
}
