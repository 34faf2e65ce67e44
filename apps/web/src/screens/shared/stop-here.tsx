import { t } from '../../i18n/words.ts';
import { closeAround } from '../../ui/modal.tsx';
import { useApp } from '../app-context.ts';

/**
 * Leaves the search or call and closes the sheet above the search or call. The sheet needs its
 * own Stop button, because a modal dialog blocks the one of the screen. Renders nothing if there
 * is no search or call.
 */
export function StopHere() {
  const app = useApp();
  if (app.call.view.value === null && app.search.view.value === null) return null;
  return (
    <button
      type="button"
      class="btn small stop-here"
      onClick={(event) => {
        app.navigation.stop();
        closeAround(event);
      }}
    >
      {t('call.stop')}
    </button>
  );
}
