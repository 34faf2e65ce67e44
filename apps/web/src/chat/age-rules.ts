import { patternOf } from '@farandole/protocol/hint-patterns';
import { plainOf } from '@farandole/protocol/plain-text';
import { ageWriterOf, foldedOf, squeezed } from './age-text.ts';
import type { AgeWords } from './age-words.ts';

/** Returns whether a line in plain text, written in a given year, states an age under 18. */
export type StatesAge = (plain: string, year: number) => boolean;

const TOKEN = /\p{L}+|\p{N}+(?:[.,:/-]\p{N}+)*|(?<=[\p{L}\p{N}])-(?=\p{L})|[^\s]/gu;
/** Matches a line with an age, with 18, or with a word for a minor or an adult. */
const SUBJECT = /[NEVzA]/u;
const IS_WORD = /^\p{L}/u;
const IS_NUMBER = /^\p{N}/u;
const IS_SIGN = /^[%$€£¥°#+&*]/u;
/** Matches "15-16", which is an age between two numbers. */
const BETWEEN = /^(1[0-6])[-/](1[1-7])$/u;
/** Matches a year, and a date with a year. */
const BIRTH = /^(?:[0-3]?\d[-./]){0,2}(20\d\d)(?:[-./][0-3]?\d){0,2}$/u;
const AGE_MIN = 10;
const ADULT = 18;
const PHRASE_WORDS_MAX = 4;

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
  `${CLAUSE}(?:(?<!D)W|W(?=[^N]*E))(?:[acFjefkmpMswDUyBIL]|d[DUadey]*[wUy])*[NE](?:${YEARS}|[.t]?Y|${AFTER}|[dw]|[Ubd]*[DN]$)`,
  `${CLAUSE}[BIL](?:${MID}|[De])m[am]*E(?:y|${AFTER})`,
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
  // "in August I turn 18"
  `${CLAUSE}[dw]+[,a]*Q[acf]*[NE](?:y|${AFTER})`,
  // "18 in August, now 17"
  `E[^von]*[,jq]X+Ny?[.,]*$`,
  // "my 15th birthday"
  `(?:(?:^|[^dov])k|[ILSW])N[.t]?Y`,
  `(?:^|[,.?acFjfrwsxBIWh])kNy(?=$|[,.?acFjfnqsBI])`,
  // A line of nothing but an age and words that go with it, such as "15 f" or "16 hbu"
  `^${MARKED}(?:[afmgksP,]|e?a*[pMP][apMP]*e?|ea+(?=Ny))*N(?:[aKfmpMsy,BI]|j?[mW]a*[NE])*[.]*(?:,*j?q[q?acFjf,.s]*)?$`,
  `^(?:[acFjfsM,]|e?a*pe?)*Ny(?:[cFq]|j(?!a*n)|,[BIHhGs]|,[ceF]?[rx]{1,2}$|[acFj]*s)`,
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
  `[BILW][acfX]*d[DNade]+[Uy][acf]*E`,
  `${CLAUSE}W[aX]*[De]+[yU][dem]*E`,
  `^[f,]*Ny?[dm]Ey?[.,]*$`,
  `^[acfjm,]*(?:[BILW][acfjm]*)?Ey?d[DNUade]*(?:[Uw]|ey)`,
  `^[acfj,]*d[DNUadey]*[Uy][acfj,]*(?:[BIW][acfj]*)?E`,
  `^[af]*EW`,
  `(?:^|[BIL])[af]*vw+[BIL]?N(?:y?$|[,.?])`,
  `^[^von]*p[^vonN]*[,j]+[fa]*Ny?[.,f]*$`,
  `^[^vonkE]*,[fa]*Ny[.,]*$`,
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
  // "I'm... 16"
  `${CLAUSE}(?:[BIG]|(?<![rx])L)[acfjm]*[,.]+[fa]*N(?:y|${STRICT})`,
  `^[fasI]*SN(?:y[vdDe]+[Ueyw]|[vdDe]*[Uew])`,
  `SEd[DNUade]*[Uy]`,
  `^[f,]*(?:No,[or]|o,[or],?N)$`,
  `^[fa]*B[dDeUw]+Na+$`,
  `[BL][ea]Nt$`,
  `[Bc]d?N[.t]y`,
  `^[dDeyU]*[xr]?kE[.]*$`,
  `eE[acfs]*n[a]*$`,
  `^[fm]*Y?,wN$`,
  `[kmdwU]Y[wa]*,[faw]*N(?:y|${STRICT})`,
  `Ny,P`,
  `^E[xrj][De]+[yU]b$`,
  // "17 and I turn 18 in May"
  `^[f,]*Ny?,?[jfa]*W[am]*E`,
  // "16 is my age"
  `(?:^|,)[acf]*Ny?[HIjxkfre,]{0,4}(?:G|kg)[.,]*$`,
  `^[f,]*s\\?N(?:y|${STRICT})`,
  // "My 16th was last week", "It's my birthday, 16"
  `^[fa,]*r?kN(?:[.t]+[vxH]?|[vxH])[daU]*w`,
  `^[^vo]*kY[wa]*,[fa]*N(?:w|y|${STRICT})`,
  `kYe*Ny?[.,]*$`,
  `^[fa,B]*c?Nty`,
  `^[fa,]*w[a,]*N[.t]?Y`,
  `^[fa,]*w[a,]*k,?N[.,]*$`,
  // "15, 16 in March", "15 until June"
  `^[f,]*Ny?,a*[NE]d?w`,
  `^[fa,]*Ny?c(?:w[wU]?|[de][DUade]*U)[.,]*$`,
  // "Year 10, 15", "In 9th grade with 14 years"
  `^[BLd]*yN,[fag]*N(?:y|${STRICT})`,
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
  `^[fa,]*kE[.t]*[yY]?[HIrxce]{0,2}d[DNUade]*[wUy]`,
  `^[^vno,.?]*[dw]kE[.t]?Y[,.]*$`,
  // "I was born in 2010", "I'm from 2010", as far as that is under 18
  `^[acFjfms.,BLIhGkie]*O[acdejDNwfmtbyB.,]*[xHU]?V`,
  `^[acFjfms.,]*(?:h[ewUDN]*|[BL](?:[DN]?[Fe]e?)?|s)V(?:[,.?afcjwFBIhOp]|[tr]?$)`,
  `^[f,]*V[tb]?[pKs]+[.,]*$`,
  `^[f,]*k?Y[xre,.]*V`,
  `^[acFjfms.,BLIhGdwDN]*V[tb]?O`,
  `^[acFjfms.,BLIdwDN]*O[^von]*[jf,.]+[fa]*N(?:y|c|${STRICT})`,
  `^[acFjfms.,BLI]*O[am]*Ny`,
  // "Of age in 4 months"
  `^[acfjmBLhsIW,]*A[BLacm]*d[DNUade]*[Uwy](?!.*v)`,
  `^[acfj,]*d[DNUadey]*[Uy][acfj,]*[BIWLh]*e?[Az]`,
  `^[acfj,]*[BILh]+a*d[DNUadey]*[Uy]a*A`,
  `^[acfjBILhW,]*A[aBL]*m`,
  `^[efa,]*Ny[pP]`,
  `^[fBIdeL]*ge*Ny?[.,]*$`,
  `^[fa,]*wNa+[.,]*$`,
  `^[f,]*Ny,[am]*E`,
  `^[acFjf,]*m[am]*[NE]y?,?d[DNUade]*[Uw]`,
  `^eE[rxs]{0,2}d[DUade]*w`,
  `^B[de]+[ND]\\.?[jp,]+[fa]*N(?:y|${STRICT})`,
  `^f*ia*Na+$`,
  `m[a]*A(?:,|$)`,
  `m[am]*A,[^von]*N[.,]*$`,
  // "I'm not an adult"
  `(?:^|[,.?])[^,.?v]*(?:[BGILhs][acFjfms]*n|n[acFjfms]*[BGILWhs])[acFjefms]*A`,
  `^[acFjfs,]*n[acFjfms]*A(?:[acFjfmw,.]*$|[^von]*,[fa]*N(?:y|${STRICT}))`,
].map((source) => patternOf(source, 'u'));

/** Matches "only 16". "Still 16" and "about 16" can be something else. */
const ONLY = /^[f,]*(?:X+Ny?|Ny?X+|[wa]+X+Ny)[.,]*$/u;

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
  const vocabulary = new Set([...classes.anywhere.keys()].flatMap((phrase) => phrase.split(' ')));
  const [unit = ''] = foldedOf(plainOf(words.y ?? '')).split('|');
  const write = ageWriterOf(numbers, vocabulary, unit);
  return (plain, year) =>
    lettersOf(
      write(plain)
        .match(TOKEN)
        ?.filter((token) => token !== '-') ?? [],
      classes,
      counted,
      year,
    );
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
