import type { LanguageTag } from '@farandole/kernel/language';
import { fill } from '@farandole/ui/sentences';
import { serverWords } from '../locale-words.ts';

type InFile = ReturnType<typeof serverWords>['measure'];

/**
 * Texts for a user whom software suspended or restricted. A text with a date is a function that
 * takes HTML.
 */
type MeasureWords = Omit<InFile, 'until' | 'received' | 'answered'> & {
  readonly until: (at: string) => string;
  readonly received: (at: string) => string;
  readonly answered: (at: string) => string;
};

export function measureWords(language: LanguageTag): MeasureWords {
  const { until, received, answered, ...words } = serverWords(language).measure;
  return {
    ...words,
    until: (at) => fill(until, { at }),
    received: (at) => fill(received, { at }),
    answered: (at) => fill(answered, { at }),
  };
}
