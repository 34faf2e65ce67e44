import { AuditSeal } from './audit-seal.ts';
import { type WordsKey, WordsSeal } from './words-seal.ts';

/** What a store seals with, each by a key that is made of the server's. */
export interface StoreSeals {
  readonly words: WordsSeal;
  readonly audit: AuditSeal;
}

/**
 * @param key 256 bits that are kept somewhere else than what they seal, and always the same: the audit's
 *   key is made of them, by which rows of any age are verified
 * @param wordsKeys keys of words that took their place, the newest last
 */
export function storeSeals(key: Uint8Array, wordsKeys: readonly WordsKey[] = []): StoreSeals {
  return { words: new WordsSeal(key, wordsKeys), audit: new AuditSeal(key) };
}
