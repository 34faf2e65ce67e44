import type { LanguageTag } from '@farandole/kernel/language';

const STORE_KEY = 'farandole.language';

/** Returns the stored language, or null if the user chose none or the browser blocks storage. */
export function recallLanguage(): string | null {
  try {
    return localStorage.getItem(STORE_KEY);
  } catch {
    // The browser blocks storage, so its languages decide at each visit.
    return null;
  }
}

export function rememberLanguage(language: LanguageTag): void {
  try {
    localStorage.setItem(STORE_KEY, language);
  } catch {
    // The browser blocks storage, so the choice lasts only until the page closes.
  }
}

export function forgetLanguage(): void {
  try {
    localStorage.removeItem(STORE_KEY);
  } catch {
    // The browser blocks storage, so there is nothing to remove.
  }
}
