import { AGE, type AgePatterns, ageEnd, NEXT_AGE, patternOf } from './hint-patterns.ts';

/** A spelled age can be part of a longer word, such as "fünfzehnjährig". */
const LAST = '(?=$|[^\\p{L}]|j(?:ährig|aehrig|ahrig)?)';

const WRITTEN_OUT: AgePatterns['replacements'] = [
  // "Elf" is an English word too.
  [/(?<=\b(?:bin|erst|gerade|grade|werde|bald) )zehn\b|\bzehn(?= jahre (?:alt|jung))/giu, '10'],
  [/(?<=\b(?:bin|erst|gerade|grade|werde|bald) )elf\b|\belf(?= jahre (?:alt|jung))/giu, '11'],
  [patternOf(`\\bzw(?:ö|oe|o)lf${LAST}`, 'giu'), '12'],
  [patternOf(`\\bdreizeh?n${LAST}`, 'giu'), '13'],
  [patternOf(`\\bvierzeh?n${LAST}`, 'giu'), '14'],
  [patternOf(`\\bf(?:ü|ue|u)[nmf]+(?:p?f)?zeh?n${LAST}`, 'giu'), '15'],
  [patternOf(`\\bsech?s?zeh?n${LAST}`, 'giu'), '16'],
  [patternOf(`\\bsieb(?:en)?zeh?n${LAST}`, 'giu'), '17'],
  [patternOf(`\\bachtzeh?n${LAST}`, 'giu'), '18'],
];

/** Short words after a number in which it isn't an age. */
const NO_AGE =
  'km|cm|mm|kg|gb|mb|min|std|sek|mal|uhr|eur|mio|tsd|k|h|g|x|von|zu|bis|pro|tag|m²|l|ml|ps|oz|tor|ei|und \\p{Nd}';
const END = ageEnd(
  String.raw`hier|eigentlich|wirklich|bis \p{L}+|(?!(?:${NO_AGE})(?!\p{L}))\p{L}{1,3}|mag|komme?|wohne?|gehe?|mache?|suche?|lerne?|bin|war|wir|hallo|hi|hey|hab|habe|lebe|aber|and|but|aus|geworden|lieber?|leider|sorry|digga|alter|alta|halt|ehrlich|also|wollte|übrigens|grade?|jetzt|erst|schon|noch|seit (?:gestern|heute|kurzem|letzte\p{L}+)|hihi|ok|oder so|ja|ne|naja|einhalb|ein halb|und ein halb|du|dir|wie alt|weil|falls|wenn|[mw] *$`,
  // A point after a number can make an ordinal.
  String.raw`\.(?= *$| +(?:und|du|wie|was) )`,
);
const YEARS = String.raw`(?: ?(?:jahre|j)(?: (?:alt|jung))?)`;
const WHOLE_YEARS = String.raw`(?: ?(?:jahre|j)\.? (?:alt|jung)(?!\p{L}))`;
const ADVERBS = String.raw`(?:(?:ich|erst|gerade?|grade?|grad(?: mal)?|noch|immer|jetzt|schon|auch|ja|halt|nur|fast|leider|eigentlich|anfang|ende|heute|gestern|frisch|knapp|doch|vor kurzem|letzte\p{L}* \p{L}+|so|übrigens|echt|wirklich|zwar|ehrlich gesagt|ungefähr|circa|ca\.?|etwa|sogar|bereits|mittlerweile|inzwischen|um die|im \p{L}+|am \p{L}+|genau|selber|selbst|btw) )*`;
const SOON = String.raw`(?:(?:ich|bald|morgen|heute|demnächst|erst|ja|schon|halt|auch|dieses|nächste[ns]?|nächst|jahr|monat|woche|im \p{L}+|am \p{L}+|in \p{L}+ \p{L}+|endlich|übrigens) )*`;
const PAST = String.raw`(?:(?:gestern|heute|gerade?|grade?|vor kurzem|kürzlich|erst|neulich|letzte\p{L}* \p{L}+|diese\p{L}* \p{L}+|am \p{L}+) )+`;
const SEX = '(?:w|m|weiblich|männlich|divers|mädchen|junge|frau|mann)';
const ME = String.raw`(?:(?:ich|bin)[, ]+)*`;
const FILLER =
  '(?:tja|ja|nein|nö|ne|ä+h?m*|h+m+|also|na|naja|hi|hallo|hey|nur|erst|schon|fast|knapp|jo|ich)';
const PERSON = '(?:junge|mädchen|schüler(?:in)?|kerl|typ|azubi|teenager|mensch)';

const SOURCES = [
  `(?<!\\p{L})bin ${ADVERBS}${AGE}(?:${WHOLE_YEARS}|${YEARS}?${END})`,
  `(?<!\\p{L})bin ${ADVERBS}eine? ${AGE}[ -]?jährige`,
  `(?<!\\p{L})bin ${ADVERBS}eine? ${PERSON} (?:von|mit) ${AGE}`,
  `(?<!\\p{L})(?:weil|da|dass|obwohl) ich ${ADVERBS}${AGE}${YEARS}? bin(?!\\p{L})`,
  `(?<!\\p{L})(?<!(?:du|er|sie|es|wir|ihr) )werde? ${SOON}${NEXT_AGE}${YEARS}?(?: *$| *[.!?…)](?! ?\\p{Nd})| und du|,(?! ?\\p{Nd}))`,
  `(?<!\\p{L})bin (?:fast|bald|knapp|noch nicht ganz) 18${END}`,
  `^(?:hi |hey |hallo |ja |also |nein )?ich,? ${AGE}${END}`,
  `(?<!\\p{L})bin (?:eine? )?${SEX},? ${AGE}${END}`,
  `(?<!\\p{L})(?:wir|sind)(?: sind| wir)? beide? ${ADVERBS}${AGE}${END}`,
  `(?<!\\p{L})ich wurde ${PAST}${AGE}${END}`,
  `(?:gestern|heute|morgen|bald|neulich|letzte|nächste|gerade|grad).{1,30}meinen? ${AGE}\\. ?geburtstag`,
  `(?<!\\p{L})(?:ich \\(${AGE}\\)|(?<!\\p{Nd} )[mw] ?${AGE} hier(?!\\p{L}))`,
  `(?<!\\p{L})(?:mein (?:echtes |wahres |richtiges )?alter ist|mein alter:?|alter:) ?(?:erst )?${AGE}|^alter ${AGE}[.!]?$`,
  `(?<!\\p{L})mit meinen (?:jungen )?${AGE}${YEARS}?n?(?!\\p{L})`,
  // Matches a line that consists of an age, such as "16 Jahre" or "w, 16".
  `^(?:${FILLER},? )*${AGE}(?:${WHOLE_YEARS}|${YEARS})(?:[ ,/]*${SEX})?${END}`,
  `(?<!\\p{L})bin \\p{L}{2,15}, ${AGE}(?:,|${YEARS}|[.!]? *$)`,
  `^${ME}${AGE}[ ,/]*${SEX}[.!]?$`,
  `^${ME}${SEX}[ ,/]*${AGE}${YEARS}?[.!]?$`,
  `^${AGE}(?:${YEARS}? bin ich(?!\\p{L})|[ -]?jährige|,?(?: und)? du *[?!]*$)`,
  `(?<!\\p{L})bin ${ADVERBS}(?:minderjährig|(?:nicht|ned|net) volljährig|(?:unter|keine|nicht(?: ganz)?|ned|u) ?18(?!\\p{Nd})${YEARS}?${END})`,
];

export const GERMAN_AGES: AgePatterns = {
  replacements: WRITTEN_OUT,
  stated: SOURCES.map((source) => patternOf(source)),
};
