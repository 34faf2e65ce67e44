import type { LanguageTag } from '@farandole/kernel/language';
import { fill } from '@farandole/ui/sentences';
import { serverWords } from '../locale-words.ts';

type InFile = ReturnType<typeof serverWords>['appeal'];

/**
 * Texts of the appeal page, except the statements of reasons. A text with a date or a period is a
 * function that takes HTML.
 */
export type AppealWords = Omit<InFile, 'tooMany' | 'received' | 'answered'> & {
  readonly tooMany: (wait: string) => string;
  readonly received: (at: string) => string;
  readonly answered: (at: string) => string;
};

export function appealWords(language: LanguageTag): AppealWords {
  const { tooMany, received, answered, ...words } = serverWords(language).appeal;
  return {
    ...words,
    tooMany: (wait) => fill(tooMany, { wait }),
    received: (at) => fill(received, { at }),
    answered: (at) => fill(answered, { at }),
  };
}
