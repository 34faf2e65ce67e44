import type { LanguageTag } from '@farandole/kernel/language';
import { fill } from '@farandole/ui/sentences';
import { serverWords } from '../locale-words.ts';

type InFile = ReturnType<typeof serverWords>['shared'];

/**
 * What is said to somebody who is kept out by a network or a device of somebody else. Who that is, and what
 * they did, stands in none of it. What is a function takes a moment, as HTML.
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
