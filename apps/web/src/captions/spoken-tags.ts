/**
 * Returns the regional tags of languages for a recogniser, which knows `en-US` but not `en`. Prefers
 * the regions of the browser's languages.
 */
export function spokenTags(
  languages: readonly string[],
  ofBrowser: readonly string[],
): readonly string[] {
  const browsers = ofBrowser.flatMap(localeOf);
  const tags = languages.flatMap(localeOf).flatMap((locale) => {
    const { language, region } = locale.maximize();
    const own = browsers.filter((other) => other.language === language);
    const regional = [locale, ...own].filter((one) => one.region !== undefined);
    return [...regional.map(String), `${language}-${region}`];
  });
  return [...new Set(tags)];
}

/** Returns no locale for a text that is no language tag, because users may type any text. */
function localeOf(tag: string): readonly Intl.Locale[] {
  try {
    return [new Intl.Locale(tag)];
  } catch {
    return [];
  }
}
