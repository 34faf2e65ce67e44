/** A BCP 47 language tag. Each language has a folder with this name in `locales`. */
export type LanguageTag = string;

/** Every server has this language. The texts of other languages are translated from it. */
export const FALLBACK_LANGUAGE: LanguageTag = 'en';

/**
 * Returns the first wanted language that is available, else English. A regional tag without texts
 * of its own falls back to its language, so "fr-CA" matches "fr".
 * @param wanted BCP 47 tags in any letter case, best first. Null and malformed tags are skipped.
 */
export function chooseLanguage(
  wanted: readonly (string | null)[],
  languages: Readonly<Record<LanguageTag, unknown>>,
): LanguageTag {
  const known = Object.keys(languages);
  for (const tag of wanted) {
    const whole = (tag ?? '').toLowerCase();
    const [primary] = whole.split('-', 1);
    const found =
      known.find((one) => one.toLowerCase() === whole) ?? known.find((one) => one === primary);
    if (found !== undefined) return found;
  }
  return FALLBACK_LANGUAGE;
}
