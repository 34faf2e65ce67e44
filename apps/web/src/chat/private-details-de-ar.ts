import type { DetailPatterns } from './hint-patterns.ts';

/**
 * Matches links to domains of German- and Arabic-speaking countries. "De", "at" and "ma" are words
 * of other languages too, so a path must follow them, or the text must continue as after a link.
 */
const DOMAIN =
  /[\p{L}\p{N}-]\.(?:(?:ch|ae|eg|dz|iq|kw|qa|bh|jo|lb)(?![\p{L}\p{N}])|(?:at|sa|ma|om|tn)\/|de(?= {0,3}(?:$|[.,،;!?؟)]))|(?:com|net|org|info)(?=\p{Script=Arabic}))/iu;
const NAMED_DOMAIN =
  /(?<!\p{L})(?:auf|unter|bei|von|seite|homepage|website|موقعي?|علي|رابط) [\p{L}\p{N}-]+\.(?:de|at|sa|ma|om|tn)(?![\p{Script=Latin}\p{N}])/iu;
/** Matches a link in words, such as "example punkt de". */
const SPELLED =
  /[\p{L}\p{N}-] (?:punkt (?:de|com|net|org|ch|at)|(?:نقطه|دوت) (?:كوم|نت|اورج|com|net|org))(?!\p{L})/iu;
/** Match an email address in words, such as "ada at example punkt de" or "ada (at) example.de". */
const SPELLED_EMAIL =
  / (?:at|ät|klammeraffe|ات) [^\s.]+ (?:punkt|نقطه|دوت) (?:de|com|net|org|ch|at|كوم|نت|اورج)/iu;
const BRACKETED_EMAIL =
  /[([](?:at|ät)[)\]] ?[^\s.()[\]]+(?:\.| (?:punkt|نقطه|دوت) )(?:[a-z]{2}|كوم|نت|اورج)/iu;
const SPELLED_AT = / (?:ät|klammeraffe|ات) [^\s.]+\.[a-z]{2}/iu;

export const GERMAN_ARABIC_DETAILS: DetailPatterns = {
  email: [SPELLED_EMAIL, BRACKETED_EMAIL, SPELLED_AT],
  link: [DOMAIN, NAMED_DOMAIN, SPELLED],
};
