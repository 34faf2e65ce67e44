import { ok, type Result, refused } from '@farandole/kernel/result';
import { LANGUAGE_UNITS_MAX } from './limits.ts';

export type LanguageRefusal = 'language-malformed';

/**
 * A BCP 47 tag in canonical form: language, script and region in their customary case, retired
 * codes replaced ("iw" is "he"). Extensions and private use are cut off: they say how somebody's
 * device is set and not what the person speaks.
 *
 * Refused: anything that is no tag, a tag that names no language ("und"), and one of more than
 * `LANGUAGE_UNITS_MAX` characters.
 */
export function normaliseLanguage(tag: string): Result<string, LanguageRefusal> {
  if (tag.length > LANGUAGE_UNITS_MAX) return refused('language-malformed');
  const canonical = baseName(tag);
  if (canonical === null || primaryLanguage(canonical) === 'und') {
    return refused('language-malformed');
  }
  return ok(canonical);
}

/**
 * The language that a canonical tag names, without script and region: two people who speak
 * "pt-BR" and "pt-PT" speak with each other.
 */
export function primaryLanguage(canonicalTag: string): string {
  const end = canonicalTag.indexOf('-');
  return end === -1 ? canonicalTag : canonicalTag.slice(0, end);
}

/** A locale costs some microseconds to make, and everybody's device says one of a few hundred. */
const TAGS_KEPT_MAX = 1_000;
const baseNames = new Map<string, string | null>();

function baseName(tag: string): string | null {
  const known = baseNames.get(tag);
  if (known !== undefined) return known;
  // Who makes up tags takes them from memory, and no more of it.
  if (baseNames.size >= TAGS_KEPT_MAX) baseNames.clear();
  const name = parseBaseName(tag);
  baseNames.set(tag, name);
  return name;
}

function parseBaseName(tag: string): string | null {
  try {
    return new Intl.Locale(tag).baseName;
  } catch {
    // The standard library says "no tag" by a RangeError; to us that is an expected refusal.
    return null;
  }
}
