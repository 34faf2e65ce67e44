import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isId } from '@farandole/kernel/id';
import { loadStore } from '@farandole/storage/backup/load';
import type { StoreLocation } from '@farandole/storage/backup/store-location';
import { PICTURES_FOLDER, pictureFile } from '../evidence/import-pictures.ts';
import { KEYS_FILE } from '../keys/keys.ts';
import { openDataDir } from '../node/data-dir.ts';
import { addFiles, flushFolder } from '../node/durable-file.ts';
import { STORE_FILE } from '../store/open-store.ts';
import { CliError } from './arguments.ts';
import {
  closeFolder,
  DUMP_FILE,
  type Manifest,
  type OnRows,
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

const CHUNK_BYTES = 1024 * 1024;

/**
 * Restores a backup into an empty or missing data folder and a new database.
 *
 * Files are verified in a staging folder and then moved, the keys last. A server refuses to start
 * in a non-empty folder without keys, so an interrupted restore is never used.
 *
 * @param databaseUrl URL of the PostgreSQL database; null for a SQLite file in the data folder
 * @param onRows receives the number of rows loaded so far
 * @throws CliError, StartError, StoreError; the target is then unchanged
 */
export async function restoreBackup(
  from: string,
  dataDir: string,
  databaseUrl: string | null,
  onRows: OnRows = () => {},
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
    await closeFolder(path);
    const beside = join(path, UNFINISHED);
    await mkdir(beside, { mode: 0o700 });
    try {
      const names = Object.keys(manifest.files).filter(
        (name) => name !== DUMP_FILE && name !== PICTURES_FILE,
      );
      for (const name of names) {
        await writeAll(join(beside, name), createReadStream(join(from, name)));
      }
      const place: StoreLocation =
        databaseUrl === null
          ? { kind: 'sqlite', path: join(beside, STORE_FILE) }
          : { kind: 'postgres', url: databaseUrl };
      await loadStore(place, counted(linesIn(join(from, DUMP_FILE)), onRows));
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

async function* counted(lines: AsyncIterable<string>, onRows: OnRows): AsyncGenerator<string> {
  let rows = 0;
  for await (const line of lines) {
    yield line;
    // The first line is a header.
    onRows(rows++);
  }
}

/**
 * Reads the lines of a text file. Opens the file when the caller asks for the first line, so that no
 * line is lost while the caller prepares for it.
 */
async function* linesIn(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(path, {
    encoding: 'utf8',
    highWaterMark: CHUNK_BYTES,
  })) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** Writes the pictures of a backup of an earlier version to files, which the next start imports. */
async function restorePictures(from: string, folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  for await (const line of linesIn(from)) {
    const [id, sealed] = JSON.parse(line) as PictureLine;
    if (!isId(id)) throw new CliError(`${from} is damaged: ${id} isn't a picture's name.`);
    await addFiles(folder, new Map([[pictureFile(id), Buffer.from(sealed, 'base64')]]));
  }
}
