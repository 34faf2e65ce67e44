import { ok, type Result, refused } from '@farandole/kernel/result';
import { normaliseLanguage, primaryLanguage } from './language.ts';
import { EXCHANGE_LEARNS_MAX, EXCHANGE_SPEAKS_MAX } from './limits.ts';

/** Levels of the Common European Framework that a learner can choose. C2 needs no exchange. */
export const LEVELS = ['A1', 'A2', 'B1', 'B2', 'C1'] as const;
export type Level = (typeof LEVELS)[number];

export interface Learning {
  readonly language: string;
  readonly level: Level;
}

/** What a user offers and seeks in a language exchange. Languages are primary subtags. */
export interface Exchange {
  /** Languages that the user speaks natively or fluently. */
  readonly speaks: readonly string[];
  /** Languages that the user learns, in the user's order. No language is also in `speaks`. */
  readonly learns: readonly Learning[];
  /** Whether the user agrees to help a learner without learning anything. */
  readonly helps: boolean;
}

/** The fields of an exchange before validation. */
export interface ExchangeInput {
  readonly speaks: readonly string[];
  readonly learns: readonly { readonly language: string; readonly level: string }[];
  readonly helps: boolean;
}

export type ExchangeRefusal =
  | 'exchange-count'
  | 'exchange-language'
  | 'exchange-level'
  | 'exchange-same-language';

/** Validates and normalizes an exchange. Never throws. Returns the first fault. */
export function createExchange(input: ExchangeInput): Result<Exchange, ExchangeRefusal> {
  const { length: spoken } = input.speaks;
  const { length: learned } = input.learns;
  if (spoken < 1 || spoken > EXCHANGE_SPEAKS_MAX) return refused('exchange-count');
  if (learned < 1 || learned > EXCHANGE_LEARNS_MAX) return refused('exchange-count');
  const speaks: string[] = [];
  for (const tag of input.speaks) {
    const language = languageOf(tag);
    if (language === null) return refused('exchange-language');
    if (speaks.includes(language)) return refused('exchange-same-language');
    speaks.push(language);
  }
  const learns: Learning[] = [];
  for (const { language: tag, level } of input.learns) {
    const language = languageOf(tag);
    if (language === null) return refused('exchange-language');
    if (!isLevel(level)) return refused('exchange-level');
    const isTwice = learns.some((one) => one.language === language);
    if (isTwice || speaks.includes(language)) return refused('exchange-same-language');
    learns.push({ language, level });
  }
  return ok({ speaks, learns, helps: input.helps });
}

/** Returns the first language that `one` learns and `other` speaks. Null if there is none. */
export function learnsFrom(one: Exchange, other: Exchange): Learning | null {
  return one.learns.find(({ language }) => other.speaks.includes(language)) ?? null;
}

type Exchanging = { readonly exchange?: Exchange };

/**
 * Whether two searches may meet: both are ordinary, or both are for an exchange in which each user
 * learns from the other. One side may learn nothing if that user agreed to help.
 */
export function fitExchange({ exchange: one }: Exchanging, { exchange: other }: Exchanging) {
  if (one === undefined || other === undefined) return one === other;
  const oneLearns = learnsFrom(one, other) !== null;
  const otherLearns = learnsFrom(other, one) !== null;
  return (oneLearns || one.helps) && (otherLearns || other.helps) && (oneLearns || otherLearns);
}

/** Whether each user learns from the other, or neither search is for an exchange. */
export function isMutual({ exchange: one }: Exchanging, { exchange: other }: Exchanging): boolean {
  if (one === undefined || other === undefined) return one === other;
  return learnsFrom(one, other) !== null && learnsFrom(other, one) !== null;
}

/** Returns all languages of an exchange, at most `TICKET_LANGUAGES_MAX`. */
export function languagesOf({ speaks, learns }: Exchange): readonly string[] {
  return [...speaks, ...learns.map(({ language }) => language)];
}

function languageOf(tag: string): string | null {
  const normalised = normaliseLanguage(tag);
  return normalised.ok ? primaryLanguage(normalised.value) : null;
}

function isLevel(text: string): text is Level {
  return (LEVELS as readonly string[]).includes(text);
}
