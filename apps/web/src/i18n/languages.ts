import type englishFirst from './en/first.json';
import type englishRest from './en/rest.json';

/** The languages that the page itself speaks, each by its own name. */
export const PAGE_LANGUAGES = { en: 'English', fr: 'Français' } as const;

export type PageLanguage = keyof typeof PAGE_LANGUAGES;

/** What the first screen says, and what all others do; each language has the English shape. */
export interface Words {
  readonly first: typeof englishFirst;
  readonly rest: typeof englishRest;
}

export type WordFile = keyof Words;

type Loaders = {
  readonly [F in WordFile]: Record<PageLanguage, () => Promise<{ default: Words[F] }>>;
};

/** Each language is two files of its own, fetched when they are first needed. */
const LOADERS: Loaders = {
  first: { en: () => import('./en/first.json'), fr: () => import('./fr/first.json') },
  rest: { en: () => import('./en/rest.json'), fr: () => import('./fr/rest.json') },
};

/** One file of a language's words; fetched once. */
export async function loadWords<F extends WordFile>(
  language: PageLanguage,
  file: F,
): Promise<Words[F]> {
  return (await LOADERS[file][language]()).default;
}

const STORE_KEY = 'farandole.language';

export function isPageLanguage(tag: string): tag is PageLanguage {
  return Object.hasOwn(PAGE_LANGUAGES, tag);
}

/**
 * The page's language: what the person chose here before, else the first of the browser's
 * languages that the page speaks, else English.
 *
 * @param remembered What was stored, or null.
 * @param wanted BCP 47 tags, best first.
 */
export function choosePageLanguage(
  remembered: string | null,
  wanted: readonly string[],
): PageLanguage {
  if (remembered !== null && isPageLanguage(remembered)) return remembered;
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split('-', 1)[0] ?? '';
    if (isPageLanguage(primary)) return primary;
  }
  return 'en';
}

/** What was chosen here before; null without storage. */
export function recallPageLanguage(): string | null {
  try {
    return localStorage.getItem(STORE_KEY);
  } catch {
    // Storage is blocked for this site: the browser's own languages decide at each visit.
    return null;
  }
}

export function rememberPageLanguage(language: PageLanguage): void {
  try {
    localStorage.setItem(STORE_KEY, language);
  } catch {
    // Storage is blocked for this site: the choice lasts until the page is closed.
  }
}

export function forgetPageLanguage(): void {
  try {
    localStorage.removeItem(STORE_KEY);
  } catch {
    // Storage is blocked for this site: nothing was kept.
  }
}
