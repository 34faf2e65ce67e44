import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../node/durable-file.ts';
import { parseJson } from '../node/parse-json.ts';
import type { Manifest } from './backup.ts';
import type { Finding } from './finding.ts';

/** Notes when this data folder was last backed up. Backups don't contain the file. */
const LAST_BACKUP_FILE = 'last-backup.json';

/** Age in milliseconds after which `doctor` warns about the last backup. */
const OLD_MS = 7 * 24 * 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** @throws the system's error */
export async function noteBackup(
  dataDir: string,
  { madeAt, digest }: Pick<Manifest, 'madeAt' | 'digest'>,
): Promise<void> {
  await replaceFile(join(dataDir, LAST_BACKUP_FILE), `${JSON.stringify({ madeAt, digest })}\n`);
}

/** Returns when this data folder was last backed up; null if never, or if the file is damaged. */
export async function readLastBackup(dataDir: string): Promise<number | null> {
  const text = await readFile(join(dataDir, LAST_BACKUP_FILE), 'utf8').catch(() => '');
  const { madeAt } = (parseJson(text) ?? {}) as { readonly madeAt?: unknown };
  const madeAtMs = typeof madeAt === 'string' ? Date.parse(madeAt) : Number.NaN;
  return Number.isNaN(madeAtMs) ? null : madeAtMs;
}

export async function examineBackup(dataDir: string, nowMs: number): Promise<Finding> {
  const about = 'backup';
  const madeAtMs = await readLastBackup(dataDir);
  if (madeAtMs === null) {
    return { about, is: 'warn', says: 'none was made of this data folder: run backup FOLDER' };
  }
  const days = Math.max(0, Math.floor((nowMs - madeAtMs) / DAY_MS));
  const age = days === 0 ? 'less than a day' : days === 1 ? '1 day' : `${days} days`;
  const says = `the last one was made ${age} ago`;
  return nowMs - madeAtMs >= OLD_MS
    ? { about, is: 'warn', says: `${says}: run backup FOLDER` }
    : { about, is: 'ok', says };
}
