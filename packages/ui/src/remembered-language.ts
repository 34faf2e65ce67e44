import type { LanguageTag } from '@farandole/kernel/language';

const STORE_KEY = 'farandole.language';

/** Null if none was chosen or storage is blocked. */
export function recallLanguage(): string | null {
  try {
    return localStorage.getItem(STORE_KEY);
  } catch {
    // Storage is blocked: the browser's languages decide at each visit.
    return null;
  }
}

export function rememberLanguage(language: LanguageTag): void {
  try {
    localStorage.setItem(STORE_KEY, language);
  } catch {
    // Storage is blocked: the choice lasts until the page closes.
  }
}

export function forgetLanguage(): void {
  try {
    localStorage.removeItem(STORE_KEY);
  } catch {
    // Storage is blocked: nothing was stored.
  }
}
