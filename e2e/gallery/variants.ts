import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface Variant {
  readonly viewport: ViewportName;
  readonly scheme: Scheme;
  /** Name of a folder of `locales`, or `pseudo`. */
  readonly language: string;
}

export const VIEWPORTS = {
  '390x844': { width: 390, height: 844 },
  '320x568': { width: 320, height: 568 },
  '844x390': { width: 844, height: 390 },
  '1280x800': { width: 1280, height: 800 },
  '768x1024': { width: 768, height: 1024 },
} as const;

export type ViewportName = keyof typeof VIEWPORTS;

export const SCHEMES = ['light', 'dark'] as const;
export type Scheme = (typeof SCHEMES)[number];

export const SPOKEN: readonly string[] = readdirSync(join(import.meta.dirname, '../../locales'), {
  withFileTypes: true,
})
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();
/** `pseudo` is English with accents and longer words, written from right to left. */
export const LANGUAGES: readonly string[] = [...SPOKEN, 'pseudo'];

export const VARIANTS: readonly Variant[] = (
  ['390x844', '320x568', '844x390', '1280x800'] as const
).flatMap((viewport) =>
  SCHEMES.flatMap((scheme) => LANGUAGES.map((language) => ({ viewport, scheme, language }))),
);

/** The console isn't checked in the pseudo language, so that language is left out. */
export const CONSOLE_VARIANTS: readonly Variant[] = (
  ['1280x800', '768x1024', '390x844'] as const
).flatMap((viewport) =>
  SCHEMES.flatMap((scheme) => SPOKEN.map((language) => ({ viewport, scheme, language }))),
);

export function nameOfVariant({ viewport, scheme, language }: Variant): string {
  return `${viewport} ${scheme} ${language}`;
}

/**
 * Variant of the page that `npm test` checks: the smallest window with the longest words. The
 * long tier checks all variants.
 */
export const TESTED = {
  viewport: '320x568',
  scheme: 'dark',
  language: 'pseudo',
} as const satisfies Variant;

/**
 * Variant of the console that `npm test` checks: the smallest window that the console is made
 * for, in the other colour scheme.
 */
export const CONSOLE_TESTED = {
  viewport: '768x1024',
  scheme: 'light',
  language: 'fr',
} as const satisfies Variant;
