import { resolve } from 'node:path';
import { belongsTo } from '@farandole/storage/backup/owner';
import { migrateStore, versionsOf } from '@farandole/storage/backup/versions';
import { StoreError } from '@farandole/storage/store-error';
import type { Config } from '../config.ts';
import { fingerprintOf, keysPathOf, readKeys, type ServerKeys } from '../keys/keys.ts';
import { createKeysFile } from '../keys/open-keys.ts';
import { firstTextKeyOf, otherKeys, placeOf, unusableStore } from '../store/open-store.ts';
import { CliError } from './arguments.ts';
import { type Manifest, makeBackup, type OnRows } from './backup.ts';
import { examine } from './doctor.ts';
import { noteBackup } from './last-backup.ts';
import { oneLine, printable } from './printable.ts';
import { restoreBackup } from './restore.ts';
import { rotateKeys } from './rotate-keys.ts';
import { show as shown } from './show.ts';
import { backUpBeforeUpgrade } from './upgrade-backup.ts';

interface FolderRequest {
  readonly config: Config;
  readonly nowMs: number;
  readonly words: readonly string[];
  /** Path after `--file`. */
  readonly file: string | undefined;
  /** Whether the output is JSON. */
  readonly json: boolean;
  /** Whether `migrate` makes no backup. */
  readonly noBackup: boolean;
  readonly say: (text: string) => void;
  readonly show: ((text: string) => void) | undefined;
}

/** Number of rows after which the progress is shown again. */
const SHOWN_EVERY = 1_000;

/** Commands on the whole data folder, including keys and pictures. Each returns an exit code. */
export const FOLDER_COMMANDS: ReadonlyMap<string, (asked: FolderRequest) => Promise<number>> =
  new Map([
    [
      'backup',
      async ({ config, nowMs, words, say, show }: FolderRequest) => {
        const to = folderIn(words);
        const { dataDir, keysFile } = config;
        const missing = new Set<string>();
        const manifest = await named(config, async () => {
          await requireOwnStore(config);
          return await withProgress(show, (onRows) =>
            makeBackup(dataDir, placeOf(config), to, nowMs, {
              keysFile,
              onRows,
              onMissing: (picture) => missing.add(picture),
            }),
          );
        });
        say(summary(manifest));
        const isNoted = await noteBackup(dataDir, manifest).then(
          () => true,
          () => false,
        );
        if (!isNoted) say(`${dataDir} can’t be written, so doctor won’t know of this backup.`);
        if (missing.size > 0) {
          const which = missing.size === 1 ? '1 picture is' : `${missing.size} pictures are`;
          say(`${which} not on this machine, so the backup lacks them. Everything else is in it.`);
        }
        say(
          'It contains the keys to what users wrote, also in cases that may involve a minor; the pictures of those cases aren’t in it. ' +
            'Protect it like the data folder.',
        );
        return 0;
      },
    ],
    [
      'restore',
      async ({ config, words, say, show }: FolderRequest) => {
        const from = folderIn(words);
        const manifest = await named(config, () =>
          withProgress(show, (onRows) =>
            restoreBackup(from, config.dataDir, config.databaseUrl, onRows),
          ),
        );
        say(summary(manifest));
        return 0;
      },
    ],
    [
      'keys',
      async ({ config, nowMs, words, file, json, say }: FolderRequest) => {
        const [verb] = words;
        if (verb === 'init') {
          const path = file === undefined ? keysPathOf(config) : resolve(file);
          await createKeysFile(config, path);
          say(`${path} has the keys. Back it up, and copy it to each node of the same database.`);
        } else if (verb === 'rotate') {
          say(shown('keys rotate', await rotateKeys(config, nowMs), json));
        } else {
          throw new CliError('The commands for keys are: keys init, keys rotate.');
        }
        return 0;
      },
    ],
    [
      'migrate',
      async ({ config, nowMs, noBackup, json, say }: FolderRequest) => {
        const place = placeOf(config);
        const keys = await named(config, () => requireOwnStore(config));
        const backup = noBackup ? null : await backUpBeforeUpgrade(config, keys, nowMs);
        const before = await named(config, () => versionsOf(place));
        await named(config, () => migrateStore(place));
        say(shown('migrate', { before: before.done, done: before.pending, backup }, json));
        return 0;
      },
    ],
    [
      'doctor',
      async ({ config, nowMs, json, say }: FolderRequest) => {
        const findings = await examine(config, nowMs);
        if (json) say(printable(findings));
        for (const { about, is, says } of json ? [] : findings) {
          say(`${is.padEnd(5)} ${about.padEnd(9)} ${oneLine(says)}`);
        }
        return findings.some(({ is }) => is === 'fail') ? 1 : 0;
      },
    ],
  ]);

/** @throws StartError if there are no keys, or the store belongs to others */
async function requireOwnStore(config: Config): Promise<ServerKeys> {
  const keys = await readKeys(config.dataDir, config.keysFile);
  const own = { key: firstTextKeyOf(keys), fingerprint: fingerprintOf(keys) };
  if (!(await belongsTo(placeOf(config), own))) throw otherKeys(config);
  return keys;
}

function folderIn(words: readonly string[]): string {
  const [folder] = words;
  if (folder === undefined) throw new CliError('Give the folder of a backup.');
  return folder;
}

/** Shows the number of rows while `work` runs, and removes it afterwards. */
async function withProgress<Value>(
  show: FolderRequest['show'],
  work: (onRows: OnRows | undefined) => Promise<Value>,
): Promise<Value> {
  if (show === undefined) return await work(undefined);
  try {
    return await work((rows) => {
      if (rows % SHOWN_EVERY === 0) show(`${rows} rows`);
    });
  } finally {
    show('');
  }
}

/** Names the database in an error of the store. */
async function named<Value>(config: Config, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof StoreError ? unusableStore(config, error) : error;
  }
}

function summary({ files, digest }: Manifest): string {
  return `${Object.keys(files).length} files, digest ${digest}`;
}
