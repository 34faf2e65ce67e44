import { assert } from '@farandole/kernel/assert';
import { chooseLanguage } from '@farandole/kernel/language';
import { LANGUAGES } from '@farandole/ui/locales';
import { recallLanguage } from '@farandole/ui/remembered-language';
import { render } from 'preact';
import { createApi } from './api/api-client.ts';
import { words } from './i18n/words.ts';
import { ConsoleContext } from './parts/console-context.ts';
import { listenForKeys } from './parts/keys.ts';
import { Shell } from './screens/shell.tsx';
import { ConsoleModel } from './state/console-model.ts';
import { openEventSource } from './state/live-link.ts';
import { followAddress } from './state/route.ts';

const TICK_EVERY_MS = 500;

const root = document.getElementById('app');
assert(root !== null, 'the document has no #app');
await words.use(chooseLanguage([recallLanguage(), ...navigator.languages], LANGUAGES));
followAddress();
const model = new ConsoleModel({
  api: createApi(),
  open: openEventSource,
  wallMs: () => Date.now(),
});
render(
  <ConsoleContext.Provider value={model}>
    <Shell />
  </ConsoleContext.Provider>,
  root,
);
listenForKeys();
for (const sign of ['keydown', 'pointerdown']) {
  addEventListener(sign, () => model.active(), { capture: true, passive: true });
}
setInterval(() => model.tick(), TICK_EVERY_MS);
addEventListener('beforeunload', (event) => {
  // Only an unsent note causes a warning before the page closes, because the node has already
  // stored each decision.
  if (model.hasUnsent) event.preventDefault();
});
await model.begin();
