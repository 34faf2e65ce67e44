import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { brandId } from '@farandole/kernel/id';
import { ok, type Result, refused } from '@farandole/kernel/result';
import {
  type PictureKey,
  rolesOfQueue,
  type StoredPicture,
} from '@farandole/moderation/evidence/picture';
import type { SealedPicture } from '@farandole/moderation/evidence/pictures';
import type { PictureId } from '@farandole/moderation/ids';
import type { QueueName } from '@farandole/moderation/reports/queue-name';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { ReportPicture } from '@farandole/protocol/report-pictures';
import { PICTURES_SWEPT_AFTER_MS, PICTURES_SWEPT_AT_ONCE } from '../limits.ts';
import { addFiles, flushFolder, removeFiles } from '../node/durable-file.ts';
import { codeOf } from '../start-error.ts';
import { openPicture, sealPicture } from './picture-seal.ts';
import type { RoleKeys } from './role-keys.ts';

export const PICTURES_FOLDER = 'pictures';

const SUFFIX = '.sealed';

export const pictureFile = (id: string): string => `${id}${SUFFIX}`;

/**
 * Stores reported pictures, encrypted, in one file each. The store has their wrapped keys. A
 * picture file without a row in the store belongs to a destroyed picture or was left by a crash, so
 * the sweep removes it.
 */
export class PictureVault {
  readonly #folder: string;
  readonly #keys: RoleKeys;
  #swept = '';

  constructor(dataDir: string, keys: RoleKeys) {
    this.#folder = join(dataDir, PICTURES_FOLDER);
    this.#keys = keys;
  }

  /**
   * Encrypts pictures and writes them to disk. The pictures count as stored only when the store has
   * the returned keys.
   *
   * @throws the system's error; no file is left then
   */
  async keep(
    lane: QueueName,
    pictures: readonly ReportPicture[],
  ): Promise<readonly SealedPicture[]> {
    const files = new Map<string, Uint8Array>();
    const sealed: SealedPicture[] = [];
    for (const { agoMs, bytes } of pictures) {
      // The id is hexadecimal, because it names a file, and some file systems ignore case.
      const id = brandId<PictureId>(randomBytes(16).toString('hex'));
      const { digest, key, sealed: content } = sealPicture({ id, lane }, bytes);
      files.set(pictureFile(id), content);
      const keys = await this.#keys.wrap(key, rolesOfQueue(lane));
      sealed.push({ id, lane, digest, bytes: bytes.length, agoMs, keys });
    }
    const made = await mkdir(this.#folder, { mode: 0o700, recursive: true });
    // The parent folder is flushed, because a power loss could otherwise remove the new folder with
    // its flushed files.
    if (made !== undefined) await flushFolder(dirname(this.#folder));
    await addFiles(this.#folder, files);
    return sealed;
  }

  /** Removes the files of pictures that the store refused. */
  async drop(pictures: readonly Pick<SealedPicture, 'id'>[]): Promise<void> {
    await removeFiles(
      this.#folder,
      pictures.map(({ id }) => pictureFile(id)),
    );
  }

  /**
   * @returns the decrypted picture, or why it can't be shown
   *
   * @throws the system's error
   */
  async open(
    picture: StoredPicture,
    keys: readonly PictureKey[],
  ): Promise<Result<Buffer, 'key-missing' | 'file-missing' | 'damaged'>> {
    const key = await this.#keys.unwrap(keys);
    if (key === null) return refused('key-missing');
    let sealed: Buffer;
    try {
      sealed = await readFile(join(this.#folder, pictureFile(picture.id)));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return refused('file-missing');
      throw error;
    }
    const bytes = openPicture(picture, key, sealed);
    return bytes === null ? refused('damaged') : ok(bytes);
  }

  /**
   * Examines the next batch of picture files and removes old ones without a row in the store.
   *
   * @returns whether to examine the next batch at once
   * @throws StoreError, the system's error
   */
  async sweep(store: Pick<ModerationStore, 'run'>, nowMs: number): Promise<boolean> {
    const names = await this.#names();
    const from = names.findIndex((name) => name > this.#swept);
    const some = from === -1 ? [] : names.slice(from, from + PICTURES_SWEPT_AT_ONCE);
    this.#swept = from === -1 ? '' : (some.at(-1) ?? '');
    const ids = some.map((name) => brandId<PictureId>(name.slice(0, -SUFFIX.length)));
    if (ids.length === 0) return false;
    const kept = new Set(await store.run('pictures.kept', { ids }));
    const gone: string[] = [];
    for (const id of ids) {
      if (!kept.has(id) && (await this.#isOld(id, nowMs))) gone.push(pictureFile(id));
    }
    await removeFiles(this.#folder, gone);
    return gone.length > 0;
  }

  async isEmpty(): Promise<boolean> {
    return (await this.#names()).length === 0;
  }

  async #names(): Promise<readonly string[]> {
    const all = await readdir(this.#folder).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    });
    return all.filter((name) => name.endsWith(SUFFIX)).toSorted();
  }

  async #isOld(id: PictureId, nowMs: number): Promise<boolean> {
    const found = await stat(join(this.#folder, pictureFile(id))).catch(() => null);
    return found !== null && nowMs - found.mtimeMs >= PICTURES_SWEPT_AFTER_MS;
  }
}
