import { patternOf } from './hint-patterns.ts';
import { withLetters } from './plain-text.ts';

/**
 * Names of services that people write in a disguise, such as "s n a p" and "1nsta". People do so
 * only before the name of an account.
 */
const SERVICES: readonly string[] = [
  ...['instagram', 'insta', 'snapchat', 'snap', 'discord', 'telegram', 'whatsapp', 'tiktok'],
  ...['facebook', 'skype', 'kik', 'gmail', 'انستا', 'سناب', 'تلجرام', 'تليجرام', 'ديسكورد', 'واتس'],
];
const APART = SERVICES.map((name) => Array.from(name).join('[ ._*-]{1,3}')).join('|');
const NEXT = "(?: ?[:=]+>?| ?->?| is| its| c['’ ]?est| c| est| es| é| ist| هو)?(?: +|$)";
const SPELLED = patternOf(`(?<![\\p{L}\\p{N}])(${APART})(?![\\p{L}\\p{N}])${NEXT}`, 'giu');
/** Matches a word in which a digit or a sign stands for a letter. */
const LEET = patternOf(
  `(?<![\\p{L}\\p{N}])(?=[\\p{L}$@!]{0,8}[\\p{N}$@!])([\\p{L}\\p{N}$@!]{3,9})(?![\\p{L}\\p{N}])${NEXT}`,
  'giu',
);
const SEPARATOR = /[ ._*-]/gu;

/** Returns a text with the usual names of services, and a colon after each that was in a disguise. */
export function withServices(plain: string): string {
  return plain
    .replaceAll(SPELLED, (_, name: string) => `${name.replaceAll(SEPARATOR, '')}: `)
    .replaceAll(LEET, (found, word: string) => {
      const name = withLetters(word.toLowerCase());
      return SERVICES.includes(name) ? `${name}: ` : found;
    });
}
