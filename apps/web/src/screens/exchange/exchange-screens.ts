export { loadExchange } from '@farandole/ui/exchange-locales';
export { Corrected, CorrectLine } from './correction.tsx';
export { ExchangeBar } from './exchange-bar.tsx';
export { ExchangeButton, ExchangeSettings } from './exchange-start.tsx';
export { ExchangeWait } from './exchange-wait.tsx';
