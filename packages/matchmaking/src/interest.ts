import { ok, type Result, refused } from '@farandole/kernel/result';
import { INTEREST_CODE_POINTS_MAX, INTEREST_TEXT_UNITS_MAX } from './limits.ts';

export type InterestRefusal =
  | 'interest-empty'
  | 'interest-too-long'
  | 'interest-has-control-characters';

/**
 * The one spelling under which an interest is compared and shown, so that "Film", " film " and
 * "ＦＩＬＭ" meet.
 *
 * Compatibility forms are unified (NFKC), case is folded, white space is trimmed and each run of
 * it becomes one space. Invisible characters (Unicode's Default_Ignorable_Code_Point, which
 * includes every bidirectional override) are dropped, save the two joiners that Persian and emoji
 * need: what looks the same should be the same, and a tag must not reorder the text around it.
 *
 * Refused: nothing visible left, more than `INTEREST_CODE_POINTS_MAX` code points, a control
 * character, half of a surrogate pair. Normalising a result again gives the same result.
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
/** Letters, digits, signs and emoji: something that a person sees on its own. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;
const DOTLESS_I = 'ı';

/**
 * Unicode's full case folding (CaseFolding.txt, C and F), which JavaScript does not offer: down,
 * up and down again, one code point at a time, so that no letter's neighbour decides (a final
 * sigma is a sigma). Going down first takes along the capital sharp s, which is its own capital.
 * The dotless i stays itself, as it does there; going up it would become another letter.
 */
function foldCase(text: string): string {
  let folded = '';
  for (const letter of text) {
    folded += letter === DOTLESS_I ? letter : letter.toLowerCase().toUpperCase().toLowerCase();
  }
  return folded;
}
