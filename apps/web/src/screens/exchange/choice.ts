import type { ExchangeWish, Level } from '@farandole/protocol/fields';
import { signal } from '@preact/signals';

/** Whether the sheet with the choice of languages is open. */
export const isChoosing = signal(false);

/** The page imports only types of the protocol's fields, whose schemas are large. */
export const LEVELS = ['A1', 'A2', 'B1', 'B2', 'C1'] as const satisfies readonly Level[];

/** Maximum numbers of languages, as the node accepts them. */
export const SPEAKS_MAX = 3;
export const LEARNS_MAX = 2;

const HELPS = '+';

/** The user's choice for a language exchange. A learnt language or its level may still be missing. */
export interface Choice {
  readonly speaks: readonly string[];
  readonly learns: readonly { readonly language: string; readonly level: Level | null }[];
  readonly helps: boolean;
}

/** What is wrong with a choice. `same`: a language is in both lists, or twice in one. */
export type ChoiceFault = 'speaks' | 'learns' | 'same';

/** Reads the choice that `partsOf` wrote. Ignores parts that it doesn't know. */
export function choiceOf(parts: readonly string[], ownLanguage: string): Choice {
  const speaks: string[] = [];
  const learns: Choice['learns'][number][] = [];
  for (const part of parts) {
    const [language = '', level] = part.split(':');
    if (part === HELPS) continue;
    if (level === undefined) speaks.push(language);
    else learns.push({ language, level: LEVELS.find((each) => each === level) ?? null });
  }
  return {
    speaks: parts.length === 0 ? [ownLanguage] : speaks.slice(0, SPEAKS_MAX),
    learns: learns.length === 0 ? [{ language: '', level: null }] : learns.slice(0, LEARNS_MAX),
    helps: parts.includes(HELPS),
  };
}

/** Returns the choice as the preferences store it. */
export function partsOf({ speaks, learns, helps }: Choice): readonly string[] {
  const learnt = learns.map(({ language, level }) => `${language}:${level ?? ''}`);
  return [...speaks, ...learnt, ...(helps ? [HELPS] : [])];
}

export function faultOf({ speaks, learns }: Choice): ChoiceFault | null {
  if (speaks.length === 0) return 'speaks';
  const languages = learns.map(({ language }) => language);
  if (learns.length === 0 || languages.includes('')) return 'learns';
  if (learns.some(({ level }) => level === null)) return 'learns';
  const all = [...speaks, ...languages];
  return new Set(all).size < all.length ? 'same' : null;
}

/** Returns the wish for the search. Null if the choice has a fault. */
export function wishOf(choice: Choice): ExchangeWish | null {
  if (faultOf(choice) !== null) return null;
  const { speaks, learns, helps } = choice;
  const learnt = learns.flatMap(({ language, level }) =>
    level === null ? [] : [{ language, level }],
  );
  return { speaks: [...speaks], learns: learnt, helps };
}
