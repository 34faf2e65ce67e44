import { AuditSeal } from './audit-seal.ts';
import { type WordsKey, WordsSeal } from './words-seal.ts';

/** Seals derived from the server's key. */
export interface StoreSeals {
  readonly words: WordsSeal;
  readonly audit: AuditSeal;
}

/**
 * @param key 256 bits stored outside the database. Must not change, because audit rows of any age
 * are verified with it
 * @param wordsKeys later keys of texts, newest last
 */
export function storeSeals(key: Uint8Array, wordsKeys: readonly WordsKey[] = []): StoreSeals {
  return { words: new WordsSeal(key, wordsKeys), audit: new AuditSeal(key) };
}
