import { t } from '../../i18n/words.ts';
import { closeAround } from '../../ui/modal.tsx';
import { useApp } from '../app-context.ts';

/**
 * Leaves the search or the call, and closes what lies over it: behind a modal dialog the Stop of the
 * screen cannot be pressed, and leaving is one press all the same. Nothing outside of both.
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
