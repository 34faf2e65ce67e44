import { chooseLanguage } from '@farandole/kernel/language';
import { LANGUAGES, loadPageFirst } from '@farandole/ui/locales';
import { recallLanguage } from '@farandole/ui/remembered-language';
import {
  applyTheme,
  DEFAULT_THEME,
  PREFERENCES_KEY,
  readStored,
  THEME_FIELDS,
} from './ui/theme.ts';

/**
 * A small entry point, so that the words load in parallel with the application. The first paint
 * waits for it, so it applies the stored colours and text size.
 */
applyTheme({ ...DEFAULT_THEME, ...readStored(THEME_FIELDS, recall()) });

try {
  if (isRecent()) await begin();
} catch (error) {
  // The text is in the document itself.
  document.querySelector('.not-begun')?.classList.add('now');
  throw error;
}

/** Features that no screen works without. If missing, the document's static text stays. */
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
    // Storage is blocked for this site.
    return null;
  }
}
