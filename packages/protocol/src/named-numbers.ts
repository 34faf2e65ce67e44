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
const SECRET =
  '(?:pass ?word|wi-?fi|wlan|pin|passwort|kennwort|contraseña|clave|senha|mot de passe|mdp|باسورد|كلمه السر|كود)';
const NUMBER_OF = '(?: (?:de|da|do|du|of) | ?)(?:number|num|no|nr|n[°ºo]|número|numéro|nummer|id)';
const IS = '(?: (?:is|was|es|é|est|ist|هو))?';
const BEFORE = patternOf(
  `(?<!\\p{L})(?:(?:${THING})(?:${NUMBER_OF}| رقم(?:ها|ه|ي)?)?|(?:number|num|n[°ºo]|número|numéro|nummer|رقم)(?: (?:of|de|da|do|du|la|le|el|der|des|the|my|mon|ma|mi|meu|minha|meiner?|meines)){0,2} (?:${THING}))${IS}[ .:#°-]{0,3}$`,
);
const COUNTED = [
  'points?|pts|people|inhabitants|residents|views|followers|subs(?:cribers)?|listens|downloads|likes|plays|streams|steps|copies|dollars|bucks|pounds|euros?|yen|won|rupees',
  'personnes|gens|abonnements|écoutes|habitants|vues|abonnés|pas|exemplaires',
  'puntos|personas|suscriptores|habitantes|vistas|seguidores|pasos|copias|pesos|dólares|visitas|reproducciones',
  'pontos|pessoas|inscritos|seguidores|visualizações|passos|cópias|reais|curtidas',
  'punkte|leute|abonnenten|klicks|menschen|einwohner(?:n)?|aufrufe|schritte|follower',
  'نقطه|نقاط|مشترك|متابعين|شخص|نسمه|مشاهده|متابع|خطوه|دولار|ريال|جنيه|دينار|درهم|ليره',
].join('|');
/** Matches words with others between them and a number, such as "the wifi password was". */
const NAMED_BEFORE = patternOf(
  `(?<!\\p{L})(?:${SECRET}|(?:${COUNTED})|(?:serial|vin|part|model)(?: (?:number|no))?)(?: \\p{L}{1,12}){0,3}${IS}[ .:#°-]{0,3}$`,
);
const AFTER = patternOf(`^ ?(?:[$€£¥%]|(?:de )?(?:${COUNTED})(?!\\p{L}))`);
/** Matches a sign of money before a number, or the whole part of a decimal number. */
const MONEY_OR_WHOLE = /[$€£¥] ?$|\p{Nd}[.,]$/u;
/** Matches words that announce a phone number. */
const BEFORE_PHONE = patternOf(
  `(?<!\\p{L})(?:tel(?:ephone|efono|efon|efone|éfono|éphone)?|phone|mobile|cell|celular|cel|handy|móvil|movil|portable|fixe|fixo|fijo|festnetz|whatsapp|wsp|zap|tlm|(?:my|mon|mi|meu|meine) (?:number|num|numéro|numero|número|nummer|nr)|رقمي|رقم (?:جوالي|تلفوني|هاتفي|موبايلي)|تلفوني|هاتفي|جوالي|موبايلي|نمرتي)[^\\p{N}\\n]{0,10}$`,
);
const CONTEXT_CHARS_MAX = 40;

/** Returns whether a number stands after words that announce a phone number. */
export function isStatedPhone(plain: string, start: number): boolean {
  return BEFORE_PHONE.test(plain.slice(Math.max(0, start - CONTEXT_CHARS_MAX), start));
}

/**
 * Returns whether the words around a number show that it isn't a phone number.
 * @param start Index of the first character of the number.
 * @param end Index after its last character.
 */
export function isNamedNumber(plain: string, start: number, end: number): boolean {
  const before = inLetters(plain.slice(Math.max(0, start - CONTEXT_CHARS_MAX), start));
  const after = inLetters(plain.slice(end, end + CONTEXT_CHARS_MAX));
  return (
    BEFORE.test(before) ||
    NAMED_BEFORE.test(before) ||
    MONEY_OR_WHOLE.test(before) ||
    AFTER.test(after)
  );
}

function inLetters(text: string): string {
  return text.replaceAll(LEET_WORD, withLetters);
}
