import { AGE, type AgePatterns, ageEnd, NEXT_AGE, patternOf } from './hint-patterns.ts';

const REPLACEMENTS: AgePatterns['replacements'] = [
  // Some of these words have other meanings too, such as "once" in English and "doce" in Portuguese.
  [/(?<=edad es |idade é )(?:diez|dez)\b|\b(?:diez|dez)(?= a[nñ](?:os|itos|inhos))/giu, '10'],
  [/(?<=edad es |idade é )(?:once|onze)\b|\b(?:once|onze)(?= a[nñ](?:os|itos|inhos))/giu, '11'],
  [
    /\bdoze\b|(?<=(?:tengo|tenemos|cumpl[íio]|cumplir|edad es|edad:|solo|sólo|apenas|yo|ya|casi) )doce\b|\bdoce(?= a[nñ](?:os|itos|inhos))/giu,
    '12',
  ],
  [/\b(?:trece|treze|trese)\b/giu, '13'],
  [/\b(?:[ck]ator[cz]e|quatorze|catorse)\b/giu, '14'],
  [/\b(?:quince|quinze|[qk]u?in[scz]e)\b/giu, '15'],
  [/\b(?:die[cs]is[eé]is|diez y seis|dezess?eis|dezasseis)\b/giu, '16'],
  [/\b(?:die[cs]isiete|diez y siete|dezess?ete|dezassete)\b/giu, '17'],
  [/\b(?:die[cs]iocho|diez y ocho|dezoito)\b/giu, '18'],
  [/(?<!\p{L})(?:años|añitos|aninhos|añs|anios|anitos)(?!\p{L})/giu, 'anos'],
  // Years that aren't an age, as in "tengo 15 años de experiencia" or "tenho 15 anos morando aqui".
  [
    /anos(?= (?:de(?! edad| idade)|e[nm](?! (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|\p{L}+br[eo]|janeiro|fevereiro|mar[cç]o|maio|junho|julho))|n[ao]s?|con|com|sin|sem|m[áa]s|a? ?mais|a? ?menos|juntos|casad[oa]s?|\p{L}{1,12}[aei]ndo)(?!\p{L}))/giu,
    'span',
  ],
  [
    /(?<!\p{L})(?:tngo|tenho|tnh|tenemos|temos|cumpl[ií]|acabo de cumplir|completei|estou com|t[ôo] com|tou com|ando en los)(?!\p{L})/giu,
    'tengo',
  ],
  [
    /(?<!\p{L})(?:(?:voy a|estoy por|estoy a punto de) cumplir|cumplo|cumplir[ée]|vou (?:fazer|completar)|fa[cç]o|acabei de (?:fazer|completar)|rec[ée]m fiz|fiz)(?= (?:\p{L}+ )?1[0-8])/giu,
    'tengo-soon',
  ],
  [/(?<!\p{L})(?:tengo) (?:casi|quase)(?= 18)/giu, 'tengo-soon'],
  [
    /(?<!\p{L})(?:s[oó]lo|s[oó]|apenas|casi|quase|ya|j[áa]|nom[áa]s|todav[íi]a|a[úu]n|ainda|uns|unos|como|tipo|reci[ée]n|exatamente|actualmente|atualmente) (?=(?:\p{L}+ )?1[0-8])/giu,
    '',
  ],
  [
    /(?<!\p{L})(?:no|n[ãa]o|n) (?=(?:tengo|fiz|he cumplido|completei|soy|sou)(?:-soon)? )/giu,
    'no-',
  ],
];

const MONTH = String.raw`enero|febrero|marzo|abril|mayo|junio|julio|agosto|\p{L}+br[eo]|janeiro|fevereiro|mar[cç]o|maio|junho|julho`;
const FILLER =
  '(?:pues|eh+|ah+|oh+|s[íi]|sim|no|n[ãa]o|bueno|bom|hola|hey|oi|ol[áa]|yo|eu|é|ent[ãa]o|mm+|uh+|ok)';
/** Short words after a number in which it isn't an age. */
const NO_AGE =
  'min|km|cm|mm|kg|gb|mb|mil|m[ée]s|ex|tv|pc|sms|de|del|do|da|a|o|ou|u|en|em|con|com|por|x|hs|hrs?|seg|k|g|l|m2|d[íi]a|red|vez|voz|luz|tio|t[íi]a|c[ãa]o|p[ãa]o|p[ée]s|gol|sol|rei|rey|ley|lei|bus';
const END = ageEnd(
  String.raw`(?!(?:${NO_AGE})(?!\p{L}))\p{L}{1,3}|por aqu[íi]|tudo|hasta|pues|en realidad|na verdade|en serio|y|e|pero|mas|and|but|rs+|k{2,}|(?:ja){2,}j?|(?:je){2,}j?|[mfhv]|t[úu]|vos|vc|voc[êe]|usted|soy|sou|x ahora|por ahora|por enquanto|ahora|agora|apenas|nom[áa]s|s[oó]|reci[ée]n(?: cumplidos)?|cumplidos|feitos|tamb[ié]+n|tamb[ée]m|todav[íi]a|ainda|la verdad|na real|amig[oa]|che|w[eu]y|cara|mano|hoy|hoje|ayer|ontem|mañana|manana|amanh[ãa]|pronto|logo|m[êe]s que vem|semana passada|la semana pasada|el mes|este|esse|hace poco|ano que vem|e[nm] (?:${MONTH})|perd[óo]n|desculpa|yo|eu|voy|vou|vivo|moro|estudio|estudo|me|gosto|aqu[íi]|los dos|n[óo]s dois|bueno|bom|por cierto|igual|t[ôo]|estoy|estou|sim|s[íi]|n[ãa]o|no|hola|oi`,
);
const YEARS = String.raw`(?: ?anos(?!\p{L}))`;
const NOT_PAST = String.raw`(?<![\p{L}-])(?<!(?:cuando|quando|desde que|si|se) (?:yo |eu )?)`;
const PERSON = String.raw`(?:chic[oa]|muchach[oa]|joven|hombre|mujer|var[oó]n|garot[oa]|menin[oa]|mo[cç][oa]|rapaz|jovem|homem|mulher|adolescente|estudiante|estudante|alumn[oa]|alun[oa]|pib[ea]|niñ[oa])`;
const YOU = String.raw`(?:t[úu]|vos|usted|voc[êe]|vc)`;

export const SPANISH_PORTUGUESE_AGES: AgePatterns = {
  replacements: REPLACEMENTS,
  stated: [
    `${NOT_PAST}tengo ${AGE}${YEARS}`,
    // A number with a unit, as in "tengo 15 minutos", doesn't match.
    `${NOT_PAST}tengo ${AGE}${END}`,
    `${NOT_PAST}tengo-soon ${NEXT_AGE}(?:${YEARS}|${END})`,
    `(?<!\\p{L})(?:soy|sou) (?:uma? |una? )?(?:${PERSON} )?de ${AGE}(?:${YEARS}|${END})`,
    `(?<!\\p{L})(?:mi edad|minha idade)(?: real| verdade?[ir]+a)?(?: es| [ée]|:)? ?(?:de )?${AGE}|^(?:edad|idade) ?:? ?${AGE}`,
    `^(?:yo|eu) ${AGE}(?:${YEARS}|,? (?:y|e) ${YOU}|,? ${YOU})`,
    // Matches a line that consists of an age, such as "16 años" or "chica, 16".
    `^(?:${FILLER},? )*${AGE} ?anos${END}`,
    `^${AGE}(?: anos)?,? (?:(?:y|e) )?${YOU}(?!\\p{L})`,
    `^(?:una? |uma? )?${PERSON} de ${AGE} anos(?: *$| *[.,!?…]| (?:aqu[íi]|y|e)(?!\\p{L}))`,
    `^${AGE}[ ,/]{0,3}${PERSON}[.!]?$`,
    `^(?:[mfh]|${PERSON})[ ,/]{0,3}${AGE}(?: ?anos)?[.!]?$`,
    `(?<!\\p{L})con ${AGE} anos que tengo|(?<!\\p{L})co[nm] (?:mis|meus) ${AGE}`,
    `(?<![\\p{L}-])(?:soy|sou) (?:uma? |una? |de |todav[íi]a |a[úu]n |ainda )*menor(?: de (?:edad|idade|18)(?!\\p{L})| (?:todav[íi]a|a[úu]n|ainda|tamb[ié]+n|tamb[ée]m)| ?$| ?[.,;!?…)])`,
    `^(?:a[úu]n |todav[íi]a |ainda |de )?menor de (?:edad|idade)${END}`,
    `no-(?:soy|sou) (?:todav[íi]a |a[úu]n |ainda )?(?:mayor|maior|de maior)(?: de (?:edad|idade|18)(?!\\p{L})| ?$)`,
    `(?<![\\p{L}-])tengo menos de 18(?: ?anos| ?$| ?[.,;!?…)])`,
    `no-(?:tengo|tengo-soon|cumpl[íi]|fiz|he cumplido|completei) (?:los |os |a[úu]n |todav[íi]a |ainda |ni )*18(?: anos(?!\\p{L})| a[úu]n(?!\\p{L})|${END})`,
    `(?<!\\p{L})(?:soy|sou|me llamo|me chamo) \\p{L}{2,15}, ${AGE}(?:${YEARS}|,|[.!]? *$)`,
    `(?<!\\p{L})n(?:i|em) (?:los |os )?18 (?:anos )?(?:yo |eu )?(?:tengo|he)`,
  ].map((source) => patternOf(source)),
};
