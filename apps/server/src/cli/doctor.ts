import { access, constants, readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { may } from '@farandole/accounts/roles';
import { actionInQueue } from '@farandole/moderation/reports/queue-name';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { StoreLocation } from '@farandole/storage/backup/store-location';
import { versionsOf } from '@farandole/storage/backup/versions';
import { LANGUAGES, NOT_OFFERED } from '@farandole/ui/locales';
import type { Config } from '../config.ts';
import { PictureVault } from '../evidence/picture-vault.ts';
import { RoleKeys } from '../evidence/role-keys.ts';
import { keysPathOf, readKeys, type ServerKeys } from '../keys/keys.ts';
import { dateProblem, readDate } from '../node/node-clock.ts';
import { codeOf, StartError } from '../start-error.ts';
import { readCheckpoint } from '../store/audit-checkpoint.ts';
import { isInClear, openStore, placeOf } from '../store/open-store.ts';
import { examineAddresses } from './address-check.ts';
import type { Finding } from './finding.ts';
import { examineBackup } from './last-backup.ts';
import { examineOpenFiles } from './open-files-check.ts';
import { examineRelay } from './relay-check.ts';
import { examineValkey } from './valkey-check.ts';

const MIB = 1024 * 1024;
/** Free disk space below which a server may soon be unable to store reports. */
const FREE_BYTES_WARN = 1024 * MIB;
const FREE_BYTES_FAIL = 100 * MIB;
const NOT_BEFORE_MS = Date.UTC(2025, 0, 1);
/**
 * How far in the future a file may be dated. A file dated later was written by a clock that was
 * ahead.
 */
const AHEAD_MS = 5 * 60_000;

/** Checks everything that a server needs. Changes nothing. */
export async function examine(config: Config, nowMs: number): Promise<readonly Finding[]> {
  const { dataDir } = config;
  const findings: Finding[] = [
    { about: 'settings', is: 'ok', says: 'can be used' },
    examineLanguages(),
  ];
  const folder = await examineFolder(dataDir);
  findings.push(folder);
  if (folder.is === 'fail') return findings;
  findings.push(await examineDisk(dataDir), ...(await examineFiles(dataDir)));
  const keysPath = keysPathOf(config);
  const keys = await readKeys(dataDir, config.keysFile).catch(asMessage);
  findings.push(
    typeof keys === 'string'
      ? { about: 'keys', is: 'fail', says: keys }
      : { about: 'keys', is: 'ok', says: `${keysPath} is intact, and only its owner can read it` },
    await examineBackup(dataDir, nowMs),
    await examineClock(config, typeof keys === 'string' ? null : keys, nowMs),
    ...(typeof keys === 'string' ? [] : await examineStore(config, keys)),
    ...(await examineValkey(config)),
    ...(await examineOpenFiles(config)),
    ...(await examineAddresses(config, nowMs)),
    ...(await examineRelay(config, nowMs)),
  );
  return findings;
}

function examineLanguages(): Finding {
  const about = 'languages';
  const marked = (mark: 'unreviewed' | 'withoutHints'): string =>
    Object.keys(LANGUAGES)
      .filter((tag) => LANGUAGES[tag]?.[mark])
      .join(', ');
  const faults = [
    [marked('unreviewed'), 'no native speaker has read the texts in'],
    [marked('withoutHints'), 'chat has no hints of stated ages and private details in'],
    [NOT_OFFERED.join(', '), 'chat has no hints, so the page does not offer'],
  ].flatMap(([tags, what]) => (tags === '' ? [] : [`${what} ${tags}.`]));
  if (faults.length === 0) return { about, is: 'ok', says: 'all are read and have hints in chat' };
  return { about, is: 'warn', says: `${faults.join(' ')} See locales/README.md.` };
}

async function examineStore(config: Config, keys: ServerKeys): Promise<readonly Finding[]> {
  const version = await examineVersion(placeOf(config));
  if (version.is !== 'ok') return [version];
  const store = await openStore(config, config.dataDir, keys, 'here').catch(asMessage);
  if (typeof store === 'string') return [version, { about: 'store', is: 'fail', says: store }];
  try {
    return [
      version,
      await examineAudit(store, config.dataDir),
      await examinePictures(store, config),
      await examineMembers(store),
      ...(await examineRoute(config)),
      ...(await examineRole(config)),
    ];
  } finally {
    await store.close();
  }
}

async function examineRoute(config: Config): Promise<readonly Finding[]> {
  if (!(await isInClear(config))) return [];
  const says =
    'sslmode=disable sends everything unencrypted over the network: use sslmode=verify-full';
  return [{ about: 'database', is: 'warn', says }];
}

async function examineRole({ databaseUrl }: Config): Promise<readonly Finding[]> {
  if (databaseUrl === null) return [];
  const about = 'role';
  const { roleAt } = await import('@farandole/storage/postgres/role');
  const role = await roleAt(databaseUrl).catch(asMessage);
  if (typeof role === 'string') return [{ about, is: 'fail', says: role }];
  const { name, isSuperuser, createsTables } = role;
  if (!createsTables) {
    const says = `${name} can’t create tables, so an upgrade fails: make it the owner of the database`;
    return [{ about, is: 'fail', says }];
  }
  return isSuperuser
    ? [{ about, is: 'warn', says: `${name} is a superuser of PostgreSQL. Use a role that isn’t.` }]
    : [{ about, is: 'ok', says: `${name} may create tables, and isn’t a superuser` }];
}

async function examineFolder(dataDir: string): Promise<Finding> {
  const about = 'folder';
  const found = await stat(dataDir).catch((error: unknown) => codeOf(error) ?? 'unknown reason');
  if (typeof found === 'string') {
    const says = `${dataDir} cannot be read (${found}). Start a server once, or set FARANDOLE_DATA_DIR.`;
    return { about, is: 'fail', says };
  }
  if (!found.isDirectory()) return { about, is: 'fail', says: `${dataDir} is no folder.` };
  const blocked = await accessProblem(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  if (blocked !== null) {
    return { about, is: 'fail', says: `${dataDir} can’t be read and written (${blocked})` };
  }
  if (process.getuid !== undefined && found.uid !== process.getuid()) {
    const says = `${dataDir} belongs to another user (its id is ${found.uid}). Run doctor as that user: runuser --user NAME -- farandole doctor`;
    return { about, is: 'warn', says };
  }
  const isOpen = process.platform !== 'win32' && (found.mode & 0o077) !== 0;
  return isOpen
    ? { about, is: 'warn', says: `other users can read it: chmod 700 ${dataDir}` }
    : { about, is: 'ok', says: `${dataDir} is readable by its owner only` };
}

/** Returns the system's code if this process may not use a file or folder, otherwise null. */
async function accessProblem(path: string, mode: number): Promise<string | null> {
  try {
    await access(path, mode);
    return null;
  } catch (error) {
    return codeOf(error) ?? 'unknown reason';
  }
}

async function examineDisk(dataDir: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(dataDir);
  const free = bavail * bsize;
  const says = `${Math.floor(free / MIB)} MiB are free`;
  if (free < FREE_BYTES_FAIL) {
    return { about: 'disk', is: 'fail', says: `${says}: reports will soon be refused. Make room.` };
  }
  return free < FREE_BYTES_WARN
    ? { about: 'disk', is: 'warn', says: `${says}. Make room.` }
    : { about: 'disk', is: 'ok', says };
}

async function examineFiles(dataDir: string): Promise<readonly Finding[]> {
  if (process.platform === 'win32') return [];
  const open: string[] = [];
  for (const name of await readdir(dataDir)) {
    const path = join(dataDir, name);
    const found = await stat(path).catch(() => null);
    if (found?.isFile() === true && (found.mode & 0o077) !== 0) open.push(path);
  }
  return open.length === 0
    ? [{ about: 'files', is: 'ok', says: 'are readable by their owner only' }]
    : [
        {
          about: 'files',
          is: 'warn',
          says: `other users can read them: chmod 600 ${open.join(' ')}`,
        },
      ];
}

async function examinePictures(
  store: ModerationStore,
  { dataDir, keysFile }: Config,
): Promise<Finding> {
  const about = 'pictures';
  const keys = await RoleKeys.open(dataDir, false, keysFile).catch(asMessage);
  if (typeof keys === 'string') return { about, is: 'fail', says: keys };
  const isEmpty = await new PictureVault(store, keys).isEmpty().catch(asMessage);
  if (typeof isEmpty === 'string') return { about, is: 'fail', says: isEmpty };
  if (isEmpty) return { about, is: 'ok', says: 'there are none' };
  return keys.isEmpty
    ? {
        about,
        is: 'fail',
        says: 'there are pictures, but no keys of roles: bring the keys file back from a backup',
      }
    : { about, is: 'ok', says: 'the keys file has the keys of the roles that may view them' };
}

/** Compares the machine's clock with dates in the data folder. Contacts no time server. */
async function examineClock(
  config: Config,
  keys: ServerKeys | null,
  nowMs: number,
): Promise<Finding> {
  const about = 'clock';
  const now = new Date(nowMs).toISOString();
  if (nowMs < NOT_BEFORE_MS) {
    return { about, is: 'fail', says: `the date is ${now}. Keep it correct with NTP.` };
  }
  const times = [0];
  for (const name of await readdir(config.dataDir)) {
    const found = await stat(join(config.dataDir, name)).catch(() => null);
    times.push(found?.mtimeMs ?? 0);
  }
  const latest = Math.max(...times);
  if (latest <= nowMs + AHEAD_MS) return await examineDate(config, keys, nowMs);
  const then = new Date(latest).toISOString();
  const says = `the date is ${now}, and something here was written at ${then}. Keep it correct with NTP.`;
  return { about, is: 'warn', says };
}

async function examineDate(
  config: Config,
  keys: ServerKeys | null,
  nowMs: number,
): Promise<Finding> {
  const about = 'clock';
  const notedMs = keys === null ? null : await storedDate(config, keys).catch(asMessage);
  if (typeof notedMs === 'string') return { about, is: 'fail', says: notedMs };
  const problem = notedMs === null ? null : dateProblem(notedMs, nowMs);
  return problem === null
    ? { about, is: 'ok', says: `the date is ${new Date(nowMs).toISOString()}` }
    : {
        about,
        is: 'fail',
        says: `${problem} If it is right, start the server with --accept-date.`,
      };
}

/** Returns the stored date. Returns null if there is none, or the store needs another version. */
async function storedDate(config: Config, keys: ServerKeys): Promise<number | null> {
  if ((await examineVersion(placeOf(config))).is !== 'ok') return null;
  const store = await openStore(config, config.dataDir, keys, 'here');
  try {
    return await readDate(store, config.dataDir);
  } finally {
    await store.close();
  }
}

async function examineVersion(place: StoreLocation): Promise<Finding> {
  const about = 'schema';
  if (place.kind === 'sqlite' && (await stat(place.path).catch(() => null)) === null) {
    return { about, is: 'warn', says: 'there is no store yet: the first start makes it' };
  }
  const blocked =
    place.kind === 'sqlite'
      ? await accessProblem(place.path, constants.R_OK | constants.W_OK)
      : null;
  if (blocked !== null) {
    return { about, is: 'fail', says: `the store can’t be read and written (${blocked})` };
  }
  const versions = await versionsOf(place).catch(asMessage);
  if (typeof versions === 'string') {
    return { about, is: 'fail', says: `the store cannot be read: ${versions}` };
  }
  const { done, pending, later } = versions;
  if (later.length > 0) {
    const says = `a later version wrote it (${later.join(', ')}): run that one, or restore a backup of before`;
    return { about, is: 'fail', says };
  }
  return pending.length > 0
    ? {
        about,
        is: 'warn',
        says: `${pending.join(', ')} pending: make a backup, then run migrate`,
      }
    : { about, is: 'ok', says: `at ${done.at(-1) ?? 'nothing'}` };
}

async function examineAudit(store: ModerationStore, dataDir: string): Promise<Finding> {
  const about = 'audit';
  const known = await readCheckpoint(dataDir).catch(asMessage);
  if (typeof known === 'string') return { about, is: 'fail', says: known };
  const verdict = await store.run('audit.verify', known).catch(asMessage);
  if (typeof verdict === 'string') return { about, is: 'fail', says: verdict };
  return verdict.ok
    ? { about, is: 'ok', says: `the chain is intact up to row ${verdict.head}` }
    : {
        about,
        is: 'fail',
        says: `row ${verdict.at} was changed or is missing: compare it with a backup`,
      };
}

/**
 * Checks that at least one member can open child-safety cases. Other members don't see such cases,
 * so they wouldn't notice that one waits.
 */
async function examineMembers(store: ModerationStore): Promise<Finding> {
  const about = 'members';
  const members = await store.run('member.list', null).catch(asMessage);
  if (typeof members === 'string') return { about, is: 'fail', says: members };
  const action = actionInQueue('read', 'child-safety');
  const able = members.filter(({ leftAtMs, roles }) => leftAtMs === null && may(roles, action));
  if (able.length > 0) {
    return { about, is: 'ok', says: `${able.length} may open cases that may involve a minor` };
  }
  const says =
    'no member may open cases that may involve a minor, so nobody sees them. Add such a member with user add ' +
    'NAME --role child-safety and user passkey-link NAME, or have two members give that role in the console, under Members';
  return { about, is: 'warn', says };
}

function asMessage(error: unknown): string {
  if (error instanceof StartError) return error.message;
  return error instanceof Error ? error.message : String(error);
}
