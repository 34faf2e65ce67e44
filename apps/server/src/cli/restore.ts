import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isId } from '@farandole/kernel/id';
import { loadStore } from '@farandole/storage/backup/load';
import type { StoreLocation } from '@farandole/storage/backup/store-location';
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

/**
 * Name of the staging folder that a restore creates in the data folder. No server reads the staging
 * folder.
 */
const UNFINISHED = 'unfinished-restore';

/**
 * Restores a backup into an empty or missing data folder and a new database.
 *
 * Files are verified in a staging folder and then moved, the keys last. A server refuses to start
 * in a non-empty folder without keys, so an interrupted restore is never used.
 *
 * @param databaseUrl URL of the PostgreSQL database; null for a SQLite file in the data folder
 * @throws CliError, StartError, StoreError; the target is then unchanged
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
        `${path} is not empty (${there.slice(0, 3).join(', ')}). A backup is restored into an ` +
          'empty folder, so that nothing is overwritten: move the files away, or choose another folder with ' +
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
      const place: StoreLocation =
        databaseUrl === null
          ? { kind: 'sqlite', path: join(beside, STORE_FILE) }
          : { kind: 'postgres', url: databaseUrl };
      await loadStore(place, createInterface({ input: createReadStream(join(from, DUMP_FILE)) }));
      if (databaseUrl === null) names.push(STORE_FILE);
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
    if (!isId(id)) throw new CliError(`${from} is damaged: ${id} isn't a picture's name.`);
    await addFiles(folder, new Map([[pictureFile(id), Buffer.from(sealed, 'base64')]]));
  }
}
