/** Patterns of `stated-age.ts` for Spanish and Portuguese. */

/** Written-out ages that the patterns need as digits. */
export const WRITTEN_OUT_ES_PT: readonly (readonly [RegExp, string])[] = [
  // These words have other meanings too: "once" in English and "doce" in Portuguese.
  [/(?<=\bedad es )diez\b|(?<=\bidade é )dez\b|\b(?:diez|dez)(?= a[nñ](?:os|itos|inhos))/giu, '10'],
  [
    /(?<=\bedad es )once\b|(?<=\bidade é )onze\b|\b(?:once|onze)(?= a[nñ](?:os|itos|inhos))/giu,
    '11',
  ],
  [/\bdoze\b|(?<=\b(?:tengo|edad es) )doce\b|\bdoce(?= a[nñ](?:os|itos|inhos))/giu, '12'],
  [/\b(?:trece|treze)\b/giu, '13'],
  [/\b(?:catorce|catorze|quatorze)\b/giu, '14'],
  [/\b(?:quince|quinze)\b/giu, '15'],
  [/\b(?:diecis[eé]is|diez y seis|dezesseis|dezasseis)\b/giu, '16'],
  [/\b(?:diecisiete|diez y siete|dezessete|dezassete)\b/giu, '17'],
  [/\b(?:dieciocho|diez y ocho|dezoito)\b/giu, '18'],
];

const YEARS = String.raw`(?:años|añitos|anos|aninhos|añs)`;
/**
 * Prevents a match if the years aren't an age, as in "tengo 15 años de experiencia" or "tenho 15
 * anos morando aqui".
 */
const IS_AGE = String.raw`(?!\p{L})(?! +(?:de(?! +(?:edad|idade))|en|em|n[ao]s?|con|com|sin|sem|m[áa]s|mais|a mais|a menos|menos|juntos|casad[oa]s?|\p{L}+[aei]ndo)(?!\p{L}))`;
/** End of a text part that names no unit. "Tengo 15 minutos" has one and doesn't match. */
const NO_UNIT = String.raw`(?: *$| *[.,;!?…)](?!\p{Nd})| +(?:y|e|pero|mas|and|but|jaja\p{L}*|kk+|rs|xd|[mfhv])(?!\p{L}))`;
const SEX = String.raw`(?:[mfh]|chic[oa]|hombre|mujer|var[oó]n|garot[oa]|menin[oa]|homem|mulher)`;
const PERSON = String.raw`(?:chic[oa]|muchach[oa]|joven|hombre|mujer|var[oó]n|garot[oa]|menin[oa]|mo[cç][oa]|rapaz|jovem|homem|mulher)`;
const ONLY = String.raw`(?:s[oó]lo |s[óo] |apenas |casi |quase |ya |já |nomás )?`;
const HAVE = String.raw`(?<!\p{L})(?<!(?<!\p{L})(?:no|n[ãa]o|n) )(?:tengo|tngo|tenho|tnh)`;

export const STATED_ES_PT: readonly RegExp[] = [
  new RegExp(`${HAVE} ${ONLY}1[0-7] ?${YEARS}${IS_AGE}`, 'iu'),
  new RegExp(`${HAVE} ${ONLY}1[0-7]${NO_UNIT}`, 'iu'),
  new RegExp(`(?<!\\p{L})cumpl[oií] ${ONLY}1[0-7](?: ${YEARS}${IS_AGE}|${NO_UNIT})`, 'iu'),
  new RegExp(`(?<!\\p{L})acabo de cumplir 1[0-7](?: ${YEARS}${IS_AGE}|${NO_UNIT})`, 'iu'),
  new RegExp(
    `(?<!\\p{L})(?:fiz|faço|faco|estou com|t[ôo] com|tou com) 1[0-7] ${YEARS}${IS_AGE}`,
    'iu',
  ),
  new RegExp(`(?<!\\p{L})(?:soy|sou) (?:uma? |una? )?${PERSON} de 1[0-7](?!\\p{Nd})`, 'iu'),
  /(?<!\p{L})(?:mi edad es|minha idade é|minha idade e) 1[0-7](?!\p{Nd})/iu,
  // Matches a line that consists of an age, such as "16 años" or "chica, 16".
  new RegExp(`^1[0-7] ?${YEARS}(?:[ ,/]*${SEX})?[.!]?$`, 'iu'),
  new RegExp(`^1[0-7][ ,/]*${SEX}[.!]?$`, 'iu'),
  new RegExp(`^${SEX}[ ,/]*1[0-7](?: ?${YEARS})?[.!]?$`, 'iu'),
  /(?<!\p{L})(?<!(?<!\p{L})(?:no|n[ãa]o|n) )(?:soy|sou)(?: (?:un|una|um|uma|de))? menor(?: de (?:edad|idade|18)(?!\p{L})| *$| *[.,;!?…)])/iu,
  /(?<!\p{L})(?:no|n[ãa]o|n) (?:soy|sou) (?:mayor|maior|de maior)(?: de (?:edad|idade|18)(?!\p{L})| *$)/iu,
  new RegExp(`(?<!\\p{L})(?:tengo|tenho|tnh) menos de 18(?: ?${YEARS}|${NO_UNIT})`, 'iu'),
  /(?<!\p{L})(?:no|n[ãa]o|n) (?:tengo|tenho|tnh|cumplo|fiz|he cumplido|completei)(?: (?:los|os|a[úu]n|todavía|ainda))? 18(?: *$| *[.,;!?…)]| +(?:años|anos|a[úu]n|todavía|todavia|ainda|y|e)(?!\p{L}))/iu,
];
