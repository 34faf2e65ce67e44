import { AuditSeal } from './audit-seal.ts';
import { TextEncryption, type TextKey } from './text-encryption.ts';

/**
 * The encryption of texts and the seals of audit rows. Both use keys that are derived from the
 * server key.
 */
export interface StoreSeals {
  readonly words: TextEncryption;
  readonly audit: AuditSeal;
}

/**
 * @param key 256 bits stored outside the database. It must never change, because it verifies audit
 * rows of any age.
 * @param textKeys keys that were added later to encrypt texts, newest last
 */
export function storeSeals(key: Uint8Array, textKeys: readonly TextKey[] = []): StoreSeals {
  return { words: new TextEncryption(key, textKeys), audit: new AuditSeal(key) };
}
