import type { Rung } from '@farandole/protocol/fields';
import { t } from '../../i18n/words.ts';
import { useApp } from '../app-context.ts';

/**
 * A button of the landing that starts a search.
 *
 * @param isFirst whether it is the most prominent button of its row
 */
export function StartButton({ mode, isFirst = false }: { mode: Rung; isFirst?: boolean }) {
  const app = useApp();
  return (
    <button
      type="button"
      class={isFirst ? 'btn big spark' : 'btn big text-only'}
      onClick={() => app.navigation.start(mode)}
    >
      {t(LABELS[mode])}
    </button>
  );
}

/** The label of voice is loaded only where voice is offered. */
const LABELS = {
  video: 'landing.startVideo',
  voice: 'voice.start',
  text: 'landing.textOnly',
} as const;
