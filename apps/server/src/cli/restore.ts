import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isId } from '@farandole/kernel/id';
import { loadStore } from '@farandole/storage/backup/load';
import type { Place } from '@farandole/storage/backup/place';
import { PICTURES_FOLDER, pictureFile } from '../evidence/picture-vault.ts';
import { KEYS_FILE } from '../keys/keys.ts';
import { openDataDir } from '../node/data-dir.ts';
import { addFiles, flushFolder } from '../node/durable-file.ts';
import { STORE_FILE } from '../store/open-store.ts';
import { CliError } from './arguments.ts';
import {
  DUMP_FILE,
  type Manifest,
  PICTURES_FILE,
  type PictureLine,
  readBackup,
  writeAll,
} from './backup.ts';

/** Where it is put together, in the data folder; what is there is no server's. */
const UNFINISHED = 'unfinished-restore';

/**
 * Brings a backup back into a data folder that is empty, or not there, and a database that is new.
 *
 * All is put together and checked beside, and then moved, the keys last: a server does not start in a
 * folder that has something and no keys, so that half of it is never taken for all of it.
 *
 * @param databaseUrl of PostgreSQL; null: a file in the folder
 * @throws CliError, StartError, StoreError; what was there is then as it was
 */
export async function restoreBackup(
  from: string,
  dataDir: string,
  databaseUrl: string | null,
): Promise<Manifest> {
  const manifest = await readBackup(from);
  const folder = await openDataDir(dataDir);
  const { path } = folder;
  try {
    await rm(join(path, UNFINISHED), { recursive: true, force: true });
    const there = (await readdir(path)).filter((name) => !name.endsWith('.lock'));
    if (there.length > 0) {
      throw new CliError(
        `${path} is not empty (${there.slice(0, 3).join(', ')}). A backup is brought back into an ` +
          'empty folder, so that nothing is lost: move what is there away, or give another folder by ' +
          'FARANDOLE_DATA_DIR.',
      );
    }
    const beside = join(path, UNFINISHED);
    await mkdir(beside, { mode: 0o700 });
    try {
      const names = Object.keys(manifest.files).filter(
        (name) => name !== DUMP_FILE && name !== PICTURES_FILE,
      );
      for (const name of names) {
        await writeAll(join(beside, name), [await readFile(join(from, name))]);
      }
      const place: Place =
        databaseUrl === null
          ? { kind: 'sqlite', path: join(beside, STORE_FILE) }
          : { kind: 'postgres', url: databaseUrl };
      await loadStore(place, createInterface({ input: createReadStream(join(from, DUMP_FILE)) }));
      if (databaseUrl === null) names.push(STORE_FILE);
      // Backups of earlier versions have none.
      if (Object.hasOwn(manifest.files, PICTURES_FILE)) {
        await restorePictures(join(from, PICTURES_FILE), join(beside, PICTURES_FOLDER));
        names.push(PICTURES_FOLDER);
      }
      for (const name of names.toSorted(
        (a, b) => Number(a === KEYS_FILE) - Number(b === KEYS_FILE),
      )) {
        await rename(join(beside, name), join(path, name));
        await flushFolder(path);
      }
    } finally {
      await rm(beside, { recursive: true, force: true });
    }
    return manifest;
  } finally {
    await folder.release();
  }
}

async function restorePictures(from: string, folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  for await (const line of createInterface({ input: createReadStream(from) })) {
    const [id, sealed] = JSON.parse(line) as PictureLine;
    if (!isId(id)) throw new CliError(`${from} is damaged: ${id} is no name of a picture.`);
    await addFiles(folder, new Map([[pictureFile(id), Buffer.from(sealed, 'base64')]]));
  }
}
