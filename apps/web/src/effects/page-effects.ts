import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { keepFocus } from '../a11y/focus.ts';
import { logEndSeen } from '../a11y/log-end.ts';
import { titleWordOf } from '../a11y/page-title.ts';
import { t } from '../i18n/words.ts';
import { type Audible, cueOf } from '../sound/sound-cues.ts';
import { playCue, wakeSounds } from '../sound/sounds.ts';
import type { AppModel } from '../state/app-model.ts';
import { sitePage } from '../ui/site-page.ts';
import { connectLiveRegions } from './live-regions.ts';
import { connectShortcuts } from './shortcuts.ts';

/** What goes along with every screen: live regions, keys, focus, sounds, the tab's title, what is unread. */
export function accompany(app: AppModel): void {
  const hidden = followHidden();
  connectLiveRegions(app);
  connectShortcuts(app);
  keepFocus();
  followTitle(app, hidden);
  keepScreenAwake(app, hidden);
  followIcon(app, hidden);
  followSounds(app);
  // What comes while the page is in the background, or below what is read in the log, is unread.
  effect(() => app.chat.setVisible(!hidden.value && logEndSeen.value));
}

/** Its code comes with the first search. */
function keepScreenAwake(app: AppModel, hidden: ReadonlySignal<boolean>): void {
  const wanted = computed(() => app.search.view.value !== null || app.call.view.value !== null);
  let asked = false;
  effect(() => {
    if (!wanted.value || asked) return;
    asked = true;
    // Without it the screen may go dark, and everything else works.
    import('../ui/wake-lock.ts')
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

/** The icon of the tab has a dot while something in it is unread, and it is in the background. */
function followIcon(app: AppModel, hidden: ReadonlySignal<boolean>): void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  effect(() => {
    const isUnread = hidden.value && (app.chat.view.value?.unread ?? 0) > 0;
    const href = isUnread ? '/favicon-unread.svg' : '/favicon.svg';
    if (icon !== null && icon.getAttribute('href') !== href) icon.setAttribute('href', href);
  });
}

/** What is heard of what happens, as the person has chosen it. */
function followSounds(app: AppModel): void {
  let before: Audible | null = null;
  const searching = computed(() => app.search.view.value !== null);
  // A search begins with a press, most often; later nobody may press anything until somebody is met.
  effect(() => {
    if (searching.value && app.settings.preferences.peek().sounds) wakeSounds();
  });
  effect(() => {
    const now = {
      call: app.call.view.value,
      chat: app.chat.view.value,
      ended: app.call.ended.value,
    };
    const { sounds, volume } = app.settings.preferences.peek();
    const cue = before === null ? null : cueOf(before, now);
    before = now;
    // Nothing hangs on a sound: without a way to play it, it is left out.
    if (cue !== null && sounds) playCue(cue, volume).catch(() => {});
  });
}

/** The tab says what screen it is, what is unread, and that somebody was found meanwhile. */
function followTitle(app: AppModel, hidden: ReadonlySignal<boolean>): void {
  let inCallBefore = false;
  let metUnseen = false;
  effect(() => {
    const inCall = app.call.view.value !== null;
    metUnseen = inCall && hidden.value && (metUnseen || !inCallBefore);
    inCallBefore = inCall;
    const word = metUnseen ? 'title.matched' : titleWordOf(app.screen.value, sitePage.value);
    const title = word === null ? 'Farandole' : `${t(word)} · Farandole`;
    const count = app.chat.view.value?.unread ?? 0;
    document.title = count === 0 ? title : t('title.unread', { count, title });
  });
}
