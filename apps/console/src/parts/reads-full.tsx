import { t } from '../i18n/words.ts';
import { send } from '../state/case-actions.ts';
import { useConsole } from './console-context.ts';

export function ReadsFull() {
  return (
    <div class="reads-full">
      <p class="note-line">{t('refused.reads-full')}</p>
      <AskForMore />
    </div>
  );
}

export function AskForMore() {
  const model = useConsole();
  const ask = async (): Promise<void> => {
    if ((await send(model, 'more-reveals', {})) !== null) model.say(t('pictures.asked'));
  };
  return (
    <button type="button" class="btn" onClick={() => void ask()}>
      {t('pictures.ask')}
    </button>
  );
}
