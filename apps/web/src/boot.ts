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
 * Entry point of the page. It is small so that the texts and the application load in parallel. It
 * applies the stored theme and text size, because the first paint must already show them.
 */
applyTheme({ ...DEFAULT_THEME, ...readStored(THEME_FIELDS, recall()) });

try {
  if (isRecent()) await begin();
} catch (error) {
  // Shows the static error message of the HTML document.
  document.querySelector('.not-begun')?.classList.add('now');
  throw error;
}

/**
 * Whether the browser has every feature that the screens need. If not, the page shows the static
 * text of the HTML document.
 */
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
    // Reading storage throws if the browser blocks storage for this site.
    return null;
  }
}
