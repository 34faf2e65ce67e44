import { ok, type Result, refused } from '@farandole/kernel/result';
import { INTEREST_CODE_POINTS_MAX, INTEREST_TEXT_UNITS_MAX } from './limits.ts';

export type InterestRefusal =
  | 'interest-empty'
  | 'interest-too-long'
  | 'interest-has-control-characters';

/**
 * Returns the normal form of an interest, so that "Film", " film " and "ＦＩＬＭ" match.
 * Applies NFKC and case folding, trims and collapses white space, and drops invisible characters
 * (Unicode's Default_Ignorable_Code_Point, including every bidirectional override) so that a tag
 * can't reorder the text around it. Keeps the two joiners that Persian and emoji need. Idempotent.
 * Refuses a text without visible characters, with more than `INTEREST_CODE_POINTS_MAX` code points,
 * a control character or a lone surrogate.
 */
export function normaliseInterest(text: string): Result<string, InterestRefusal> {
  if (text.length > INTEREST_TEXT_UNITS_MAX) return refused('interest-too-long');
  const compatible = text.normalize('NFKC');
  // NFKC can make a text eighteen times as long, so the length is checked before case folding.
  if (compatible.length > FOLDED_AT_MOST && codePointsIn(tidy(compatible)) > FOLDED_AT_MOST) {
    return refused('interest-too-long');
  }
  const spelled = tidy(foldCase(compatible).normalize('NFKC'));
  if (CONTROL.test(spelled)) return refused('interest-has-control-characters');
  if (!VISIBLE.test(spelled)) return refused('interest-empty');
  if (codePointsIn(spelled) > INTEREST_CODE_POINTS_MAX) return refused('interest-too-long');
  return ok(spelled);
}

/**
 * Maximum number of code points before case folding and NFKC. Case folding never shortens a text,
 * and NFKC merges at most four code points into one. A longer text is therefore still too long
 * afterwards.
 */
const FOLDED_AT_MOST = 4 * INTEREST_CODE_POINTS_MAX;
const INVISIBLE = /(?![\u200c\u200d])\p{Default_Ignorable_Code_Point}/gu;
const WHITE_SPACE = /\s+/gu;
const CONTROL = /[\p{Cc}\p{Cs}]/u;
/** Matches characters that are visible alone: letters, digits, punctuation, symbols and emoji. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;
const DOTLESS_I = 'ı';
const FINAL_SIGMA = 'ς';
const SIGMA = 'σ';

/** Removes invisible characters and trims and collapses white space. */
function tidy(text: string): string {
  return text.replace(INVISIBLE, '').replace(WHITE_SPACE, ' ').trim();
}

function codePointsIn(text: string): number {
  return Array.from(text).length;
}

/**
 * Applies Unicode's full case folding (CaseFolding.txt, statuses C and F), which JavaScript
 * lacks, by lowering, raising and lowering again. Lowering first also folds the capital sharp s.
 * The final sigma, the only letter that depends on its neighbours, becomes a sigma. The dotless i
 * is kept, because upper case would turn it into another letter.
 */
function foldCase(text: string): string {
  return text.split(DOTLESS_I).map(foldPart).join(DOTLESS_I);
}

function foldPart(text: string): string {
  const folded = text.toLowerCase().toUpperCase().toLowerCase();
  return folded.replaceAll(FINAL_SIGMA, SIGMA);
}
