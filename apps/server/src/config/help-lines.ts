import { HELP_LINES_CHARS_MAX, HELP_LINES_LIST_CHARS_MAX } from '../limits.ts';
import { type Parsed, wrong } from './setting.ts';

/** Matches a `tel:` address with an international telephone number or a short national one. */
const TELEPHONE = /^tel:\+?[0-9](?:[0-9.-]{0,30}[0-9])?$/;
const OF_COUNTRY = /^([A-Za-z]{2})=(.*)$/s;
const UNKNOWN_COUNTRY = 'ZZ';
const COUNTRY_NAMES = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** Parses the help lines of a setting: one for all countries, or a list by country. */
export function helpLines(value: string): Parsed<string> {
  if (!OF_COUNTRY.test(value)) return helpLine(value);
  const lines = new Map<string, string>();
  for (const part of partsOf(value)) {
    const [, named = '', where = ''] = OF_COUNTRY.exec(part) ?? [];
    const country = named.toUpperCase();
    // A non-canonical country code, such as UK for GB, is refused, because browsers never look one
    // up.
    const { region } = new Intl.Locale(`und-${country}`);
    const isKnown = country !== UNKNOWN_COUNTRY && COUNTRY_NAMES.of(country) !== undefined;
    if (!isKnown || region !== country) {
      return wrong(`names ${country}, which is not an ISO 3166 country code`);
    }
    if (lines.has(country)) return wrong(`names ${country} twice`);
    const read = helpLine(where);
    if (!read.ok) return wrong(`of ${country} ${read.problem}`);
    lines.set(country, read.value);
  }
  const list = Array.from(lines, ([country, where]) => `${country}=${where}`).join(',');
  return list.length <= HELP_LINES_LIST_CHARS_MAX
    ? { ok: true, value: list }
    : wrong(`is longer than ${HELP_LINES_LIST_CHARS_MAX} characters`);
}

/**
 * Splits a list of help lines only at a comma before a country, because a web address may contain
 * commas.
 */
function partsOf(list: string): readonly string[] {
  const parts: string[] = [];
  for (const piece of list.split(',')) {
    const before = parts.at(-1);
    if (before === undefined || OF_COUNTRY.test(piece.trim())) parts.push(piece.trim());
    else parts[parts.length - 1] = `${before},${piece}`;
  }
  return parts;
}

/** Parses the address of a help line, which is a web address or a telephone number (RFC 3966). */
function helpLine(value: string): Parsed<string> {
  return TELEPHONE.test(value) ? { ok: true, value } : webAddress(value, HELP_LINES_CHARS_MAX);
}

/** Parses a web address. Refuses an address with a user name or password. */
export function webAddress(value: string, charsMax: number): Parsed<string> {
  const url = URL.parse(value);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    return wrong('is not an address of the web');
  }
  if (url.username !== '' || url.password !== '') return wrong('holds a name or a password');
  return url.href.length <= charsMax
    ? { ok: true, value: url.href }
    : wrong(`is longer than ${charsMax} characters`);
}
