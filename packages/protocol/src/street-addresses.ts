import { patternOf } from './hint-patterns.ts';

/**
 * Patterns of postal addresses in each language, for the output of `plainOf`. A street needs a name
 * and a house number, because people also name streets that they don't live in.
 */

const NAME = "[\\p{L}'’.-]{2,30}";
const UNIT =
  '(?:min(?:s|ut\\p{L}*)?|(?:hour|day|mile|block|lane|way|year|star|shop|house|bar|car)s?|sec(?:s|ond\\p{L}*)?|km|people)';
/** Words that no name of a street starts with. */
const NOT_NAME = `(?!(?:tiene|tem|está|fica|queda|hay|con|com|es|é|y|e|the|a|an|my|your|our|this|that|same|down|on|in|of|at|to|from|for|or|and|next|more|${UNIT}) )`;
/** End of an address. A unit after the number would make it a time or a distance. */
const END =
  '(?!\\p{N})(?= {0,2}(?:$|[^\\p{L}\\p{N} ]|(?<= )\\p{N}|in |klingel|stock|top |ap |depto |dpto |int |piso|puerta|apto|bloco|casa \\p{N}))';
const HOUSE = '\\p{N}{1,5}(?: ?[a-h])?(?:[/-]\\p{N}{1,4}){0,2}(?!\\p{L})';
/** End of a German address, which a town can follow without a comma. */
const GERMAN_END = `(?:${END}|(?! {0,2}(?:min|stund|std|km|uhr|tage|woche|jahr|monat|euro|mal|leute|mann|grad|prozent|kilo|punkt|spieler))(?= \\p{L}{3,20} *(?:$|[,.!])|,? (?:da )?wohne? ))`;
const ARABIC_PART = '(?:فيلا|بنايه|عماره|شقه|قطعه|منزل|بيتي?|الدور|برج|حي|صيدليه)';

export const STREET_ADDRESS: readonly RegExp[] = [
  `(?<![\\p{N}.,:])\\p{N}{1,5}[a-h]? (?!(?:downing|baker|jump|cloverfield) )${NOT_NAME}${NAME} (?:${NOT_NAME}${NAME} )?(?:street|road|avenue|boulevard|blvd|crescent|terrace|lane|st(?= ?[,.]|$| (?:apt|apartment|unit|suite|flat|floor|#))|(?:rd|ave|ln|dr)(?!\\p{L})|(?:drive|close|court|place|way|square|gardens|grove|mews|row|hill|park|circle|cir|parkway|pkwy|terr)(?= ?,| (?:apt|flat|unit|suite) ?\\p{N}))`,
  `(?:live (?:on|in|at)|live|living|address is|address:|(?:house|place|home) is(?: at)?|we['’]?re at|i'm|im|come (?:over(?: to)?|to)|stay)(?: at)? \\p{N}{1,5}[a-h]? ${NOT_NAME}${NAME} (?:${NAME} )?(?:drive|close|court|place|way|square|gardens|grove|mews|row|hill|park|circle|cir|parkway|pkwy|dr|ct|pl)(?!\\p{L})`,
  `(?<![\\p{N}.,:])\\p{N}{1,4}(?: ?(?:bis|ter|[a-d]))?,? (?:(?:rue|avenue|av|boulevard|bd|bld|allées?|impasse|quai|faubourg|ruelle|résidence|residence)(?:\\.? )(?!est |qui |et |ou |pour |je |tu |il |on |mais )|(?:place|route|chemin|cours|passage|square) (?:du|des|de la|de l) ?)['’]?\\p{L}{2}`,
  `(?<!\\p{L})(?:(?:calle|avenida|avda|paseo|plaza|pasaje|jirón|calzada|rua|alameda|travessa|praça|estrada|largo|beco|camino|ronda|carretera|praceta|ladeira|calçada|viela) |av(?:\\. ?| )|c/ ?|r\\. ?)(?:${NOT_NAME}${NAME},? ){1,5}(?:n[ºo°]?\\.? ?|#)?${HOUSE}${END}`,
  `(?<!\\p{L})(?:calle|carrera|cra|cl|avenida|av)\\.? \\p{N}{1,3}[a-z]? ?(?:#|n[ºo°]\\.?) ?\\p{N}`,
  `\\p{N}{1,5} de la (?:calle|avenida) \\p{L}|(?<!\\p{L})(?:casa|bloco|apto) \\p{N}{1,5}, ?(?:rua|avenida|alameda|travessa) \\p{L}`,
  `(?<!\\p{L})(?:\\p{L}{3,20}(?:straße|strasse|str\\.?)|(?!(?:sitz|steh|stell|park|spiel|sport|bahn(?!hof)|flug|arbeits|heim|hin|rück|schul|start|tabellen|lager|camping|renn|umweg|feld))\\p{L}{3,20}(?:gasse|weg|allee|platz|ring|ufer|damm|steig|graben)),? (?:(?:haus)?nummer |(?:haus)?nr\\.? ?)?${HOUSE}${GERMAN_END}`,
  `(?<!\\p{L})house (?:number|no\\.?) \\p{N}{1,5}, ?${NAME} ${NAME}`,
  `(?<!\\p{L})(?:my (?:home )?address|mon adresse|mi direcci[óo]n|meu endere[çc]o|minha morada|meine (?:wohn)?adresse)(?: ?:| (?:is|c['’]?est|est|es|é|e|ist)) (?![^?!]{0,30}@)[^?!]{3,40} ${HOUSE}(?! ?(?:k?m|mi|min|minut\\p{L}*|kilom\\p{L}*|miles?)(?!\\p{L}))`,
  `عنواني(?: هو|:)? [^?؟!\\p{N}]{3,40} \\p{N}{1,4}`,
  `(?<!\\p{L})(?:vivo|mi casa|mi depa|moro|resido|minha casa|fico) [^?!]{0,30}(?:urbanizaci[óo]n|residencial|conjunto|edificio|torre|manzana|mz|barrio|condom[íi]nio|edif[íi]cio|pr[ée]dio|quadra|urbanização|bairro) [^?!]{1,30} (?:casa|apto?|depto|bloco|bloque|lote|torre|n[ºo°]?) ?\\p{N}`,
  `(?<!\\p{L})(?!(?:tengo|tiene|hay|con|de|y|son|unos|las?|los) )\\p{L}{4,20} \\p{N}{2,5},? piso \\p{N}`,
  `(?<!\\p{L})calle \\p{N}{1,3},? (?:casa|n[ºo°]|apto?) ?\\p{N}`,
  `(?<!\\p{L})(?:j['’]?habite|jhabite|je vis|chez moi c['’]?est) [^?!\\p{N}]{0,15}(?:rue|avenue|boulevard|impasse|place) [^?!\\p{N}]{2,30} (?:au |n[°ºo] ?|numéro )\\p{N}`,
  `(?<!\\p{L})wohne?(?: ich)? (?:am|im|in der|an der|auf de[mr]|zur|zum|hinter de[mr]|unter den) \\p{L}{3,20}(?: \\p{L}{3,20})? \\p{N}{1,3}[a-h]?${END}`,
  `(?:ساكنه?|بيتي|عنواني|اسكن|نسكن|عايشه?) [^?؟!]{0,20}(?:شارع|نهج|زنقه|حي|درب|حاره) [^?؟!\\p{N}]{2,40}\\p{N}{1,4}(?! ?(?:دقيق|متر|كيلو|سن[هي]|عام|يوم))`,
  `(?<![\\p{N}.,:])\\p{N}{1,5} (?:[nsew]\\.? |north |south |east |west )?\\p{N}{1,3}(?:st|nd|rd|th) (?:st|street|ave|avenue)(?!\\p{L})`,
  `(?<!\\p{L})(?:i live|we live|i['’]?m|i stay|my (?:house|flat|apartment|place) is) (?:on|at|in) (?:${NAME} ){1,3}(?:street|road|avenue|lane|drive|close|court|way|st|rd|ave|ln),? (?:house |flat )?(?:number|no\\.?|#) ?\\p{N}`,
  '(?<!\\p{L})(?:p\\.? ?o\\.? box|bo[iî]te postale|apartado (?:postal|de correos)|caixa postal|postfach|صندوق بريد|ص\\. ?ب\\.?) ?\\p{N}{2}',
  `(?<!\\p{L})vi(?:vo|ves?) en (?!(?:el|la|los|las|un|una|piso|año|casa) )(?:${NAME} ){1,2}(?!(?:19|20)\\p{N}\\p{N}(?!\\p{N}))\\p{N}{3,5}${END}`,
  `(?<!\\p{L})\\p{L}{4,20} \\p{N}{2,5},? \\p{N}{1,2}(?:r?[oa])(?: piso)? ?[a-d](?!\\p{L})`,
  `(?<!\\p{L})(?:manzana|mz\\.?|quadra|bloco|bloque|lote|torre|urbanizaci[óo]n|urb\\.|condom[íi]nio|residencial) (?:[\\p{L}\\p{N}]{1,20} ){1,3}(?:lote|lt\\.?|casa|apto?\\.?|apartamento|depto|lj)\\.? ?\\p{N}`,
  `(?<![\\p{N}.,:])\\p{N}{1,4}(?: ?(?:bis|ter))?,? (?:lotissement|hameau|lieu-dit|clos|montée|sentier|esplanade|villa|cité) (?:d[eu]s? |les? |la |l['’])?\\p{L}{3}`,
  `(?<!\\p{L})rue (?:d[eu]s? |de la |de l['’])?(?:${NAME} ){1,2}\\p{N}{1,3}(?: ?bis)?(?=$|[,.])`,
  // A house number, a postcode and a town
  `\\p{L}{4,30} \\p{N}{1,4}[a-h]?, ?\\p{N}{5} \\p{L}{3}`,
  `(?<!\\p{L})rue (?:${NAME} ){1,4}(?:numéro|n[º°o]) ?\\p{N}`,
  `(?<!\\p{L})(?!(?:die|der|eine|jede|ganze) )\\p{L}{3,20} (?:straße|strasse|gasse|allee) ${HOUSE}${GERMAN_END}`,
  `\\p{N}{1,4},? (?:شارع|زنقه|درب|حاره|نهج|زقاق) \\p{L}`,
  `شارع (?:\\p{L}+ ){1,3}رقم \\p{N}|(?:عماره|بنايه|فيلا|قطعه) \\p{N}{1,4},? (?:شقه|منزل|شارع) \\p{N}`,
  `^(?=.*\\p{N}).*(?:${ARABIC_PART}[^!?؟]{1,30}شارع(?!\\p{L})[^!?؟]{0,20}\\p{N}(?!\\p{N}| ?(?:دقي|دقا|متر|كيلو|سن|ساع))|شارع(?!\\p{L})[^!?؟]{1,30}${ARABIC_PART} \\p{N})`,
].map((source) => patternOf(source));

/** Matches a British postcode, which a few houses share, but not sizes such as "M1 8GB". */
export const POSTCODE =
  /(?<![\p{L}\p{N}])[A-Z]{1,2}\d[\dA-Z]? \d(?!GB|TB|HZ|HP)[ABD-HJLNP-UW-Z]{2}(?![\p{L}\p{N}])/u;
