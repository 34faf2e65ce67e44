import type { LanguageTag } from '@farandole/kernel/language';
import { loadAlerts } from '@farandole/ui/alert-locales';
import type { LocaleFiles } from '@farandole/ui/locale-files';
import { LANGUAGES, loadConsole } from '@farandole/ui/locales';
import type { WordValues } from '@farandole/ui/sentences';
import { type KeysOf, Words } from '@farandole/ui/words';

export type WordKey = KeysOf<LocaleFiles['console']> | KeysOf<LocaleFiles['alerts']>;

export const words = new Words<WordKey>(LANGUAGES, [loadConsole, loadAlerts]);

/** A component that calls this function is rendered again when the console's language changes. */
export function consoleLanguage(): LanguageTag {
  return words.language;
}

/** Returns the text of a key in the current language, with its placeholders replaced. */
export function t(key: WordKey, values: WordValues = {}): string {
  const isRightToLeft = LANGUAGES[words.language]?.direction === 'rtl';
  return words.say(key, isRightToLeft ? isolated(values) : values);
}

/**
 * Puts each text between Unicode marks that isolate it and keep its direction from right to left, as
 * a list of Latin names needs. Without them, such a name would change the order of a date after it.
 */
function isolated(values: WordValues): WordValues {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? `\u2067${value}\u2069` : value,
    ]),
  );
}
