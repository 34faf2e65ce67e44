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
  const spelled = foldCase(text.normalize('NFKC'))
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(WHITE_SPACE, ' ')
    .trim();
  if (CONTROL.test(spelled)) return refused('interest-has-control-characters');
  if (!VISIBLE.test(spelled)) return refused('interest-empty');
  if (Array.from(spelled).length > INTEREST_CODE_POINTS_MAX) return refused('interest-too-long');
  return ok(spelled);
}

const INVISIBLE = /(?![\u200c\u200d])\p{Default_Ignorable_Code_Point}/gu;
const WHITE_SPACE = /\s+/gu;
const CONTROL = /[\p{Cc}\p{Cs}]/u;
/** Matches characters that are visible alone: letters, digits, punctuation, symbols and emoji. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;
const DOTLESS_I = 'ı';

/**
 * Applies Unicode's full case folding (CaseFolding.txt, statuses C and F), which JavaScript
 * lacks. Each code point alone is lowered, raised and lowered again, so that its neighbours have
 * no effect and a final sigma equals a sigma. Lowering first also folds the capital sharp s. The
 * dotless i is kept, because upper case would turn it into another letter.
 */
function foldCase(text: string): string {
  let folded = '';
  for (const letter of text) {
    folded += letter === DOTLESS_I ? letter : letter.toLowerCase().toUpperCase().toLowerCase();
  }
  return folded;
}
