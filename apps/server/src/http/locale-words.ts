import { assertDefined } from '@farandole/kernel/assert';
import type { LanguageTag } from '@farandole/kernel/language';
import type { LocaleFiles } from '@farandole/ui/locale-files';
import { LANGUAGES, readLocales } from '@farandole/ui/locales';

const SERVER = readLocales('server');
const STATEMENTS = readLocales('statements');

export function serverWords(language: LanguageTag): LocaleFiles['server'] {
  return existing(SERVER, language);
}

export function statementWords(language: LanguageTag): LocaleFiles['statements'] {
  return existing(STATEMENTS, language);
}

/**
 * Returns the `lang` attribute of a language, and its `dir` attribute if the language isn't written
 * left to right.
 */
export function langAttributes(language: LanguageTag): string {
  const isRightToLeft = LANGUAGES[language]?.direction === 'rtl';
  return `lang="${language}"${isRightToLeft ? ' dir="rtl"' : ''}`;
}

function existing<Words>(all: Readonly<Record<LanguageTag, Words>>, language: LanguageTag): Words {
  return assertDefined(all[language], `there is no language ${language}`);
}
