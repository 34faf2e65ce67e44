import { choosePageLanguage, loadWords, recallPageLanguage } from './i18n/languages.ts';
import { applyLooks } from './parts/looks.ts';
import { LOOK_FIELDS, NO_LOOKS, PREFERENCES_KEY, readStored } from './state/looks.ts';

/**
 * The entry, small so that the file of words is asked for at once, beside the application and
 * not after it; and so that the first paint, which waits for it, has the colours and the size of
 * text that were chosen here.
 */
applyLooks({ ...NO_LOOKS, ...readStored(LOOK_FIELDS, recall()) });
const language = choosePageLanguage(recallPageLanguage(), navigator.languages);

const [{ start }] = await Promise.all([import('./main.tsx'), loadWords(language, 'first')]);
await start(language);

function recall(): string | null {
  try {
    return localStorage.getItem(PREFERENCES_KEY);
  } catch {
    // Storage is blocked for this site: nothing was kept.
    return null;
  }
}
