import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { t } from './i18n/words.ts';
import { connectLiveRegions } from './parts/live-regions.ts';
import { titleWordOf } from './parts/page-title.ts';
import { connectShortcuts } from './parts/shortcuts.ts';
import type { AppModel } from './state/app-model.ts';

/** What goes along with every screen: live regions, keys, the tab's title, what is unread. */
export function accompany(app: AppModel): void {
  const hidden = followHidden();
  connectLiveRegions(app);
  connectShortcuts(app);
  followTitle(app, hidden);
  keepScreenAwake(app, hidden);
  // What comes while the page is in the background is unread.
  effect(() => app.setChatVisible(!hidden.value));
}

/** Its code comes with the first search. */
function keepScreenAwake(app: AppModel, hidden: ReadonlySignal<boolean>): void {
  const wanted = computed(() => app.search.value !== null || app.call.value !== null);
  let asked = false;
  effect(() => {
    if (!wanted.value || asked) return;
    asked = true;
    // Without it the screen may go dark, and everything else works.
    import('./parts/wake-lock.ts')
      .then(({ browserWakeLocks, keepAwake }) => keepAwake(browserWakeLocks, wanted, hidden))
      .catch(() => {});
  });
}

/** Whether the page is in the background, for as long as it lives. */
function followHidden(): ReadonlySignal<boolean> {
  const hidden = signal(document.hidden);
  document.addEventListener('visibilitychange', () => {
    hidden.value = document.hidden;
  });
  return hidden;
}

/** The tab says what screen it is, what is unread, and that somebody was found meanwhile. */
function followTitle(app: AppModel, hidden: ReadonlySignal<boolean>): void {
  let inCallBefore = false;
  let metUnseen = false;
  effect(() => {
    const inCall = app.call.value !== null;
    metUnseen = inCall && hidden.value && (metUnseen || !inCallBefore);
    inCallBefore = inCall;
    const word = metUnseen ? 'title.matched' : titleWordOf(app.screen.value);
    const title = word === null ? 'Farandole' : `${t(word)} · Farandole`;
    const count = app.chat.value?.unread ?? 0;
    document.title = count === 0 ? title : t('title.unread', { count, title });
  });
}
