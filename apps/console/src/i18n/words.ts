import type { LanguageTag } from '@farandole/kernel/language';
import type { LocaleFiles } from '@farandole/ui/locale-files';
import { LANGUAGES, loadConsole } from '@farandole/ui/locales';
import type { WordValues } from '@farandole/ui/sentences';
import { type KeysOf, Words } from '@farandole/ui/words';

export type WordKey = KeysOf<LocaleFiles['console']>;

export const words = new Words<WordKey>(LANGUAGES, [loadConsole]);

/** The language in force: a component that reads it, or calls `t`, is drawn anew on a change. */
export function consoleLanguage(): LanguageTag {
  return words.language;
}

/** The sentence of that name in the language in force, with its gaps filled. */
export function t(key: WordKey, values: WordValues = {}): string {
  return words.say(key, values);
}
