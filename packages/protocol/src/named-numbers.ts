import { patternOf } from './hint-patterns.ts';
import { LEET_WORD, withLetters } from './plain-text.ts';

/**
 * Numbers of as many digits as a phone number that aren't one, by the words around them: the
 * number of an order or a ticket, a score, and a count of things or people.
 */

const THING = [
  'order|parcel|package|tracking|invoice|receipt|ticket|booking|reference|ref|case|serial|model|part|version|build|flight|isbn|score|record|population',
  'commande|colis|suivi|facture|dossier|référence|réf|série|billet',
  'pedido|paquete|guía|rastreo|seguimiento|factura|boleto|referencia|serie|folio|récord|puntaje|puntuación|población',
  'encomenda|pacote|rastreio|rastreamento|fatura|protocolo|bilhete|referência|recorde|pontuação|população',
  'bestell\\p{L}*|auftrags?\\p{L}*|paket\\p{L}*|sendungs?\\p{L}*|rechnungs?\\p{L}*|akten\\p{L}*|serien\\p{L}*|buchungs?\\p{L}*|rekord|einwohnerzahl',
  '(?:ال)?(?:طلب\\p{L}*|شحنه|فاتوره|تذكره|حجز|معامله|تتبع|مرجع|رقم قياسي|عدد السكان|سكان)',
].join('|');
const NUMBER_OF = '(?: (?:de|da|do|du|of) | ?)(?:number|num|no|nr|n[°ºo]|número|numéro|nummer|id)';
const IS = '(?: (?:is|was|es|é|est|ist|هو))?';
const BEFORE = patternOf(
  `(?<!\\p{L})(?:(?:${THING})(?:${NUMBER_OF}| رقم(?:ها|ه|ي)?)?|(?:number|num|n[°ºo]|número|numéro|nummer|رقم)(?: (?:of|de|da|do|du|la|le|el|der|des|the|my|mon|ma|mi|meu|minha|meiner?|meines)){0,2} (?:${THING}))${IS}[ .:#°-]{0,3}$`,
);

const COUNTED = [
  'points?|pts|people|inhabitants|residents|views|followers|subs(?:cribers)?|likes|plays|streams|steps|copies|dollars|bucks|pounds|euros?|yen|won|rupees',
  'personnes|gens|habitants|vues|abonnés|pas|exemplaires',
  'puntos|personas|habitantes|vistas|seguidores|pasos|copias|pesos|dólares|visitas|reproducciones',
  'pontos|pessoas|visualizações|passos|cópias|reais|curtidas',
  'punkte|leute|menschen|einwohner(?:n)?|aufrufe|schritte|follower',
  'نقطه|نقاط|شخص|نسمه|مشاهده|متابع|خطوه|دولار|ريال|جنيه|دينار|درهم|ليره',
].join('|');
const AFTER = patternOf(`^ ?(?:[$€£¥%]|(?:de )?(?:${COUNTED})(?!\\p{L}))`);
/** Matches a sign of money before a number, or the whole part of a decimal number. */
const MONEY_OR_WHOLE = /[$€£¥] ?$|\p{Nd}[.,]$/u;
const CONTEXT_CHARS_MAX = 40;

/**
 * Returns whether the words around a number show that it isn't a phone number.
 * @param start Index of the first character of the number.
 * @param end Index after its last character.
 */
export function isNamedNumber(plain: string, start: number, end: number): boolean {
  const before = inLetters(plain.slice(Math.max(0, start - CONTEXT_CHARS_MAX), start));
  const after = inLetters(plain.slice(end, end + CONTEXT_CHARS_MAX));
  return BEFORE.test(before) || MONEY_OR_WHOLE.test(before) || AFTER.test(after);
}

function inLetters(text: string): string {
  return text.replaceAll(LEET_WORD, withLetters);
}
