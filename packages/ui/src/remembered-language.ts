import type { LanguageTag } from '@farandole/kernel/language';

const STORE_KEY = 'farandole.language';

/**
 * Returns the language that the user chose earlier. Returns null if the user chose none or the
 * browser blocks storage.
 */
export function recallLanguage(): string | null {
  try {
    return localStorage.getItem(STORE_KEY);
  } catch {
    // If the browser blocks storage, the browser's own languages decide at each visit.
    return null;
  }
}

export function rememberLanguage(language: LanguageTag): void {
  try {
    localStorage.setItem(STORE_KEY, language);
  } catch {
    // If the browser blocks storage, the user's choice lasts only until the page closes.
  }
}

export function forgetLanguage(): void {
  try {
    localStorage.removeItem(STORE_KEY);
  } catch {
    // If the browser blocks storage, no language was stored, so there is nothing to remove.
  }
}
