import type { LanguageTag } from '@farandole/kernel/language';

/** Page and console share it: one choice holds for both. */
const STORE_KEY = 'farandole.language';

/** The language that was chosen in this browser before; null without a choice or without storage. */
export function recallLanguage(): string | null {
  try {
    return localStorage.getItem(STORE_KEY);
  } catch {
    // Storage is blocked for this site: the browser's own languages decide at each visit.
    return null;
  }
}

export function rememberLanguage(language: LanguageTag): void {
  try {
    localStorage.setItem(STORE_KEY, language);
  } catch {
    // Storage is blocked for this site: the choice lasts until the page is closed.
  }
}

export function forgetLanguage(): void {
  try {
    localStorage.removeItem(STORE_KEY);
  } catch {
    // Storage is blocked for this site: nothing was kept.
  }
}
