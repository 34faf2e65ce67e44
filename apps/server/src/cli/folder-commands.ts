import { migrateStore, versionsOf } from '@farandole/storage/backup/versions';
import { StoreError } from '@farandole/storage/store-error';
import type { Config } from '../config.ts';
import { readKeys } from '../keys/keys.ts';
import { placeOf, unusableStore } from '../store/open-store.ts';
import { CliError } from './arguments.ts';
import { type Manifest, makeBackup, type OnRows } from './backup.ts';
import { examine } from './doctor.ts';
import { noteBackup } from './last-backup.ts';
import { oneLine, printable } from './printable.ts';
import { restoreBackup } from './restore.ts';
import { rotateKeys } from './rotate-keys.ts';

interface FolderRequest {
  readonly config: Config;
  readonly nowMs: number;
  readonly words: readonly string[];
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
        const { dataDir } = config;
        await readKeys(dataDir);
        const missing = new Set<string>();
        const manifest = await named(config, () =>
          withProgress(show, (onRows) =>
            makeBackup(dataDir, placeOf(config), to, nowMs, {
              onRows,
              onMissing: (picture) => missing.add(picture),
            }),
          ),
        );
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
      async ({ config, nowMs, words, say }: FolderRequest) => {
        if (words[0] !== 'rotate') throw new CliError('The only command for keys is: keys rotate.');
        say(printable(await rotateKeys(config, nowMs)));
        return 0;
      },
    ],
    [
      'migrate',
      async ({ config, say }: FolderRequest) => {
        await readKeys(config.dataDir);
        const place = placeOf(config);
        const before = await named(config, () => versionsOf(place));
        await named(config, () => migrateStore(place));
        say(printable({ before: before.done, done: before.pending }));
        return 0;
      },
    ],
    [
      'doctor',
      async ({ config, nowMs, say }: FolderRequest) => {
        const findings = await examine(config, nowMs);
        for (const { about, is, says } of findings) {
          say(`${is.padEnd(5)} ${about.padEnd(9)} ${oneLine(says)}`);
        }
        return findings.some(({ is }) => is === 'fail') ? 1 : 0;
      },
    ],
  ]);

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
