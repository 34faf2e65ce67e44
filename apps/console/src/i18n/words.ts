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
  return words.say(key, values);
}
