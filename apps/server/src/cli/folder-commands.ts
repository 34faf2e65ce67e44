import { migrateStore, versionsOf } from '@farandole/storage/backup/versions';
import type { Config } from '../config.ts';
import { readKeys } from '../keys/keys.ts';
import { placeOf } from '../store/open-store.ts';
import { CliError } from './arguments.ts';
import { type Manifest, makeBackup } from './backup.ts';
import { examine } from './doctor.ts';
import { oneLine, printable } from './printable.ts';
import { restoreBackup } from './restore.ts';
import { rotateKeys } from './rotate-keys.ts';

interface FolderRequest {
  readonly config: Config;
  readonly nowMs: number;
  readonly words: readonly string[];
  readonly say: (text: string) => void;
}

/** Commands on the whole data folder instead of the store. Each returns an exit code. */
export const FOLDER_COMMANDS: ReadonlyMap<string, (asked: FolderRequest) => Promise<number>> =
  new Map([
    [
      'backup',
      async ({ config, nowMs, words, say }: FolderRequest) => {
        const to = folderIn(words);
        await readKeys(config.dataDir);
        const missing = new Set<string>();
        const place = placeOf(config);
        const manifest = await makeBackup(config.dataDir, place, to, nowMs, (picture) => {
          missing.add(picture);
        });
        say(summary(manifest));
        if (missing.size > 0) {
          const which = missing.size === 1 ? '1 picture is' : `${missing.size} pictures are`;
          say(`${which} not on this machine, and so not in the backup; all else is.`);
        }
        say(
          'It opens what people wrote, also in cases that may be of a minor; pictures of those are not in it. ' +
            'Keep it as the data folder itself.',
        );
        return 0;
      },
    ],
    [
      'restore',
      async ({ config, words, say }: FolderRequest) => {
        const from = folderIn(words);
        say(summary(await restoreBackup(from, config.dataDir, config.databaseUrl)));
        return 0;
      },
    ],
    [
      'keys',
      async ({ config, nowMs, words, say }: FolderRequest) => {
        if (words[0] !== 'rotate') throw new CliError('What is done with keys is: keys rotate.');
        say(printable(await rotateKeys(config, nowMs)));
        return 0;
      },
    ],
    [
      'migrate',
      async ({ config, say }: FolderRequest) => {
        await readKeys(config.dataDir);
        const before = await versionsOf(placeOf(config));
        await migrateStore(placeOf(config));
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

function summary({ files, digest }: Manifest): string {
  return `${Object.keys(files).length} files, digest ${digest}`;
}
