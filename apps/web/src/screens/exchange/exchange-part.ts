import { lazyModel } from '../../base/lazy-model.ts';
import { addWords } from '../../i18n/words.ts';

/** The parts of the screens for language exchange, with their texts. They load where it is offered. */
export const exchangePart = lazyModel(async () => {
  const {
    Corrected,
    CorrectLine,
    ExchangeBar,
    ExchangeButton,
    ExchangeSettings,
    ExchangeWait,
    loadExchange,
  } = await import('./exchange-screens.ts');
  await addWords(loadExchange);
  return { Corrected, CorrectLine, ExchangeBar, ExchangeButton, ExchangeSettings, ExchangeWait };
});
