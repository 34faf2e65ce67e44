import type { PictureId } from '@farandole/moderation/ids';
import type { PictureBytes } from '@farandole/moderation/store/records';
import type { Database } from './schema.ts';

/** Encrypted pictures in SQL. The dump contains only rows with `inBackups`. */
export class KyselyPictureBytes implements PictureBytes {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async put(id: PictureId, sealed: Uint8Array, inBackups: boolean): Promise<void> {
    await this.#db
      .insertInto('pictureBytes')
      .values({ id, sealed, inBackups: inBackups ? 1 : 0 })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
  }

  async get(id: PictureId): Promise<Uint8Array | null> {
    const row = await this.#db
      .selectFrom('pictureBytes')
      .select('sealed')
      .where('id', '=', id)
      .executeTakeFirst();
    return row?.sealed ?? null;
  }

  async keepOutOfBackups(id: PictureId): Promise<void> {
    await this.#db.updateTable('pictureBytes').set({ inBackups: 0 }).where('id', '=', id).execute();
  }

  async remove(id: PictureId): Promise<void> {
    await this.#db.deleteFrom('pictureBytes').where('id', '=', id).execute();
  }
}
