export interface HelpLine {
  /** ISO 3166 code of the contact's country; `null` if the contact serves all countries. */
  readonly country: string | null;
  readonly href: string;
}

/** Matches a contact with a country, such as `FR=…`. The server uses the same format. */
const OF_COUNTRY = /^([A-Z]{2})=(.+)$/su;

/**
 * Parses the operator's setting for contacts, which is one contact for all countries, or one for
 * each country.
 */
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
      // A contact's address may contain commas, so a part without a country continues the previous
      // contact.
      lines.push({ ...before, href: `${before.href},${piece}` });
    }
  }
  return lines;
}

/**
 * Sorts countries: first those of the browser's languages, then the others by name. A language
 * tag without a region adds no country.
 * @param wanted BCP 47 tags, the preferred first
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
