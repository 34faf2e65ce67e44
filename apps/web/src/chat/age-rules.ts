import type { AgeWords } from './age-words.ts';
import { patternOf } from './hint-patterns.ts';
import { LEET_WORD, plainOf, withLetters } from './plain-text.ts';
import { DIGIT_WORDS, TEN } from './spelled-number.ts';

/** Returns whether a line in plain text, written in a given year, states an age under 18. */
export type StatesAge = (plain: string, year: number) => boolean;

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
/** Matches a number in quotes or brackets. */
const QUOTED = /["“”„«»()[\]*]+(\p{N}{2})["“”„«»()[\]*]+/gu;
const ROMAN = /(?<![\p{L}\p{N}])x(?:ii|iii|iv|v|vi|vii)(?!\p{L})/giu;
const ROMAN_DIGITS = ['', 'i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii'];
const MARK = /\p{M}/gu;
const REPEATED_AT_END = /(\p{L})\1+(?!\p{L})/gu;
const REPEATED = /(\p{L})\1+/gu;
const TOKEN = /\p{L}+|\p{N}+(?:[.,:/-]\p{N}+)*|(?<=[\p{L}\p{N}])-(?=\p{L})|[^\s]/gu;
/** Matches a line with an age, with 18, or with a word for a minor or an adult. */
const SUBJECT = /[NEVzA]/u;
const IS_WORD = /^\p{L}/u;
const IS_NUMBER = /^\p{N}/u;
const IS_SIGN = /^[%$€£¥°#+&*]/u;
/** Matches "15-16", which is an age between two numbers. */
const BETWEEN = /^(1[0-6])[-/](1[1-7])$/u;
/** Matches a year, and a date with a year. */
const BIRTH = /^(?:[0-3]?\d[-./]){0,2}(20\d\d)$/u;
const AGE_MIN = 10;
const ADULT = 18;
const PHRASE_WORDS_MAX = 4;

/** Matches a word with its letters apart, such as "s i x t e e n". */
const SPELLED_OUT = /(?<!\p{L})\p{L}(?:[ ._-]\p{L}){3,}(?!\p{L})/gu;
const NOT_LETTER = /\P{L}/gu;
const HYPHENATED = /(?<![\p{L}-])\p{L}+-\p{L}+(?![\p{L}-])/gu;

const DIGITS = DIGIT_WORDS.map((words, digit) =>
  foldedOf(`${digit}|${words}`).replaceAll(REPEATED_AT_END, '$1'),
);
const DIGIT = DIGITS.join('|');
const DIGIT_PATTERNS = DIGITS.map((digit) => patternOf(`^(?:${digit})$`, 'u'));
/** Matches the digits of an age in words, as in "one six" and "1seven", but not in "1 2 3". */
const DIGIT_BY_DIGIT = patternOf(
  `(?<![\\p{L}\\p{N}.,:/-])(?:(?:1|one|uno|eins)[ -]?|(?:um?|un)-|un (?=\\p{L}+ ans))(${DIGIT})(?![\\p{L}\\p{N}]|[.,:/-]\\p{N}| (?:${DIGIT})(?!\\p{L}))`,
  'gu',
);
/** Matches a sum, as in "10+6" and "ten plus six". */
const SUM = patternOf(
  `(?<![\\p{N}.,:-])(1?\\d) ?(?:\\+|plus|mas|mais|زائد) ?(1[0-7]|[089]|${DIGIT})(?![\\p{L}\\p{N}]|[.,:-]\\p{N})`,
  'gu',
);
/** Matches ten and a digit, as in "diez y seis". */
const TEN_AND = patternOf(`(?<![\\p{N}.,:-])10 (?:y|e) (${DIGIT})(?!\\p{L}|\\p{N})`, 'gu');
/** Matches a difference, as in "18 minus 1" and "20-4". */
const DIFFERENCE = patternOf(
  `(?<![\\p{N}.,:-])(1[89]|2[0-7]) ?(?:-|minus|moins|menos|weniger|ناقص) ?(${DIGIT}|8|9|an|ano|jahr|سنه|year)(?![\\p{L}\\p{N}]|[.,:-]\\p{N})`,
  'gu',
);
/** Matches a product, as in "2x8" and "dos veces ocho". */
const PRODUCT = patternOf(
  `(?<![\\p{L}\\p{N}.,:-])(${DIGIT}|8) ?(?:x|\\*|times|fois|veces|vezes|mal|في) ?(${DIGIT}|8)(?![\\p{L}\\p{N}]|[.,:-]\\p{N})`,
  'gu',
);
/** Matches a fraction after an age, as in "15 and 3/4" and "16,5". */
const FRACTION =
  /(?<=(?<![\p{N}.,:/-])1[0-7])(?: (?:and |et |y |e |und )?[13]\/[24]|[.,]5)(?![\p{N}/%])/gu;

/** Writes ages as digits that are written by their digits, as a sum or with a fraction. */
function calculated(text: string): string {
  const valueOf = (word: string): number =>
    /^\d+$/u.test(word)
      ? Number(word)
      : Math.abs(DIGIT_PATTERNS.findIndex((digit) => digit.test(word)));
  return text
    .replaceAll(FRACTION, '')
    .replaceAll(DIFFERENCE, (_, one: string, other: string) => String(Number(one) - valueOf(other)))
    .replaceAll(PRODUCT, (_, one: string, other: string) => String(valueOf(one) * valueOf(other)))
    .replaceAll(SUM, (_, one: string, other: string) => String(Number(one) + valueOf(other)))
    .replaceAll(TEN_AND, (_, digit: string) => `1${valueOf(digit)}`)
    .replaceAll(DIGIT_BY_DIGIT, (_, digit: string) => `1${valueOf(digit)}`);
}

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
const YEARS = '(?:y(?![bvdK]|\\?$|d[DNUade]*[wU])|y(?=d[DNUade]*[wUy]))';
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
  `${CLAUSE}(?:(?<!D)W|W(?=[^N]*E))(?:[acFjefkmpMswDUy]|d[DUadey]*[wUy])*[NE](?:${YEARS}|[.t]?Y|${AFTER}|[dw]|[Ubd]*D$)`,
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
  `(?:^|[,.?])[acFjefm]*N(?:,(?=y))?y?b?[BIGi]s?(?:$|[,.?cFjfnq])`,
  `${CLAUSE}(?:[BL]e[acfm]*Ny|[BLh][acefm]*[pP][rx]?[acefm]*N(?:y|b)|he[rx]eNy)`,
  `^[f,]*s[cj]k[rx]{1,3}N(?:y|${STRICT})`,
  `${CLAUSE}Q[acf]*[NE]y?d?w`,
  // "my 15th birthday"
  `(?:(?:^|[^dov])k|[ILSW])N[.t]?Y`,
  `(?:^|[,.?acFjfrwsxBIWh])kNy(?=$|[,.?acFjfnqsBI])`,
  // A line of nothing but an age and words that go with it, such as "15 f" or "16 hbu"
  `^${MARKED}(?:[afmgksP,]|e?a*[pMP][apMP]*e?|ea+(?=Ny))*N(?:[aKfmpMsy,BI]|j?[mW]a*[NE])*[.]*(?:,*j?q[q?acFjf,.s]*)?$`,
  `^(?:[acFjfsM,]|e?a*pe?)*Ny(?:[cFjq]|,[BIHhGs]|,[ceF]?[rx]{1,2}$|[acFj]*s)`,
  `^[f,]*[pMP],?Ny?,?[rx]$`,
  `^[f,]*N(?:,?p,?|,[MP],)[rx]$`,
  `^[f,]*[rx],Ny?,[rx]$`,
  `[rx]L${MID}N(?=$|[,fqKjc])`,
  `^[f,]*N(?:j[ND]U|[wmc]N$)`,
  `^[acfj,]*m[am]*Ey?,`,
  `^[f,]*[rx],(?:Ny|(?<=f.*)N)$`,
  `^[f,]*[rx],Ny?,F`,
  `^(?:[fa,]|[pM]e?)*Ny?K[.,]*$`,
  `^[fpM,]*N[pM]?F[^DN]`,
  `^(?:f[?,]*)*N(?:[,j]+[cBIih]|(?<=f.*)y?[.,]*$)`,
  `\\.Ny\\.*$`,
  `^[acFjf,]*m[am]*[NE](?:y|[acFjfK,.q]*)$`,
  // "18 in 3 months", "in 3 months I'm 18"
  `^[acfjm,]*Ey?[de]*wU?[.,]*$`,
  `[BW][acf]*d[DUade]*wE`,
  `^[acfjm,]*(?:[BILW][acfjm]*)?Ey?d[DNUade]*(?:[Uw]|ey)`,
  `^[acfj,]*d[DNUadey]*[Uy][acfj,]*(?:[BIW][acfj]*)?E`,
  `^[af]*EW`,
  `(?:^|[BIL])[af]*vw+[BIL]?N(?:y?$|[,.?])`,
  `^[^von]*p[^vonN]*[,j]+[fa]*Ny?[.,f]*$`,
  `p[^vonN]*iN$`,
  `^[acFjf,]*Nys[.,]*$`,
  `^[af,]*ea*Ny[,.]*$`,
  `^[f,]*a+(?:e?a*p[ap]*e?Ny?|ea*Ny)(?:[bcejq]|r$)`,
  `^n,[fs,]*Ny?[,.]*$`,
  // "You're 19? J'en ai 16"
  `y[^N]*J[am]*N(?:y|${STRICT})`,
  // "I'm not 18 yet"
  `(?:^|[,.?])[^,.?v]*[BGILWh][acFjfms]*n[acFjfems]*E(?:y|${AFTER})(?!v)`,
  `(?:^|[,.?])[^,.?v]*n[acFjfms]*[BGIiLSW][acFjefmks]*E(?:y|d$|${AFTER})(?!v)`,
  `^[acFjfKs,]*n[acFjefms]*E(?:y(?!b)|a|d$|${STRICT})(?!,.*D)`,
  // "16 is my age"
  `(?:^|,)[acf]*Ny?[HIjxk]{1,2}[Gg][.,]*$`,
  `^[f,]*s\\?N(?:y|${STRICT})`,
  // "My 16th was last week", "It's my birthday, 16"
  `^[fa,]*r?kN[.t]*[vxrH]?[daU]*w`,
  `^[^vo]*kY[wa]*,[fa]*N(?:w|y|${STRICT})`,
  `kYe*Ny?[.,]*$`,
  `^[fa,B]*c?Nty`,
  // "15, 16 in March", "15 until June"
  `^[f,]*Ny?,a*Nd?w`,
  `^[fa,]*Ny?c(?:w|d[DUade]*U)[.,]*$`,
  // "Year 10, 15", "In 9th grade with 14 years"
  `^[BLd]*yN,[fag]*Ny?`,
  `^[BLhdI]*p+eNy[.,]*$`,
  // "Not 18 but 16"
  `^[fBLIGWi]*n[nfa]*[DE]y?[,jf]+[BLIG]*[fa]*Ny?[.,]*$`,
  // "Not 19, 17"
  `^[f,.?]*(?:f*n[nf,]*D,|[ED]\\?[fn,]*[fn])[fan,]*Ny?[.,f]*$`,
  // "I'm a minor", "I'm under 18"
  `(?:^|[,.?])[^,.?vn]*[BGIiLhs][acFjefms]*(?:z|lE)(?:y(?!b)|${STRICT}|a)`,
  `${CLAUSE}G[acefm]*lE`,
  `^[acFjfmshw,]*(?:z|lEy?)(?:[acFjfKmswqBhs,.]*$|[acFjf,.]*[BIL]?N(?:y|${STRICT}))`,
  // "My 18th birthday is in May"
  `^[fa,]*kE[.t]*[yY][HIrxce]{0,2}d[DNUade]*[wU]`,
  `^[^vno,.?]*[dw]kE[.t]?Y[,.]*$`,
  // "I was born in 2010", "I'm from 2010", as far as that is under 18
  `^[acFjfms.,BLIhGkie]*O[acdejDNwfmtby.,]*[xHU]?V`,
  `^[acFjfms.,]*(?:h[ewUDN]*|[BL](?:[DN]?[Fe]e?)?|s)V(?:[,.?afcjwFBIhOp]|[tr]?$)`,
  `^[f,]*V[tb]?[pKs][.,]*$`,
  `^[f,]*kY[xre]?V`,
  `^[acFjfms.,BLIhGdwDN]*V[tb]?O`,
  `^[acFjfms.,BLI]*O[^von]*[j,.]+[fa]*N(?:y|c|${STRICT})`,
  `^[acFjfms.,BLI]*O[am]*Ny`,
  // "Of age in 4 months"
  `^[acfjmBLhsIW,]*A[BLacm]*d[DNUade]*[Uwy](?!.*v)`,
  `^[acfj,]*d[DNUadey]*[Uy][acfj,]*[BIWLh]*e?[Az]`,
  `^[acfj,]*[BILh]+a*d[DNUadey]*[Uy]a*A`,
  `^[acfjBILhW,]*A[aBL]*m`,
  `^[efa,]*Ny[pP]`,
  `^[fBIdeL]*ge*Ny?[.,]*$`,
  `^[fa,]*wNa+$`,
  `m[a]*A(?:,|$)`,
  `m[am]*A,[^von]*N[.,]*$`,
  // "I'm not an adult"
  `(?:^|[,.?])[^,.?v]*(?:[BGILhs][acFjfms]*n|n[acFjfms]*[BGILWhs])[acFjefms]*A`,
  `^[acFjfs,]*n[acFjfms]*A(?:[acFjfmw,.]*$|[^von]*,[fa]*N(?:y|${STRICT}))`,
].map((source) => patternOf(source, 'u'));

/** Matches "only 16". "Still 16" and "about 16" can be something else. */
const ONLY = /^[f,]*X+N[.,]*$/u;

/** Matches "18 next year" and "next year I'm an adult". */
const NEXT_YEAR = /^[acfjmXBILhWr,]*(?:[AE][aX]*u|u[aX,]*[BILhW]*e?[AE])/u;

/** Returns the detector of one language. */
export function ageDetectorOf(language: AgeWords): StatesAge {
  const read = readerOf(language);
  return (plain, year) => {
    const letters = read(plain, year);
    if (!SUBJECT.test(letters)) return false;
    const rest = letters.replaceAll('X', 'a').replaceAll('u', 'w');
    return ONLY.test(letters) || NEXT_YEAR.test(letters) || RULES.some((rule) => rule.test(rest));
  };
}

/** Returns a function that replaces each word of a line by the letter of its class. */
function readerOf({ numbers, counted, words }: AgeWords): (plain: string, year: number) => string {
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
  const vocabulary = new Set([...classes.anywhere.keys()].flatMap((phrase) => phrase.split(' ')));
  const isNumber = patternOf(`^(?:${numbers.join('|')})$`, 'u');
  const isKnown = (word: string): boolean =>
    isNumber.test(word) || TEN.test(word) || vocabulary.has(word);
  return (plain, year) => {
    const folded = foldedOf(
      plain
        .replaceAll(APART, '1$1')
        .replaceAll(ZERO_IN_WORD, 'o')
        .replaceAll(AIRPLANE, 'airplane')
        .replaceAll(UNDER_18, 'underaged')
        .replaceAll(YEARS_OLD, 'yo')
        .replaceAll(DATE, 'date')
        .replaceAll(QUOTED, ' $1 ')
        .replaceAll(ROMAN, (numeral) => String(10 + ROMAN_DIGITS.indexOf(numeral.slice(1).toLowerCase()))),
    )
      .replaceAll(REPEATED_AT_END, '$1')
      .replaceAll(SPELLED_OUT, (word) => word.replaceAll(NOT_LETTER, ''))
      .replaceAll(HYPHENATED, (word) => {
        const joined = word.replace('-', '');
        return isNumber.test(joined) ? joined : word;
      })
      .replaceAll(LEET_WORD, (word) => {
        const letters = withLetters(word);
        return !vocabulary.has(word) && isKnown(letters) ? letters : word;
      });
    const digits = calculated(
      spelled.reduce((text, [word, digit]) => text.replaceAll(word, digit), folded),
    );
    return lettersOf(
      squeezed(digits)
        .match(TOKEN)
        ?.filter((token) => token !== '-') ?? [],
      classes,
      counted,
      year,
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
function lettersOf(
  tokens: readonly string[],
  classes: Classes,
  counted: RegExp,
  year: number,
): string {
  let letters = '';
  for (let index = 0; index < tokens.length; ) {
    const token = tokens[index] ?? '';
    const maps = /[NEVy]$/u.test(letters)
      ? [classes.afterNumber, classes.anywhere]
      : [classes.anywhere];
    const found = IS_WORD.test(token) ? phraseAt(tokens, index, maps) : null;
    letters += found?.letter ?? letterOf(token, counted, year);
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

function letterOf(token: string, counted: RegExp, year: number): string {
  if (IS_WORD.test(token)) return counted.test(token) ? 'x' : 'r';
  if (IS_NUMBER.test(token)) return numberLetterOf(token, year);
  if (token === '?' || token === '؟') return '?';
  if (token === '.') return '.';
  return IS_SIGN.test(token) ? 'x' : ',';
}

function numberLetterOf(token: string, year: number): string {
  if (token === '18') return 'E';
  const age = year - Number(BIRTH.exec(token)?.[1]);
  if (age >= AGE_MIN && age < ADULT) return 'V';
  const between = BETWEEN.exec(token);
  if (between !== null) return Number(between[2]) - Number(between[1]) === 1 ? 'N' : 'D';
  return /^1[0-7]$/.test(token) ? 'N' : 'D';
}
