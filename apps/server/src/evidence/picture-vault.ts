import { randomBytes } from 'node:crypto';
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
import { openPicture, sealPicture } from './picture-seal.ts';
import type { RoleKeys } from './role-keys.ts';

/** Encrypts reported pictures for the store, and decrypts stored ones. */
export class PictureVault {
  readonly #store: Pick<ModerationStore, 'run'>;
  readonly #keys: RoleKeys;

  constructor(store: Pick<ModerationStore, 'run'>, keys: RoleKeys) {
    this.#store = store;
    this.#keys = keys;
  }

  /** Encrypts pictures for the roles of a queue. Stores nothing. */
  async seal(
    lane: QueueName,
    pictures: readonly ReportPicture[],
  ): Promise<readonly SealedPicture[]> {
    const all: SealedPicture[] = [];
    for (const { agoMs, bytes } of pictures) {
      const id = brandId<PictureId>(randomBytes(16).toString('hex'));
      const { digest, key, sealed } = sealPicture({ id, lane }, bytes);
      const keys = await this.#keys.wrap(key, rolesOfQueue(lane));
      all.push({ id, lane, digest, bytes: bytes.length, agoMs, keys, sealed });
    }
    return all;
  }

  /**
   * @returns the decrypted picture, or why it can't be shown; a picture that the restored backup
   * didn't contain is `file-missing`
   *
   * @throws StoreError
   */
  async open(
    picture: StoredPicture,
    keys: readonly PictureKey[],
  ): Promise<Result<Buffer, 'key-missing' | 'file-missing' | 'damaged'>> {
    const key = await this.#keys.unwrap(keys);
    if (key === null) return refused('key-missing');
    const sealed = await this.#store.run('pictures.bytes', { picture: picture.id });
    if (sealed === null) return refused('file-missing');
    const bytes = openPicture(picture, key, Buffer.from(sealed));
    return bytes === null ? refused('damaged') : ok(bytes);
  }

  /** Returns whether the store has no key of any picture. */
  async isEmpty(): Promise<boolean> {
    return (await this.#store.run('picture-keys.list', null)).length === 0;
  }
}
