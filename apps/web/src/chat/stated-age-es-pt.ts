import type { AgePatterns } from './hint-patterns.ts';

const REPLACEMENTS: AgePatterns['replacements'] = [
  // Some of these words have other meanings too, such as "once" in English and "doce" in Portuguese.
  [/(?<=edad es |idade é )(?:diez|dez)\b|\b(?:diez|dez)(?= a[nñ](?:os|itos|inhos))/giu, '10'],
  [/(?<=edad es |idade é )(?:once|onze)\b|\b(?:once|onze)(?= a[nñ](?:os|itos|inhos))/giu, '11'],
  [/\bdoze\b|(?<=tengo |edad es )doce\b|\bdoce(?= a[nñ](?:os|itos|inhos))/giu, '12'],
  [/\b(?:trece|treze)\b/giu, '13'],
  [/\b(?:catorce|catorze|quatorze)\b/giu, '14'],
  [/\b(?:quince|quinze)\b/giu, '15'],
  [/\b(?:diecis[eé]is|diez y seis|dezesseis|dezasseis)\b/giu, '16'],
  [/\b(?:diecisiete|diez y siete|dezessete|dezassete)\b/giu, '17'],
  [/\b(?:dieciocho|diez y ocho|dezoito)\b/giu, '18'],
  [/(?<!\p{L})(?:años|añitos|aninhos|añs)(?!\p{L})/giu, 'anos'],
  // Years that aren't an age, as in "tengo 15 años de experiencia" or "tenho 15 anos morando aqui".
  [
    /anos(?= (?:de(?! edad| idade)|en|em|n[ao]s?|con|com|sin|sem|m[áa]s|a? ?mais|a? ?menos|juntos|casad[oa]s?|\p{L}{1,12}[aei]ndo)(?!\p{L}))/giu,
    'span',
  ],
  [/(?<!\p{L})(?:tngo|tenho|tnh|cumplo|cumpl[ií]|acabo de cumplir)(?!\p{L})/giu, 'tengo'],
  [/(?<!\p{L})(?:fiz|fa[cç]o|estou com|t[ôo] com|tou com)(?= 1[0-7] anos)/giu, 'tengo'],
  [/(?<!\p{L})(?:s[oó]lo|s[oó]|apenas|casi|quase|ya|j[áa]|nomás) (?=1[0-7])/giu, ''],
  [/(?<!\p{L})(?:no|n[ãa]o|n) (?=(?:tengo|fiz|he cumplido|completei|soy|sou) )/giu, 'no-'],
];

const STATED: readonly RegExp[] = [
  /(?<![\p{L}-])tengo 1[0-7] ?anos(?!\p{L})/iu,
  // A number with a unit, as in "tengo 15 minutos", doesn't match.
  /(?<![\p{L}-])tengo 1[0-7](?: ?$| ?[.,;!?…)](?!\p{Nd})| jaja| kk| (?:y|e|pero|mas|and|but|rs|xd|[mfhv])(?!\p{L}))/iu,
  /(?<!\p{L})(?:soy|sou) (?:uma? |una? )?(?:chic[oa]|muchach[oa]|joven|hombre|mujer|var[oó]n|garot[oa]|menin[oa]|mo[cç][oa]|rapaz|jovem|homem|mulher) de 1[0-7](?!\p{Nd})/iu,
  /(?<!\p{L})(?:mi edad es|minha idade [ée]) 1[0-7](?!\p{Nd})/iu,
  // Matches a line that consists of an age, such as "16 años" or "chica, 16".
  /^1[0-7] ?anos[.!]?$/iu,
  /^1[0-7][ ,/]{0,3}(?:chic[oa]|hombre|mujer|var[oó]n|garot[oa]|menin[oa]|homem|mulher)[.!]?$/iu,
  /^(?:[mfh]|chic[oa]|hombre|mujer|var[oó]n|garot[oa]|menin[oa]|homem|mulher)[ ,/]{0,3}1[0-7](?: ?anos)?[.!]?$/iu,
  /(?<![\p{L}-])(?:soy|sou) (?:uma? |una? |de )?menor(?: de (?:edad|idade|18)(?!\p{L})| ?$| ?[.,;!?…)])/iu,
  /no-(?:soy|sou) (?:mayor|maior|de maior)(?: de (?:edad|idade|18)(?!\p{L})| ?$)/iu,
  /(?<![\p{L}-])tengo menos de 18(?: ?anos| ?$| ?[.,;!?…)])/iu,
  /no-(?:tengo|fiz|he cumplido|completei) (?:los |os |a[úu]n |todav[íi]a |ainda )?18(?: ?$| ?[.,;!?…)]| (?:anos|a[úu]n|todav[íi]a|ainda|y|e)(?!\p{L}))/iu,
];

export const SPANISH_PORTUGUESE_AGES: AgePatterns = {
  replacements: REPLACEMENTS,
  stated: STATED,
};
