import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoreLocation } from '@farandole/storage/backup/store-location';
import { isCurrent } from '@farandole/storage/sqlite/current-schema';
import { StoreError } from '@farandole/storage/store-error';
import type { Config } from '../config.ts';
import { fingerprintOf, type ServerKeys } from '../keys/keys.ts';
import { StartError } from '../start-error.ts';
import { firstTextKeyOf, placeOf, unusableStore } from '../store/open-store.ts';
import { noteBackup } from './last-backup.ts';

/**
 * Backs up a store of an earlier version before this version migrates it. The backup is the way
 * back, because an earlier version refuses a migrated store.
 *
 * @returns the backup's folder in the data folder; null if the store is missing, new or current
 * @throws StartError if the backup fails; or the store can't be read; the store is then unchanged
 */
export async function backUpBeforeUpgrade(
  config: Pick<Config, 'databaseUrl' | 'dataDir' | 'keysFile'>,
  keys: ServerKeys,
  nowMs: number,
): Promise<string | null> {
  const { dataDir, keysFile } = config;
  const place = placeOf(config);
  try {
    if (!(await needsUpgrade(place))) return null;
    // The store of other keys is refused when it is opened.
    const { belongsTo } = await import('@farandole/storage/backup/owner');
    const own = { key: firstTextKeyOf(keys), fingerprint: fingerprintOf(keys) };
    if (!(await belongsTo(place, own))) return null;
  } catch (error) {
    throw error instanceof StoreError ? unusableStore(config, error) : error;
  }
  const folder = join(dataDir, `before-upgrade-${timestampOf(nowMs)}`);
  try {
    const { makeBackup } = await import('./backup.ts');
    const manifest = await makeBackup(dataDir, place, folder, nowMs, { keysFile });
    await noteBackup(dataDir, manifest);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(
      `The store is of an earlier version, and the backup before its upgrade failed: ${why} ` +
        'Nothing was upgraded. If you have a backup of your own, run migrate --no-backup.',
      { cause },
    );
  }
  return folder;
}

/**
 * Imports Kysely only if a database may need an upgrade, because a node that stores in SQLite needs
 * it in the store's thread alone.
 */
async function needsUpgrade(place: StoreLocation): Promise<boolean> {
  if (place.kind === 'sqlite') {
    const isMissing = (await stat(place.path).catch(() => null)) === null;
    if (isMissing || isCurrent(place.path)) return false;
  }
  const { versionsOf } = await import('@farandole/storage/backup/versions');
  const { done, pending } = await versionsOf(place);
  return done.length > 0 && pending.length > 0;
}

/** Returns a UTC time without characters that a shell or a file system treats specially. */
function timestampOf(nowMs: number): string {
  return `${new Date(nowMs).toISOString().slice(0, 19)}Z`.replaceAll(':', '');
}
