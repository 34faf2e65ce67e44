import type { PictureKey } from '@farandole/moderation/evidence/picture';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { Rewrapped } from '@farandole/storage/text-encryption';
import type { Config } from '../config.ts';
import { RoleKeys } from '../evidence/role-keys.ts';
import { readKeys, rotateTextKey } from '../keys/keys.ts';
import { freshPrng, RandomIds } from '../keys/random-ids.ts';
import { openDataDir } from '../node/data-dir.ts';
import { importFiles } from '../store/import-files.ts';
import { openStore, textEncryptionOf } from '../store/open-store.ts';

export interface Rotated {
  readonly words: Rewrapped;
  /**
   * Number of picture keys that were rewrapped, and of those that no role key decrypts. Both are
   * zero if no picture was ever stored.
   */
  readonly pictures: Rewrapped;
}

/**
 * Replaces the keys of user text and of each picture role, and rewraps all data keys with the new
 * ones. No server may run on the folder, because the server would continue to wrap with deleted
 * keys.
 *
 * @throws StartError, StoreError; the old keys then still work
 */
export async function rotateKeys(config: Config, nowMs: number): Promise<Rotated> {
  await readKeys(config.dataDir);
  const folder = await openDataDir(config.dataDir);
  try {
    await importEarlier(config, folder.path, nowMs);
    const words = await rotateTexts(config, folder.path, nowMs);
    const store = await openStore(config, folder.path, await readKeys(folder.path), 'here');
    try {
      return { words, pictures: await rotateRoleKeys(folder.path, store, nowMs) };
    } finally {
      await store.close();
    }
  } finally {
    await folder.release();
  }
}

/** Imports files of earlier versions, whose reports are encrypted with the keys to be replaced. */
async function importEarlier(config: Config, dataDir: string, nowMs: number): Promise<void> {
  const keys = await readKeys(dataDir);
  const store = await openStore(config, dataDir, keys, 'here');
  const seal = textEncryptionOf(keys);
  const ids = new RandomIds();
  const prng = freshPrng();
  try {
    await importFiles({
      ...{ dataDir, store, seal, nowMs, log: () => {} },
      freshId: () => ids.next(),
      chance: () => prng.unit(),
    });
  } finally {
    await store.close();
  }
}

async function rotateTexts(config: Config, dataDir: string, nowMs: number): Promise<Rewrapped> {
  let done: Rewrapped = { rewrapped: 0, unopened: 0 };
  await rotateTextKey(dataDir, async (keys) => {
    const store = await openStore(config, dataDir, keys, 'here');
    try {
      done = await store.run('words.rewrap', { nowMs });
    } finally {
      await store.close();
    }
  });
  return done;
}

async function rotateRoleKeys(
  dataDir: string,
  store: ModerationStore,
  nowMs: number,
): Promise<Rewrapped> {
  const rotated = { rewrapped: 0, unopened: 0 };
  if ((await RoleKeys.open(dataDir, false)).isEmpty) return rotated;
  await RoleKeys.rotate(dataDir, async (keys) => {
    const wraps: Pick<PictureKey, 'id' | 'wrapped'>[] = [];
    for (const one of await store.run('picture-keys.list', null)) {
      const key = await keys.unwrap([one]);
      const [again] = key === null ? [] : await keys.wrap(key, [one.role]);
      if (again === undefined) rotated.unopened += 1;
      else wraps.push({ id: one.id, wrapped: again.wrapped });
    }
    rotated.rewrapped = await store.run('picture-keys.rewrap', { keys: wraps, nowMs });
  });
  return rotated;
}
