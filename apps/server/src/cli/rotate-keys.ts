import type { PictureKey } from '@farandole/moderation/evidence/picture';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { RewrappedTexts } from '@farandole/moderation/store/records';
import type { Rewrapped } from '@farandole/storage/text-encryption';
import type { Config } from '../config.ts';
import { RoleKeys } from '../evidence/role-keys.ts';
import { resealed } from '../keys/key-store.ts';
import {
  type KeysFileContent,
  keysPathOf,
  newTextKey,
  readKeys,
  writeKeysFile,
} from '../keys/keys.ts';
import { freshPrng, RandomIds } from '../keys/random-ids.ts';
import { lockFile } from '../node/folder-lock.ts';
import { StartError } from '../start-error.ts';
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
 * ones. A server may run: it reads the keys files again when it needs a key that it doesn't have.
 * The replaced keys stay in the files until the next rotation, for what a server wrapped with them
 * in the meantime.
 *
 * @throws StartError, StoreError; all data keys can then still be decrypted
 */
export async function rotateKeys(config: Config, nowMs: number): Promise<Rotated> {
  const path = keysPathOf(config);
  await readKeys(config.dataDir, config.keysFile);
  // Two rotations at once would each drop the other's new key.
  const lock = await lockFile(`${path}.lock`, () => new StartError('Another keys rotate runs.'));
  try {
    const keys = await readKeys(config.dataDir, config.keysFile);
    if (keys.generations.length > 0) {
      throw new StartError(
        `${path} is of an earlier version. Start a server once, so that it moves its keys.`,
      );
    }
    const store = await openStore(config, config.dataDir, keys, 'here');
    try {
      await importEarlier(store, config, keys, nowMs);
      const words = await rotateTexts(store, config, keys, nowMs);
      const pictures = await rotateRoleKeys(path, store, nowMs);
      return { words, pictures };
    } finally {
      await store.close();
    }
  } finally {
    lock.close();
  }
}

/**
 * The new key is in the file before the store uses it. The replaced key stays beside it, also for
 * rotating keys that a server adds in the meantime.
 */
async function rotateTexts(
  store: ModerationStore,
  config: Config,
  keys: KeysFileContent,
  nowMs: number,
): Promise<Rewrapped> {
  const path = keysPathOf(config);
  const fresh = newTextKey();
  const before = (await store.run('keys.read', null)).textKey;
  const all = [...keys.words, fresh];
  await writeKeysFile(path, { ...keys, words: all });
  await store.run('words.use-keys', { keys: all });
  let done: Rewrapped = { rewrapped: 0, unopened: 0 };
  for (let after: string | null = null; ; ) {
    const input = { to: fresh.id, after, wraps: done.rewrapped, nowMs };
    const part: RewrappedTexts = await store.run('words.rewrap', input);
    done = sumOf(done, part);
    if (part.next === null) break;
    after = part.next;
  }
  const { rotating } = await store.run('keys.read', null);
  const add = resealed(textEncryptionOf({ ...keys, words: all }), rotating);
  await store.run('keys.rotate', { after: rotating.at(-1)?.id ?? null, add, remove: [] });
  const newest = keys.words.at(-1)?.id;
  const replaced = keys.words.filter(({ id }) => id === before || id === newest);
  await writeKeysFile(path, { ...keys, words: [...replaced, fresh] });
  return done;
}

/** Imports files of earlier versions, whose reports are encrypted with the keys to be replaced. */
async function importEarlier(
  store: ModerationStore,
  { dataDir }: Pick<Config, 'dataDir'>,
  keys: KeysFileContent,
  nowMs: number,
): Promise<void> {
  const ids = new RandomIds();
  const prng = freshPrng();
  await importFiles({
    ...{ dataDir, store, seal: textEncryptionOf(keys), nowMs, log: () => {} },
    freshId: () => ids.next(),
    chance: () => prng.unit(),
  });
}

async function rotateRoleKeys(
  path: string,
  store: ModerationStore,
  nowMs: number,
): Promise<Rewrapped> {
  const rotated = { rewrapped: 0, unopened: 0 };
  await RoleKeys.rotate(path, async (keys) => {
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

function sumOf(one: Rewrapped, other: Rewrapped): Rewrapped {
  return {
    rewrapped: one.rewrapped + other.rewrapped,
    unopened: one.unopened + other.unopened,
  };
}
