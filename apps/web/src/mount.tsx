import { assert } from '@farandole/kernel/assert';
import { effect } from '@preact/signals';
import { render } from 'preact';
import { loadAllWords } from './i18n/words.ts';
import { AppContext } from './parts/app-context.ts';
import { applyLooks } from './parts/looks.ts';
import { followAddress } from './parts/site-page.ts';
import { App, loadTheRest } from './screens/app.tsx';
import type { AppModel } from './state/app-model.ts';

/** Draws the page from a model, and has keys, title and live regions follow it. */
export function mount(app: AppModel): void {
  const root = document.getElementById('app');
  assert(root !== null, 'the document has no #app');
  followAddress();
  effect(() => applyLooks(app.preferences.value));
  render(
    <AppContext.Provider value={app}>
      <App />
    </AppContext.Provider>,
    root,
  );
  whenPainted(() => {
    bringCompanions(app);
    whenIdle(loadTheRest);
  });
}

/** What speaks, listens and names the tab; the first screen is drawn without. */
function bringCompanions(app: AppModel): void {
  Promise.all([import('./companions.ts'), loadAllWords()]).then(
    ([{ accompany }]) => accompany(app),
    () => {
      // Without a network these stay away; the screens that need words say so themselves.
    },
  );
}

/** Once the first screen is seen: what is fetched then takes nothing from it. */
function whenPainted(callback: () => void): void {
  // A tab in the background is not painted.
  if (document.hidden) callback();
  else requestAnimationFrame(() => setTimeout(callback));
}

function whenIdle(callback: () => void): void {
  // Safari has no requestIdleCallback; there a second after the first screen does.
  if ('requestIdleCallback' in window) requestIdleCallback(callback, { timeout: 3_000 });
  else setTimeout(callback, 1_000);
}
