import { stat } from 'node:fs/promises';
import { AuditSeal } from '../audit-seal.ts';
import { KyselyKeys } from '../kysely-keys.ts';
import { migrationsOf } from '../migrate.ts';
import { asStoreError } from '../store-error.ts';
import { openAsIs, type StoreLocation } from './store-location.ts';

/**
 * Returns whether a database of any version belongs to a server's keys. Changes nothing. A missing
 * or new database belongs to everyone.
 *
 * @param key 256-bit server key, see `storeSeals`
 * @throws StoreError when the database can't be read
 */
export async function belongsTo(
  place: StoreLocation,
  { key, fingerprint }: { readonly key: Uint8Array; readonly fingerprint: string },
): Promise<boolean> {
  if (place.kind === 'sqlite' && (await stat(place.path).catch(() => null)) === null) return true;
  const db = await openAsIs(place);
  try {
    const done = await migrationsOf(db);
    const keys = new KyselyKeys(db, new AuditSeal(key));
    const owner = done.includes('0018-typed-columns') ? await keys.fingerprint() : null;
    if (owner !== null) return owner === fingerprint;
    return !done.includes('0010-audit-seals') || (await keys.sealedAudit());
  } catch (error) {
    throw asStoreError(error);
  } finally {
    await db.destroy();
  }
}
