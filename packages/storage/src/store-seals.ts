import { AuditSeal } from './audit-seal.ts';
import { WordsSeal } from './words-seal.ts';

/** What a store seals with, each by a key that is made of the server's. */
export interface StoreSeals {
  readonly words: WordsSeal;
  readonly audit: AuditSeal;
}

/** @param key 256 bits that are kept somewhere else than what they seal */
export function storeSeals(key: Uint8Array): StoreSeals {
  return { words: new WordsSeal(key), audit: new AuditSeal(key) };
}
