export interface HelpLine {
  /** ISO 3166 code; null for all countries. */
  readonly country: string | null;
  readonly href: string;
}

/** The server's format. */
const OF_COUNTRY = /^([A-Z]{2})=(.+)$/su;

/** Parses the setting: one contact for all countries, or one per country. */
export function helpListOf(named: string | null): readonly HelpLine[] {
  if (named === null) return [];
  if (!OF_COUNTRY.test(named)) return [{ country: null, href: named }];
  const lines: HelpLine[] = [];
  for (const piece of named.split(',')) {
    const [, country, href] = OF_COUNTRY.exec(piece) ?? [];
    const before = lines.pop();
    if (country !== undefined && href !== undefined) {
      if (before !== undefined) lines.push(before);
      lines.push({ country, href });
    } else if (before !== undefined) {
      // An address may contain commas.
      lines.push({ ...before, href: `${before.href},${piece}` });
    }
  }
  return lines;
}

/**
 * Sorts countries of the browser's languages first, others by name. A language without a country
 * implies none.
 * @param wanted BCP 47 tags, best first
 */
export function nearestFirst(
  lines: readonly HelpLine[],
  wanted: readonly string[],
  nameOf: (country: string) => string,
): readonly HelpLine[] {
  const near = wanted.flatMap(
    (tag) => /-([A-Za-z]{2})(?:-|$)/u.exec(tag)?.[1]?.toUpperCase() ?? [],
  );
  const placeOf = ({ country }: HelpLine): number => {
    const place = country === null ? -1 : near.indexOf(country);
    return place === -1 ? near.length : place;
  };
  const byName = (one: HelpLine, other: HelpLine): number =>
    nameOf(one.country ?? '').localeCompare(nameOf(other.country ?? ''));
  return lines.toSorted((one, other) => placeOf(one) - placeOf(other) || byName(one, other));
}
