import { FALLBACK_LANGUAGE } from '@farandole/kernel/language';

/**
 * Loads one file of a language, or the English file if the language lacks it. Rejects with the
 * import's error.
 */
export function loadLocale<Words>(
  files: Readonly<Record<string, () => Promise<Words>>>,
  path: string,
): Promise<Words> {
  const english = path.replace(/^\.\/[^/]+/u, `./${FALLBACK_LANGUAGE}`);
  return (files[path] ?? files[english])?.() ?? Promise.reject(new Error(path));
}
