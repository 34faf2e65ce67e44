import { patternOf } from './hint-patterns.ts';

/**
 * Patterns of postal addresses in each language, for the output of `plainOf`. A street needs a name
 * and a house number, because people also name streets that they don't live in.
 */

const NAME = "[\\p{L}'’.-]{2,30}";
const UNIT = '(?:min|hour|sec|day|mile|km|block|lane|way|year|star|people|shop|house|bar|car)';
/** Words that no name of a street starts with. */
const NOT_NAME = `(?!(?:tiene|tem|está|fica|queda|hay|con|com|es|é|y|e|the|a|an|my|your|our|this|that|same|down|on|in|of|at|to|from|for|or|and|next|more|${UNIT}\\p{L}*) )`;
/** End of an address. A unit after the number would make it a time or a distance. */
const END =
  '(?= {0,2}(?:$|[^\\p{L}\\p{N} ]|\\p{N}|in |klingel|stock|top |piso|puerta|apto|bloco|casa \\p{N}))';
const HOUSE = '\\p{N}{1,5}(?: ?[a-h])?(?:[/-]\\p{N}{1,4}){0,2}(?!\\p{L})';
const ARABIC_PART = '(?:فيلا|بنايه|عماره|شقه|قطعه|منزل|بيتي?|الدور|برج|حي|صيدليه)';

export const STREET_ADDRESS: readonly RegExp[] = [
  `(?<![\\p{N}.,:])\\p{N}{1,5}[a-h]? ${NOT_NAME}${NAME} (?:${NOT_NAME}${NAME} )?(?:street|road|avenue|boulevard|blvd|crescent|terrace|lane|st(?= ?[,.]|$)|(?:rd|ave|ln|dr)(?!\\p{L})|(?:drive|close|court|place|way|square)(?= ?,))`,
  `(?:live (?:on|in|at)|live|living|address is|address:|house is|i'm|im|come (?:over )?to)(?: at)? \\p{N}{1,5}[a-h]? ${NOT_NAME}${NAME} (?:${NAME} )?(?:drive|close|court|place|way|square|dr|ct|pl)(?!\\p{L})`,
  `(?<![\\p{N}.,:])\\p{N}{1,4}(?: ?(?:bis|ter|[a-d]))?,? (?:(?:rue|avenue|av|boulevard|bd|bld|allées?|impasse|quai)(?:\\.? )(?!est |qui |et |ou |pour |je |tu |il |on |mais )|(?:place|route|chemin|cours|passage|square) (?:du|des|de la|de l) ?)['’]?\\p{L}{2}`,
  `(?<!\\p{L})(?:(?:calle|avenida|avda|paseo|plaza|pasaje|jirón|calzada|rua|alameda|travessa|praça|estrada|largo|beco|camino|ronda|carretera) |av\\. ?|c/ ?|r\\. ?)(?:${NOT_NAME}${NAME},? ){1,5}(?:n[ºo°]?\\.? ?|#)?${HOUSE}${END}`,
  `(?<!\\p{L})(?:calle|carrera|cra|cl|avenida|av)\\.? \\p{N}{1,3}[a-z]? ?(?:#|n[ºo°]\\.?) ?\\p{N}`,
  `\\p{N}{1,5} de la (?:calle|avenida) \\p{L}|(?<!\\p{L})(?:casa|bloco|apto) \\p{N}{1,5}, ?(?:rua|avenida|alameda|travessa) \\p{L}`,
  `(?<!\\p{L})(?!(?:sitz|steh|stell|park|spiel|sport|bahn|flug|arbeits|heim|hin|rück|schul|start|tabellen|lager|camping|renn|umweg|feld))\\p{L}{3,20}(?:straße|strasse|str\\.?|gasse|weg|allee|platz|ring|ufer|damm|steig|graben) ${HOUSE}${END}`,
  `(?<!\\p{L})house (?:number|no\\.?) \\p{N}{1,5}, ?${NAME} ${NAME}`,
  // A house number, a postcode and a town
  `\\p{L}{4,30} \\p{N}{1,4}[a-h]?, ?\\p{N}{5} \\p{L}{3}`,
  `(?<!\\p{L})rue (?:${NAME} ){1,4}(?:numéro|n[º°o]) ?\\p{N}`,
  `(?<!\\p{L})(?!(?:die|der|eine|jede|ganze) )\\p{L}{3,20} (?:straße|strasse) ${HOUSE}${END}`,
  `\\p{N}{1,4},? شارع \\p{L}`,
  `شارع (?:\\p{L}+ ){1,3}رقم \\p{N}|(?:عماره|بنايه|فيلا|قطعه) \\p{N}{1,4},? (?:شقه|منزل|شارع) \\p{N}`,
  `^(?=.*\\p{N}).*(?:${ARABIC_PART}[^!?؟]{1,30}شارع(?!\\p{L})[^!?؟]{0,20}\\p{N}|شارع(?!\\p{L})[^!?؟]{1,30}${ARABIC_PART} \\p{N})`,
].map((source) => patternOf(source));
