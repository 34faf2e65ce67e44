import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { removeMark } from '@farandole/storage/sqlite/commit-mark';
import { StoreError } from '@farandole/storage/store-error';
import type { Config } from '../config.ts';
import { StartError } from '../start-error.ts';
import { CHECKPOINT_FILE, readCheckpoint } from './audit-checkpoint.ts';
import { openStore, placeOf, type StoreKeys, type StoreThread } from './open-store.ts';

export interface WholeStoreOptions {
  readonly config: Pick<Config, 'databaseUrl'>;
  readonly dataDir: string;
  readonly keys: StoreKeys;
  readonly storeIn: StoreThread | undefined;
  /** Whether the operator accepts that the store lost commits. */
  readonly acceptsLoss: boolean;
}

export interface WholeStore {
  readonly store: ModerationStore;
  /** Reasons why the store isn't whole, which the operator accepts. Empty if it is whole. */
  readonly losses: readonly string[];
}

const SETTING = 'store.accepted-loss';
const WAY_BACK =
  'Put the newest database back, or restore a backup into an empty folder. If the lost commits ' +
  'can’t be found, start the server once with --accept-loss.';

/**
 * Opens the store unless it lost commits. A database of any kind lost commits if its audit is
 * shorter than the checkpoint in the data folder. SQLite compares its own mark too.
 *
 * @throws StartError if the store can't be used or isn't whole
 */
export async function openWholeStore(options: WholeStoreOptions): Promise<WholeStore> {
  const { config, dataDir, keys, storeIn, acceptsLoss } = options;
  const place = placeOf({ ...config, dataDir });
  const losses: string[] = [];
  const accept = (reason: string): void => {
    if (!acceptsLoss) throw new StartError(`${reason} ${WAY_BACK}`);
    losses.push(reason);
  };
  const checkpoint = await readCheckpoint(dataDir);
  const isNew = place.kind === 'sqlite' && (await isMissing(place.path));
  if (isNew && checkpoint !== null) {
    accept(`${place.path} is missing, but ${CHECKPOINT_FILE} notes ${checkpoint.seq} rows of it.`);
  }
  const open = (): Promise<ModerationStore> => openStore(config, dataDir, keys, storeIn);
  const store = await open().catch(async (error: unknown) => {
    if (!acceptsLoss || !isLost(error) || place.kind !== 'sqlite') throw error;
    losses.push('SQLite lacks commits that were noted beside it.');
    removeMark(place.path);
    return await open();
  });
  try {
    const rows = await store.run('desk.version', null);
    if (checkpoint !== null && rows < checkpoint.seq) {
      accept(
        `The audit of the database has ${rows} rows, but ${CHECKPOINT_FILE} notes ${checkpoint.seq}: ` +
          'the database is older than this folder, or another one.',
      );
      await rm(join(dataDir, CHECKPOINT_FILE));
    }
    return { store, losses };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Records in the audit which losses the operator accepted. */
export async function recordLosses({ store, losses }: WholeStore, nowMs: number): Promise<void> {
  if (losses.length === 0) return;
  await store.run('setting.put', { name: SETTING, value: losses.join(' '), by: null, nowMs });
}

function isLost(error: unknown): boolean {
  const cause = error instanceof StartError ? error.cause : null;
  return cause instanceof StoreError && cause.code === 'lost';
}

async function isMissing(path: string): Promise<boolean> {
  return ((await stat(path).catch(() => null))?.size ?? 0) === 0;
}
