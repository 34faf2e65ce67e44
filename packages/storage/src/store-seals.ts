import { AuditSeal } from './audit-seal.ts';
import { TextEncryption, type TextKey } from './text-encryption.ts';

/** Seals derived from the server's key. */
export interface StoreSeals {
  readonly words: TextEncryption;
  readonly audit: AuditSeal;
}

/**
 * @param key 256 bits stored outside the database. Must not change, because audit rows of any age
 * are verified with it
 * @param wordsKeys later keys of texts, newest last
 */
export function storeSeals(key: Uint8Array, wordsKeys: readonly TextKey[] = []): StoreSeals {
  return { words: new TextEncryption(key, wordsKeys), audit: new AuditSeal(key) };
}
