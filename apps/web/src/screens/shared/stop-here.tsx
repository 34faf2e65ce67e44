import { t } from '../../i18n/words.ts';
import { closeAround } from '../../ui/modal.tsx';
import { useApp } from '../app-context.ts';

/**
 * Leaves the search or call and closes the sheet over it, since a modal dialog blocks the screen's
 * Stop. Renders nothing outside of both.
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
