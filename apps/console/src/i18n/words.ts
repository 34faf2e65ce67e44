import { directionOf, Sentences } from '@farandole/ui/sentences';
import { signal } from '@preact/signals';
import english from './en.json' with { type: 'json' };
import french from './fr.json' with { type: 'json' };

/** The languages that the console speaks, each by its own name. */
export const CONSOLE_LANGUAGES = { en: 'English', fr: 'Français' } as const;

export type ConsoleLanguage = keyof typeof CONSOLE_LANGUAGES;

type Singular<Name extends string> =
  Name extends `${infer Base}_${'zero' | 'one' | 'many' | 'other'}` ? Base : Name;

type KeysOf<Tree, Prefix extends string = ''> = {
  [Name in keyof Tree & string]: Tree[Name] extends string
    ? `${Prefix}${Singular<Name>}`
    : KeysOf<Tree[Name], `${Prefix}${Name}.`>;
}[keyof Tree & string];

/** A sentence's name, such as `queue.empty`; a plural is named without its ending. */
export type WordKey = KeysOf<typeof english>;

/** One that the console shares with the page, so that one choice holds for both. */
const STORE_KEY = 'farandole.language';

const sentences = new Sentences();
// Each has the English shape, which the compiler makes sure of.
const all: Record<ConsoleLanguage, typeof english> = { en: english, fr: french };
for (const [language, words] of Object.entries(all)) sentences.add(language, 'console', words);

const current = signal<ConsoleLanguage>('en');

/** The language in force: a component that reads it, or calls `t`, is drawn anew on a change. */
export function consoleLanguage(): ConsoleLanguage {
  return current.value;
}

export function setConsoleLanguage(language: ConsoleLanguage): void {
  current.value = language;
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
}

/** What was chosen here or on the page, else the browser's first that we speak, else English. */
export function firstConsoleLanguage(wanted: readonly string[]): ConsoleLanguage {
  const remembered = recall();
  const tags = remembered === null ? wanted : [remembered, ...wanted];
  for (const tag of tags) {
    const [primary = ''] = tag.toLowerCase().split('-', 1);
    if (isConsoleLanguage(primary)) return primary;
  }
  return 'en';
}

export function rememberConsoleLanguage(language: ConsoleLanguage): void {
  setConsoleLanguage(language);
  try {
    localStorage.setItem(STORE_KEY, language);
  } catch {
    // Storage is blocked for this site: the choice lasts until the console is closed.
  }
}

function recall(): string | null {
  try {
    return localStorage.getItem(STORE_KEY);
  } catch {
    return null;
  }
}

function isConsoleLanguage(tag: string): tag is ConsoleLanguage {
  return Object.hasOwn(CONSOLE_LANGUAGES, tag);
}

export type WordValues = Readonly<Record<string, string | number>>;

/** The sentence of that name in the language in force, with its gaps filled. */
export function t(key: WordKey, values: WordValues = {}): string {
  return sentences.say(current.value, key, values);
}

/** The same in a language that was asked for: what somebody else will read. */
export function tIn(language: ConsoleLanguage, key: WordKey, values: WordValues = {}): string {
  return sentences.say(language, key, values);
}
