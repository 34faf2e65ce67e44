import type { PageLanguage } from './languages.ts';

/** Interests that a field may suggest, by the page's language; each a file of its own. */
const LISTS: Record<PageLanguage, () => Promise<{ default: readonly string[] }>> = {
  en: () => import('./en/interests.json'),
  fr: () => import('./fr/interests.json'),
};

/**
 * Fetched when somebody is about to name an interest, not before.
 *
 * @throws The import's error where the file can't be had; a field works without suggestions.
 */
export async function loadInterests(language: PageLanguage): Promise<readonly string[]> {
  return (await LISTS[language]()).default;
}
