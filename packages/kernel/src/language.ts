/** A BCP 47 tag. Each language of a server's own words is a folder of `locales`, named by its tag. */
export type LanguageTag = string;

/** The language that every server has, and that others are translated from. */
export const FALLBACK_LANGUAGE: LanguageTag = 'en';

/**
 * The first wanted language that there are words in, else English. A tag with a region or script
 * that has no words of its own counts as its language: "fr-CA" is "fr".
 *
 * @param wanted BCP 47 tags in any case, best first; null and malformed ones are skipped.
 * @param languages those that there are words in, by tag
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
