import type { Mode } from '@farandole/protocol/fields';
import { t } from '../../i18n/words.ts';
import { offeredModes, offersExchange } from '../../ui/offered-modes.ts';
import { useApp } from '../app-context.ts';
import { exchangePart } from '../exchange/exchange-part.ts';
import { lazy } from '../shared/lazy.tsx';

const textOnlyNote = lazy(async () => (await import('../standing.tsx')).TextOnlyNote, 'place');

/** The ways to meet in the order of their buttons. */
const ORDER: readonly Mode[] = ['video', 'voice', 'text'];

/** The start buttons of a server whose operator chose the ways to meet. */
export function StartButtons() {
  const app = useApp();
  const keptToText = app.standing.view.value?.may === 'text';
  const mayCall = app.devices.supported && !keptToText;
  const offered = offeredModes();
  if (offersExchange()) exchangePart.prepare();
  const ExchangeButton = exchangePart.model.value?.ExchangeButton;
  const modes = ORDER.filter((mode) => offered.includes(mode) && (mode === 'text' || mayCall));
  return (
    <div class="go">
      {modes.map((mode, at) => (
        <button
          key={mode}
          type="button"
          class={at === 0 ? 'btn big spark' : 'btn big text-only'}
          onClick={() => app.navigation.start(mode)}
        >
          {t(LABELS[mode])}
        </button>
      ))}
      {ExchangeButton !== undefined && <ExchangeButton />}
      {keptToText && <textOnlyNote.Part />}
      {!app.devices.supported && <p class="note">{t('voice.unsupported')}</p>}
    </div>
  );
}

const LABELS = {
  video: 'landing.startVideo',
  voice: 'voice.start',
  text: 'landing.textOnly',
} as const;
