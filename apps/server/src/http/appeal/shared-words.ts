import type { LanguageTag } from '@farandole/kernel/language';
import { fill } from '@farandole/ui/sentences';
import { serverWords } from '../locale-words.ts';

type InFile = ReturnType<typeof serverWords>['shared'];

/**
 * Texts for a user blocked by a shared network or device. They reveal neither the sanctioned user
 * nor the offence. A text with a date is a function that takes HTML.
 */
type SharedWords = Omit<InFile, 'until' | 'received' | 'answered'> & {
  readonly until: (at: string) => string;
  readonly received: (at: string) => string;
  readonly answered: (at: string) => string;
};

export function sharedWords(language: LanguageTag): SharedWords {
  const { until, received, answered, ...words } = serverWords(language).shared;
  return {
    ...words,
    until: (at) => fill(until, { at }),
    received: (at) => fill(received, { at }),
    answered: (at) => fill(answered, { at }),
  };
}
