import { ok, type Result, refused } from '@farandole/kernel/result';
import { LANGUAGE_UNITS_MAX } from './limits.ts';

export type LanguageRefusal = 'language-malformed';

/**
 * Returns the canonical form of a BCP 47 tag: language, script and region in standard case, with
 * retired codes replaced ("iw" becomes "he"). Drops extensions and private-use parts, because
 * they describe the device and not the speaker. Refuses invalid tags, tags without a language
 * ("und") and tags longer than `LANGUAGE_UNITS_MAX` characters.
 */
export function normaliseLanguage(tag: string): Result<string, LanguageRefusal> {
  if (tag.length > LANGUAGE_UNITS_MAX) return refused('language-malformed');
  const canonical = baseName(tag);
  if (canonical === null || primaryLanguage(canonical) === 'und') {
    return refused('language-malformed');
  }
  return ok(canonical);
}

/** Drops script and region, because speakers of "pt-BR" and "pt-PT" understand each other. */
export function primaryLanguage(canonicalTag: string): string {
  const end = canonicalTag.indexOf('-');
  return end === -1 ? canonicalTag : canonicalTag.slice(0, end);
}

/** Caches a few hundred different tags, because creating an `Intl.Locale` takes microseconds. */
const TAGS_KEPT_MAX = 1_000;
const baseNames = new Map<string, string | null>();

function baseName(tag: string): string | null {
  const known = baseNames.get(tag);
  if (known !== undefined) return known;
  // Clears the cache when it is full, because clients can invent tags without end.
  if (baseNames.size >= TAGS_KEPT_MAX) baseNames.clear();
  const name = parseBaseName(tag);
  baseNames.set(tag, name);
  return name;
}

function parseBaseName(tag: string): string | null {
  try {
    return new Intl.Locale(tag).baseName;
  } catch {
    // `Intl.Locale` throws a RangeError for an invalid tag, which is an expected refusal here.
    return null;
  }
}
