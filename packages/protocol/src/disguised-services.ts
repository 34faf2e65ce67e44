import { patternOf } from './hint-patterns.ts';

/**
 * Names of services that people write with their letters apart, such as "s n a p" and "dis cord". People do so
 * only before the name of an account.
 */
const SERVICES: readonly string[] = [
  ...['instagram', 'insta', 'snapchat', 'snap', 'discord', 'telegram', 'whatsapp', 'tiktok'],
  ...['facebook', 'skype', 'kik', 'gmail', 'انستا', 'سناب', 'تلجرام', 'تليجرام', 'ديسكورد', 'واتس'],
];
const SEPARATORS = '[ ._*-]';
/** Long names count as written apart with a single separator, as in "dis cord". */
const LONG = 6;
const APART = SERVICES.map((name) => {
  const least = Array.from(name).length < LONG ? 1 : 0;
  return Array.from(name).join(`${SEPARATORS}{${least},3}`);
}).join('|');
/** Two words that are the usual way to write a name, or the name itself. */
const USUAL =
  /^(?:\p{L}+|insta[ -]gram|snap[ -]chat|tik[ -]tok|face[ -]book|whats[ -]app|تيك توك)$/iu;
const NEXT = "(?: ?[:=]+>?| ?->?| is| its| c['’ ]?est| c| est| es| é| ist| هو)?(?: +|$)";
const SPELLED = patternOf(`(?<![\\p{L}\\p{N}])(${APART})m?(?![\\p{L}\\p{N}])${NEXT}`, 'giu');
const SEPARATOR = /[ ._*-]/gu;

/** Returns a text with the usual names of services, and a colon after each that was written apart. */
export function withServices(plain: string): string {
  return plain.replaceAll(SPELLED, (found, name: string) =>
    USUAL.test(name) ? found : `${name.replaceAll(SEPARATOR, '')}: `,
  );
}
