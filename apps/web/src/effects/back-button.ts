import { computed, effect, untracked } from '@preact/signals';
import { openSheet } from '../keyboard/open-sheet.ts';
import type { AppModel } from '../state/app-model.ts';

const GUARD = 'farandole-guard';

/**
 * Makes the browser's Back button close the open sheet, or else act like Esc. Back leaves the page
 * only from the landing.
 *
 * While Back has something to do, the page is on an extra history entry. Back leads to the entry
 * below, and the page then goes forward again. It adds no second entry, because Chromium skips
 * entries of a page that added one without a user gesture.
 */
export function connectBackButton(app: AppModel): void {
  const isGuarded = computed(
    () =>
      app.search.view.value !== null ||
      app.call.view.value !== null ||
      app.call.ended.value !== null ||
      app.screen.value === 'rules' ||
      app.screen.value === 'green-room' ||
      isSheetOpen(app),
  );
  /** Number of steps back that the page itself requested and that haven't arrived. */
  let ownSteps = 0;
  let isUnloading = false;
  // The extra entry outlives a reload and a visit of another page.
  const forget = (): void => {
    isUnloading = false;
    if (isOnGuard()) history.replaceState(null, '');
  };
  forget();
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) forget();
  });
  // A step back would now disturb the browser's own navigation. This listener runs before that of
  // the page, which ends the call.
  addEventListener(
    'pagehide',
    () => {
      isUnloading = true;
    },
    { capture: true },
  );
  const guard = (): void => {
    if (!isOnGuard()) history.pushState(GUARD, '');
  };
  const leaveGuard = (): void => {
    if (isGuarded.peek() || isUnloading || ownSteps > 0 || !isOnGuard()) return;
    ownSteps += 1;
    history.back();
  };
  effect(() => {
    const guarded = isGuarded.value;
    untracked(() => {
      if (guarded) guard();
      // Between two screens nothing is guarded for a moment.
      else setTimeout(leaveGuard);
    });
  });
  addEventListener('popstate', () => {
    if (ownSteps > 0) {
      ownSteps -= 1;
      if (isGuarded.value) guard();
      return;
    }
    if (isOnGuard() || !isGuarded.value) return;
    goBack(app);
    if (isGuarded.value) history.forward();
  });
}

function isOnGuard(): boolean {
  return history.state === GUARD;
}

function isSheetOpen({ report, settings }: AppModel): boolean {
  return openSheet.value !== null || report.view.value !== null || settings.isOpen.value;
}

function goBack(app: AppModel): void {
  if (closeTopmost()) return;
  if (isSheetOpen(app)) {
    // The sheet is still loading.
    openSheet.value = null;
    app.report.close();
    app.settings.close();
    return;
  }
  if (app.call.view.value === null && app.search.view.value === null) app.navigation.home();
  else app.navigation.escape();
}

/** Closes the newest open dialog or popover. Returns false if there is none. */
function closeTopmost(): boolean {
  const topmost = [...document.querySelectorAll('dialog[open], :popover-open')].at(-1);
  if (topmost instanceof HTMLDialogElement && topmost.open && !topmost.matches(':popover-open')) {
    topmost.close();
  } else if (topmost instanceof HTMLElement) topmost.hidePopover();
  return topmost !== undefined;
}
