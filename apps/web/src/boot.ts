import { chooseLanguage } from '@farandole/kernel/language';
import { LANGUAGES, loadPageFirst } from '@farandole/ui/locales';
import { recallLanguage } from '@farandole/ui/remembered-language';
import { applyLooks, LOOK_FIELDS, NO_LOOKS, PREFERENCES_KEY, readStored } from './ui/looks.ts';

/**
 * The entry, small so that the file of words is asked for at once, beside the application and
 * not after it; and so that the first paint, which waits for it, has the colours and the size of
 * text that were chosen here.
 */
applyLooks({ ...NO_LOOKS, ...readStored(LOOK_FIELDS, recall()) });

try {
  if (isRecent()) await begin();
} catch (error) {
  // The document itself has the words for it.
  document.querySelector('.not-begun')?.classList.add('now');
  throw error;
}

/** Whether the browser has what no screen can do without; else the document's own words stay. */
function isRecent(): boolean {
  return CSS.supports('color', 'light-dark(red, red)') && CSS.supports('selector(:popover-open)');
}

async function begin(): Promise<void> {
  const language = chooseLanguage([recallLanguage(), ...navigator.languages], LANGUAGES);
  const [{ start }] = await Promise.all([import('./main.tsx'), loadPageFirst(language)]);
  await start(language);
}

function recall(): string | null {
  try {
    return localStorage.getItem(PREFERENCES_KEY);
  } catch {
    // Storage is blocked for this site: nothing was kept.
    return null;
  }
}
