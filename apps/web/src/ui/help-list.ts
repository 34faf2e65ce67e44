/** One place where somebody listens. */
export interface HelpLine {
  /** A code of ISO 3166; null for everybody. */
  readonly country: string | null;
  readonly href: string;
}

/** As a server has checked it. */
const OF_COUNTRY = /^([A-Z]{2})=(.+)$/su;

/** What a server names: one place for everybody, or one for each of some countries. */
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
      // An address may have commas in it.
      lines.push({ ...before, href: `${before.href},${piece}` });
    }
  }
  return lines;
}

/**
 * The country of the browser's languages first, the others by their names. A language without a
 * country says nothing of where somebody is.
 *
 * @param wanted BCP 47 tags, best first.
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
