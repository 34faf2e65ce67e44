import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { keepFocus } from '../a11y/focus.ts';
import { logEndSeen } from '../a11y/log-end.ts';
import { titleWordOf } from '../a11y/page-title.ts';
import { searchStageOf } from '../call/search-stage.ts';
import { t } from '../i18n/words.ts';
import { type Audible, cueOf } from '../sound/sound-cues.ts';
import { playCue, wakeSounds } from '../sound/sounds.ts';
import type { AppModel } from '../state/app-model.ts';
import { sitePage } from '../ui/site-page.ts';
import { connectBackButton } from './back-button.ts';
import { followInvitations } from './invitation-link.ts';
import { followLastMet } from './last-met.ts';
import { connectLiveRegions } from './live-regions.ts';
import { connectShortcuts } from './shortcuts.ts';

export function accompany(app: AppModel): void {
  const hidden = followHidden();
  connectLiveRegions(app);
  connectShortcuts(app);
  connectBackButton(app);
  keepFocus();
  followInvitations();
  followTitle(app, hidden);
  keepScreenAwake(app, hidden);
  followIcon(app, hidden);
  followSounds(app);
  followLastMet(app);
  // A chat line is unread if it arrives while the page is in the background or while the end of the
  // log isn't in view.
  effect(() => app.chat.setVisible(!hidden.value && logEndSeen.value));
}

/** Keeps the screen on during a search or call. The code for this loads with the first search. */
function keepScreenAwake(app: AppModel, hidden: ReadonlySignal<boolean>): void {
  const wanted = computed(() => app.search.view.value !== null || app.call.view.value !== null);
  let asked = false;
  effect(() => {
    if (!wanted.value || asked) return;
    asked = true;
    // If the code that keeps the screen on fails to load, the screen may turn off, and nothing else
    // breaks.
    import('../ui/wake-lock.ts')
      .then(({ browserWakeLocks, keepAwake }) => keepAwake(browserWakeLocks, wanted, hidden))
      .catch(() => {});
  });
}

function followHidden(): ReadonlySignal<boolean> {
  const hidden = signal(document.hidden);
  document.addEventListener('visibilitychange', () => {
    hidden.value = document.hidden;
  });
  return hidden;
}

/**
 * Adds a dot to the tab's icon while the page is hidden and there is an unread chat line or a new
 * match.
 */
function followIcon(app: AppModel, hidden: ReadonlySignal<boolean>): void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  effect(() => {
    const isUnread = hidden.value && (app.chat.view.value?.unread ?? 0) > 0;
    const href = isUnread ? '/favicon-unread.svg' : '/favicon.svg';
    if (icon !== null && icon.getAttribute('href') !== href) icon.setAttribute('href', href);
  });
}

function followSounds(app: AppModel): void {
  let before: Audible | null = null;
  const searching = computed(() => app.search.view.value !== null);
  // Browsers play sound only after a user gesture. A search usually starts with one.
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
    // A sound that the browser refuses to play is skipped.
    if (cue !== null && sounds) playCue(cue, volume).catch(() => {});
  });
}

/**
 * Sets the tab's title to the screen, the number of unread chat lines, and whether a peer was
 * found. The title blinks while the user looks for this tab from another one.
 */
function followTitle(app: AppModel, hidden: ReadonlySignal<boolean>): void {
  let inCallBefore = false;
  let metUnseen = false;
  const isEarly = computed(() => {
    const search = app.search.view.value;
    return search !== null && searchStageOf(search) === 'hour';
  });
  effect(() => {
    const inCall = app.call.view.value !== null;
    metUnseen = inCall && hidden.value && (metUnseen || !inCallBefore);
    inCallBefore = inCall;
    const word = app.tabs.calls.value
      ? 'title.here'
      : metUnseen
        ? 'title.matched'
        : titleWordOf(app.screen.value, sitePage.value, isEarly.value);
    const title = word === null ? 'Farandole' : `${t(word)} · Farandole`;
    const count = app.chat.view.value?.unread ?? 0;
    document.title = count === 0 ? title : t('title.unread', { count, title });
  });
}
