import type { SearchView } from '../../call/call-view.ts';
import { isText } from '../../call/rungs.ts';
import { t } from '../../i18n/words.ts';
import { offeredModes } from '../../ui/offered-modes.ts';
import { useApp } from '../app-context.ts';

/** Offers a text call if no video match is found. */
export function TextInstead({ mode }: { mode: SearchView['mode'] }) {
  const app = useApp();
  if (isText(mode) || !offeredModes().includes('text')) return null;
  return (
    <button type="button" class="btn on-dark" onClick={() => app.navigation.searchBy('text')}>
      {t('waiting.longText')}
    </button>
  );
}
