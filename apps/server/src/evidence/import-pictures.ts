import { readdir, readFile, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { brandId } from '@farandole/kernel/id';
import type { PictureId } from '@farandole/moderation/ids';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { StoreError } from '@farandole/storage/store-error';
import { PICTURE_FILES_UNKNOWN_MS, PICTURES_IMPORTED_AT_ONCE } from '../limits.ts';
import { flushFolder, removeFiles } from '../node/durable-file.ts';
import { codeOf, StartError } from '../start-error.ts';

/** Folder of the data folder in which earlier versions kept encrypted pictures, in a file each. */
export const PICTURES_FOLDER = 'pictures';

const SUFFIX = '.sealed';

export const pictureFile = (id: string): string => `${id}${SUFFIX}`;

/**
 * Moves the picture files of an earlier version into the store, and then removes the folder. A file
 * is removed after the store has committed its content, so an interrupted import goes on at the
 * next start. A file that the store doesn't know stays for `PICTURE_FILES_UNKNOWN_MS`.
 *
 * @throws StartError if the store or the folder fails
 */
export async function importPictures(
  dataDir: string,
  store: Pick<ModerationStore, 'run'>,
  nowMs: number,
): Promise<void> {
  const folder = join(dataDir, PICTURES_FOLDER);
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX));
    for (let at = 0; at < names.length; at += PICTURES_IMPORTED_AT_ONCE) {
      await importSome(folder, names.slice(at, at + PICTURES_IMPORTED_AT_ONCE), store, nowMs);
    }
    await rmdir(folder);
    await flushFolder(dataDir);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTEMPTY') return;
    if (code === null && !(error instanceof StoreError)) throw error;
    const why = error instanceof StoreError ? error.message : code;
    throw new StartError(`The pictures in ${folder} can’t be moved into the store: ${why}.`, {
      cause: error,
    });
  }
}

async function importSome(
  folder: string,
  names: readonly string[],
  store: Pick<ModerationStore, 'run'>,
  nowMs: number,
): Promise<void> {
  const pictures = await Promise.all(
    names.map(async (name) => ({
      id: brandId<PictureId>(name.slice(0, -SUFFIX.length)),
      sealed: await readFile(join(folder, name)),
    })),
  );
  const known = new Set(await store.run('pictures.import', { pictures }));
  const done: string[] = [];
  for (const { id } of pictures) {
    const name = pictureFile(id);
    const isOld = async (): Promise<boolean> =>
      nowMs - (await stat(join(folder, name))).mtimeMs >= PICTURE_FILES_UNKNOWN_MS;
    if (known.has(id) || (await isOld())) done.push(name);
  }
  await removeFiles(folder, done);
}
