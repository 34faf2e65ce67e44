import { t } from '../../i18n/words.ts';
import { offeredModes, offersExchange } from '../../ui/offered-modes.ts';
import { useApp } from '../app-context.ts';
import { exchangePart } from '../exchange/exchange-part.ts';
import { questionPart } from '../question/question-part.ts';
import { lazy } from '../shared/lazy.tsx';
import { StartButton } from '../shared/start-button.tsx';

const textOnlyNote = lazy(async () => (await import('../standing.tsx')).TextOnlyNote, 'place');

const questionStart = lazy(async () => (await questionPart.load()).QuestionStart, 'place');

/** The ways to meet in the order of their buttons. */
const ORDER = ['video', 'voice', 'text'] as const;

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
        <StartButton key={mode} mode={mode} isFirst={at === 0} />
      ))}
      {ExchangeButton !== undefined && <ExchangeButton />}
      {offered.includes('question') && <questionStart.Part />}
      {keptToText && <textOnlyNote.Part />}
      {!app.devices.supported && <p class="note">{t('voice.unsupported')}</p>}
    </div>
  );
}
