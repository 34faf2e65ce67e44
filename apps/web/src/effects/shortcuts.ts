import { isText } from '../call/rungs.ts';
import { isComposing, type KeyAction, type KeyPress, keyAction } from '../keyboard/keys.ts';
import { LongPress } from '../keyboard/long-press.ts';
import { openSheet } from '../keyboard/open-sheet.ts';
import {
  canToggleSmallWindow,
  toggleSmallWindow,
} from '../screens/conversation/small-window-switch.ts';
import { browserScheduler } from '../signal/browser-signal.ts';
import type { AppModel } from '../state/app-model.ts';
import { canFillScreen, toggleFullScreen } from '../ui/full-screen.ts';
import { carriesText } from '../ui/offered-modes.ts';

export function connectShortcuts(app: AppModel, scheduler = browserScheduler): void {
  const hold = new LongPress(scheduler);
  for (const end of LONG_PRESS_ENDS) document.addEventListener(end, () => hold.release(), true);
  addEventListener('blur', () => hold.release());
  document.addEventListener('keydown', (event) => {
    if (!event.repeat) hold.release();
    if (event.defaultPrevented) return;
    const action = keyAction({
      key: event.key,
      withModifier: event.ctrlKey || event.altKey || event.metaKey,
      repeated: event.repeat,
      composing: isComposing(event),
      overlayOpen: document.querySelector('dialog[open], :popover-open') !== null,
      letterKeys: app.settings.preferences.value.letterKeys,
      focus: focusOf(document.activeElement),
    });
    if (action === null || !perform(app, action)) return;
    event.preventDefault();
    // The key opened the report sheet. If the user keeps the key pressed, this counts as a long
    // press on the Report button.
    if (action === 'report') hold.press(() => app.report.hold());
  });
}

/**
 * Events that end a long press of a key. Besides `keyup` these are events after which the browser
 * may send no `keyup`.
 */
const LONG_PRESS_ENDS = ['keyup', 'pointerdown', 'compositionstart', 'visibilitychange'];

const TEXT = 'textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])';
const CONTROL = 'button, a[href], input, summary, [role=button]';

function focusOf(element: Element | null): KeyPress['focus'] {
  if (element === null) return 'elsewhere';
  if (element.matches(TEXT)) return 'text';
  return element.matches(CONTROL) ? 'control' : 'elsewhere';
}

/**
 * Performs the action of a key.
 * @returns false if the current screen doesn't use the key; the browser then handles it
 */
function perform(app: AppModel, action: KeyAction): boolean {
  const call = app.call.view.value;
  switch (action) {
    case 'escape':
      if (call === null && app.search.view.value === null && app.call.ended.value === null)
        return false;
      app.navigation.escape();
      return true;
    case 'message': {
      const box = document.getElementById('message');
      box?.focus();
      return box !== null;
    }
    case 'microphone':
      if (isText((call ?? app.search.view.value)?.mode ?? 'text')) return false;
      app.devices.toggle('audio');
      return true;
    case 'camera':
      if (call?.mode !== 'video' && app.search.view.value?.mode !== 'video') return false;
      app.devices.toggle('video');
      return true;
    case 'cover':
      // In a voice call the key silences the stranger.
      if (call === null || (!call.hasPicture && call.mode !== 'voice')) return false;
      if (call.cover === 'covered') app.call.show();
      else app.call.cover();
      return true;
    case 'report':
      if (call === null && app.call.ended.value?.canReport !== true) return false;
      app.report.open(app.call.flagNote);
      return true;
    case 'text-only':
      if (call?.mode !== 'video') return false;
      app.call.textOnly.set(!app.call.textOnly.on.value);
      return true;
    case 'wave':
      if (call === null || !app.settings.preferences.value.reactions) return false;
      if (!carriesText(call.mode) || app.call.readsOnly) return false;
      app.reactions.use((reactions) => reactions.send('wave'));
      return true;
    case 'full-screen':
      if (!canFillScreen() || (call === null && document.fullscreenElement === null)) return false;
      toggleFullScreen();
      return true;
    case 'small-window':
      if (!canToggleSmallWindow(app)) return false;
      void toggleSmallWindow(app);
      return true;
    case 'shortcuts':
      openSheet.value = 'shortcuts';
      return true;
  }
}
