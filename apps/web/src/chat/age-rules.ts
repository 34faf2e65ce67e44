import { patternOf } from '@farandole/protocol/hint-patterns';
import { plainOf } from '@farandole/protocol/plain-text';
import type { AgeWords } from './age-words.ts';

/** Returns whether a line in plain text states an age under 18. */
export type StatesAge = (plain: string) => boolean;

/** Matches an age whose digits are written apart, such as "1 5", or with a letter, such as "l5". */
const APART = /(?<![\p{N}\p{L}.,:/-])[1l][ _-]?([0-7])(?![\p{N}.,:/%-]|[ _-]\p{N})/giu;
/** Matches a zero in a word, such as "teng0". */
const ZERO_IN_WORD = /(?<=\p{L})0(?!\p{N})/gu;
const I_AM = /(?<!\p{L})i['’`´]m(?!\p{L})/gu;
const AIRPLANE = /(?<!\p{L})(?:f-16|f16(?= jet))(?!\p{N})/giu;
const UNDER_18 = /(?<!\p{L})[uü][ -]?18(?!\p{N})/giu;
/** Matches a German date, such as "am 15.". */
const DATE = /(?<!\p{L}|i )am 1[0-8]\.(?!\p{N})/giu;
const YEARS_OLD = /(?<!\p{L})y ?[./] ?o(?!\p{L})\.?/giu;
const ELISION = /(?<!\p{L})(d|l|qu)['’`´](?=\p{L})/gu;
const APOSTROPHE = /['’`´]/gu;
const MARK = /\p{M}/gu;
const REPEATED_AT_END = /(\p{L})\1+(?!\p{L})/gu;
const REPEATED = /(\p{L})\1+/gu;
const TOKEN = /\p{L}+|\p{N}+(?:[.,:/-]\p{N}+)*|(?<=[\p{L}\p{N}])-(?=\p{L})|[^\s]/gu;
/** Matches a line with an age, with 18, or with a word for a minor or an adult. */
const SUBJECT = /[NEzA]/u;
const IS_WORD = /^\p{L}/u;
const IS_NUMBER = /^\p{N}/u;
const IS_SIGN = /^[%$€£¥°#+&*]/u;
/** Matches "15-16", which is an age between two numbers. */
const BETWEEN = /^(1[0-6])[-/](1[1-7])$/u;
const PHRASE_WORDS_MAX = 4;

/** Returns a text in the form in which words are compared: in lower case and without accents. */
function foldedOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(I_AM, 'i am')
    .replaceAll(ELISION, '$1e ')
    .replaceAll(APOSTROPHE, '')
    .normalize('NFD')
    .replaceAll(MARK, '')
    .replaceAll('ß', 's');
}

/** Writes repeated letters once, because people lengthen words in a chat. */
function squeezed(text: string): string {
  return text.replaceAll(REPEATED, '$1');
}

/** What can follow a number that is an age. `r` is a word that can't be counted. */
const AFTER =
  '(?=$|\\?.|[,KacFjefhklmnopMqrswzBGHILW]|\\.(?:$|[.?,cFjfhnqswBGHIL])|d[DNUade]*[wU])';
/** The same for a subject without a verb. */
const STRICT = '(?=$|[,.?KcFjefhmnpMqswBGHILW]|d[DNUade]*[wU])';
/** Unit of an age. "15 years of experience" continues otherwise. */
const YEARS = '(?:y(?![bvdK]|\\?$|d[DNUade]*[wU])|y(?=d[DNUade]*[wU]))';
/** Start of a clause without words that make an age one of the past or of others. */
const CLAUSE = '(?:^|[,.?jwADENUyz])[^,.?vo]*(?<!n[acefms]*)';
const MID = '(?:[acFjfmpMPsw]|d[DUade]*w|e(?=[acFjf]*(?:p|Ny)))*';
const MARKED = '(?=.*(?:[BILfmpMqsyP]|a+N[a,f]))';

/** Rules for lines in which each word is the letter of its class. */
const RULES = [
  // "I am 15", "tengo 15 años"
  `${CLAUSE}(?:[BI]|(?<![rx])[LS]|[BLHh][rxp]{1,2}L|[ck][^,.?vo]*[rx]L)${MID}N(?:${YEARS}|${AFTER})`,
  `${CLAUSE}i[acfjm]*N(?:${YEARS}|,?q)`,
  // "I turn 18 in May"
  `${CLAUSE}W(?:[acFjefkmpMswDUy]|d[DUadey]*[wUy])*[NE](?:${YEARS}|[.t]?Y|${AFTER}|[dw]|[Ubd]*D$)`,
  `${CLAUSE}[BIL]${MID}m[am]*E(?:y|${AFTER})`,
  // "my age is 15"
  `${CLAUSE}G[acfjmBIL,?]*N(?!y?[bU])`,
  `^[fcjs,]*g[a,.?]*N(?:y|${STRICT})`,
  // "me 15"
  `(?:^|[,.?fcFjqy])s[afmpMw]*N(?:${YEARS}|${STRICT})`,
  // "I'm Leo, 15", "my name is Leo 15"
  `^[^von]*[BLh][^vonN]*[,ji]s?N(?:y|,|[.?]*$)`,
  `${CLAUSE}H[rxpM]{1,2}[,cFjfgs]*[BILS]?N(?:y|${STRICT})`,
  `^f+,?[BL][rx],?N(?:y|[,.]*$)`,
  `(?:^|[,.?f])s(?:[rxpM]{1,2},N|r,?Ny)`,
  `${CLAUSE}h[acFjefm]*(?:[pP]r?)?[acFjefm]*N(?:${YEARS}|${AFTER})`,
  // "15 I am"
  `(?:^|[,.?])[acFjefm]*Ny?b?[BIGi]s?(?:$|[,.?cFjfnq])`,
  `${CLAUSE}(?:[BL]e[acfm]*Ny|[BLh][acefm]*[pP][rx]?[acefm]*N(?:y|b)|he[rx]eNy)`,
  `^[f,]*s[cj]k[rx]{1,3}N(?:y|${STRICT})`,
  `${CLAUSE}Q[acf]*[NE]y?d?w`,
  // "my 15th birthday"
  `(?:(?:^|[^dov])k|[ILSW])N[.t]?Y`,
  `(?:^|[,.?acFjfrwsxBIWh])kNy(?=$|[,.?acFjfnqsBI])`,
  // A line of nothing but an age and words that go with it, such as "15 f" or "16 hbu"
  `^${MARKED}(?:[afmgksP,]|e?a*[pMP][apMP]*e?|ea+(?=Ny))*N(?:[aKfmpMsy,BI]|j?[mW]a*[NE])*[.]*(?:,*j?q[q?acFjf,.s]*)?$`,
  `^(?:[acFjfsM,]|e?a*pe?)*Ny(?:[cFjq]|,[ceF]?[rx]{1,2}$|[acFj]*s)`,
  `^[f,]*[pMP],?Ny?,?[rx]$`,
  `^[f,]*N(?:,?p,?|,[MP],)[rx]$`,
  `^[f,]*[rx],Ny?,[rx]$`,
  `[rx]L${MID}N(?=$|[,fqKjc])`,
  `^[f,]*N(?:j[ND]U|[wmc]N$)`,
  `^[acfj,]*m[am]*Ey?,`,
  `^[f,]*[rx],(?:Ny|(?<=f.*)N)$`,
  `^(?:[fa,]|[pM]e?)*Ny?K[.,]*$`,
  `^[fpM,]*N[pM]?F[^DN]`,
  `^(?:f[?,]*)*N(?:[,j]+[cBIih]|(?<=f.*)y?[.,]*$)`,
  `\\.Ny\\.*$`,
  `^[acFjf,]*m[am]*[NE](?:y|[acFjfK,.q]*)$`,
  // "18 in 3 months", "in 3 months I'm 18"
  `^[acfjm,]*Ey?[de]*wU?[.,]*$`,
  `[BW][acf]*d[DUade]*wE`,
  `^[acfjm,]*(?:[BILW][acfjm]*)?Ey?d[DNUade]*[Uw]`,
  `^[acfj,]*d[DNUadey]*[Uy][acfj,]*(?:[BIW][acfj]*)?E`,
  `^[af]*EW`,
  `(?:^|[BIL])[af]*vw+[BIL]?N(?:y?$|[,.?])`,
  `^[^vonN]*p[^vonN]*,Ny?\\.*$`,
  `^[af,]*ea*Ny[,.]*$`,
  `^[f,]*a+(?:e?a*p[ap]*e?Ny?|ea*Ny)(?:[bcejq]|r$)`,
  `^n,[fs,]*Ny?[,.]*$`,
  // "You're 19? J'en ai 16"
  `y[^N]*J[am]*N(?:y|${STRICT})`,
  // "I'm not 18 yet"
  `(?:^|[,.?])[^,.?v]*[BGILWh][acFjfms]*n[acFjfems]*E(?:y|${AFTER})(?!v)`,
  `(?:^|[,.?])[^,.?v]*n[acFjfms]*[BGIiLSW][acFjefmks]*E(?:y|d$|${AFTER})(?!v)`,
  `^[acFjfKs,]*n[acFjefms]*E(?:y(?!b)|a|d$|${STRICT})`,
  // "I'm a minor", "I'm under 18"
  `(?:^|[,.?])[^,.?vn]*[BGIiLhs][acFjefms]*(?:z|lE)(?:y(?!b)|${STRICT}|a)`,
  `${CLAUSE}G[acefm]*lE`,
  `^[acFjfmshw,]*(?:z|lEy?)[acFjfKmswqBhs,.]*$`,
  // "I'm not an adult"
  `(?:^|[,.?])[^,.?v]*(?:[BGILhs][acFjfms]*n|n[acFjfms]*[BGILWhs])[acFjefms]*A`,
  `^[acFjfs,]*n[acFjfms]*A[acFjfmw,.]*$`,
].map((source) => patternOf(source, 'u'));

/** Returns the detector of one language. */
export function ageDetectorOf(language: AgeWords): StatesAge {
  const read = readerOf(language);
  return (plain) => {
    const letters = read(plain);
    return SUBJECT.test(letters) && RULES.some((rule) => rule.test(letters));
  };
}

/** Returns a function that replaces each word of a line by the letter of its class. */
function readerOf({ numbers, counted, words }: AgeWords): (plain: string) => string {
  const classes: Classes = { afterNumber: new Map(), anywhere: new Map() };
  const order = Object.entries(words).sort(([one], [other]) => priorityOf(one) - priorityOf(other));
  for (const [letter, list] of order) {
    for (const phrase of list.split('|').map((text) => squeezed(foldedOf(plainOf(text))))) {
      if (/[bct]/u.test(letter)) classes.afterNumber.set(phrase, letter);
      if (!/[bt]/u.test(letter)) classes.anywhere.set(phrase, letter);
    }
  }
  const spelled = numbers.map(
    (source, index) =>
      [patternOf(`(?<!\\p{L})(?:${source})(?!\\p{L})`, 'gu'), String(index + 10)] as const,
  );
  return (plain) => {
    const folded = foldedOf(
      plain
        .replaceAll(APART, '1$1')
        .replaceAll(ZERO_IN_WORD, 'o')
        .replaceAll(AIRPLANE, 'airplane')
        .replaceAll(UNDER_18, 'underaged')
        .replaceAll(YEARS_OLD, 'yo')
        .replaceAll(DATE, 'date'),
    ).replaceAll(REPEATED_AT_END, '$1');
    const digits = spelled.reduce((text, [word, digit]) => text.replaceAll(word, digit), folded);
    return lettersOf(
      squeezed(digits)
        .match(TOKEN)
        ?.filter((token) => token !== '-') ?? [],
      classes,
      counted,
    );
  };
}

/** Classes of words directly after a number, and of all words. */
interface Classes {
  readonly afterNumber: Map<string, string>;
  readonly anywhere: Map<string, string>;
}

/** Classes that a word has only if it has no other. */
function priorityOf(letter: string): number {
  return 'caf'.indexOf(letter) < 0 ? 3 : 'caf'.indexOf(letter);
}

/** Returns a line with the letter of its class for each word. */
function lettersOf(tokens: readonly string[], classes: Classes, counted: RegExp): string {
  let letters = '';
  for (let index = 0; index < tokens.length; ) {
    const token = tokens[index] ?? '';
    const maps = /[NEy]$/u.test(letters)
      ? [classes.afterNumber, classes.anywhere]
      : [classes.anywhere];
    const found = IS_WORD.test(token) ? phraseAt(tokens, index, maps) : null;
    letters += found?.letter ?? letterOf(token, counted);
    index += found?.length ?? 1;
  }
  return letters;
}

function phraseAt(
  tokens: readonly string[],
  index: number,
  maps: readonly Map<string, string>[],
): { letter: string; length: number } | null {
  for (let length = PHRASE_WORDS_MAX; length > 0; length -= 1) {
    const phrase = tokens.slice(index, index + length).join(' ');
    for (const map of maps) {
      const letter = map.get(phrase);
      if (letter !== undefined) return { letter, length };
    }
  }
  return null;
}

function letterOf(token: string, counted: RegExp): string {
  if (IS_WORD.test(token)) return counted.test(token) ? 'x' : 'r';
  if (IS_NUMBER.test(token)) return numberLetterOf(token);
  if (token === '?' || token === '؟') return '?';
  if (token === '.') return '.';
  return IS_SIGN.test(token) ? 'x' : ',';
}

function numberLetterOf(token: string): string {
  if (token === '18') return 'E';
  const between = BETWEEN.exec(token);
  if (between !== null) return Number(between[2]) - Number(between[1]) === 1 ? 'N' : 'D';
  return /^1[0-7]$/.test(token) ? 'N' : 'D';
}
