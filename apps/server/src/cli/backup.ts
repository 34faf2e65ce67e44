import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type PictureKey, rolesOfLane } from '@farandole/moderation/evidence/picture';
import type { AuditCheckpoint } from '@farandole/moderation/store/records';
import { type DumpRow, dumpStore } from '@farandole/storage/backup/dump';
import type { Place } from '@farandole/storage/backup/place';
import type { AuditEndRow, AuditTableRow } from '@farandole/storage/schema';
import { PICTURES_FOLDER, pictureFile } from '../evidence/picture-vault.ts';
import { ROLE_KEYS_FILE } from '../evidence/role-keys.ts';
import { WAITING_FILES } from '../journal/waiting-reports.ts';
import { KEYS_FILE } from '../keys/keys.ts';
import { flushFolder, replaceFile } from '../node/durable-file.ts';
import { codeOf } from '../start-error.ts';
import { CHECKPOINT_FILE, checkpointText, readCheckpoint } from '../store/audit-checkpoint.ts';
import { CliError } from './arguments.ts';

export const MANIFEST_FILE = 'backup.json';
export const DUMP_FILE = 'store.jsonl';
export const PICTURES_FILE = 'pictures.sealed';

/** A picture in a backup: its id, and its file in base64. */
export type PictureLine = readonly [id: string, sealed: string];

const FORMAT = 'farandole-backup-1';
/** How often a file that changes while it is read is read again. */
const READS_MAX = 20;

/** What is in a backup. The digest is over the names and contents of all its files. */
export interface Manifest {
  readonly format: typeof FORMAT;
  readonly madeAt: string;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
  readonly digest: string;
}

/**
 * Copies all that a server needs to go on somewhere else: keys, journal, store and pictures. It may run
 * meanwhile. A picture that may be of a minor is in no copy.
 *
 * A picture's file is there before the store knows of it, and stays for days after it was shredded: so those that
 * the store had at its moment are copied after it, and no other. One that was lost before is told of.
 *
 * A report is at every moment in the waiting files or in the store: those are read first. That it was
 * taken is read before both, so that none is said to be in a store that does not have it.
 *
 * @param to a folder that is not there yet, or is empty
 * @throws CliError, StoreError; a folder without a manifest is no backup
 */
export async function makeBackup(
  dataDir: string,
  place: Place,
  to: string,
  nowMs: number,
  onMissing: (picture: string) => void = () => {},
): Promise<Manifest> {
  await makeEmptyFolder(to);
  const names = (await readdir(dataDir)).filter((name) => name.endsWith('.jsonl')).toSorted();
  const isWaiting = (name: string): boolean => WAITING_FILES.some((one) => one === name);
  const files: Record<string, { bytes: number; sha256: string }> = {};
  const audit = new DumpedAudit(await readCheckpoint(dataDir));
  const inOrder = [...names.filter((name) => !isWaiting(name)), ...names.filter(isWaiting)];
  for (const name of inOrder) {
    const bytes = await readWhole(join(dataDir, name));
    // Half a line at the end is one that is being written.
    const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
    files[name] = await writeAll(join(to, name), [whole]);
  }
  const pictures = new DumpedPictures();
  files[DUMP_FILE] = await writeAll(join(to, DUMP_FILE), linesOf(place, [pictures, audit]));
  // After the store: one that was shredded meanwhile is not copied any more.
  const sealed = picturesIn(join(dataDir, PICTURES_FOLDER), pictures.mayBeCopied, onMissing);
  files[PICTURES_FILE] = await writeAll(join(to, PICTURES_FILE), sealed);
  const { checkpoint } = audit;
  if (checkpoint !== null) {
    const text = Buffer.from(checkpointText(checkpoint));
    files[CHECKPOINT_FILE] = await writeAll(join(to, CHECKPOINT_FILE), [text]);
  }
  for (const name of [ROLE_KEYS_FILE, KEYS_FILE]) {
    const bytes = await readFile(join(dataDir, name)).catch((error: unknown) => {
      if (name === ROLE_KEYS_FILE && codeOf(error) === 'ENOENT') return null;
      throw error;
    });
    if (bytes !== null) files[name] = await writeAll(join(to, name), [bytes]);
  }
  const manifest: Manifest = {
    format: FORMAT,
    madeAt: new Date(nowMs).toISOString(),
    files,
    digest: digestOf(files),
  };
  await replaceFile(join(to, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/**
 * Reads what a backup says of itself, and makes sure that all of it is there as it was written.
 *
 * @throws CliError
 */
export async function readBackup(from: string): Promise<Manifest> {
  const path = join(from, MANIFEST_FILE);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new CliError(`${from} is no backup: ${path} cannot be read (${codeOf(error)}).`);
  });
  const manifest = parseManifest(text);
  if (manifest === null) throw new CliError(`${path} is damaged, or of a later version.`);
  for (const [name, { sha256 }] of Object.entries(manifest.files)) {
    const bytes = await readFile(join(from, name)).catch((error: unknown) => {
      throw new CliError(`${join(from, name)} cannot be read (${codeOf(error)}).`);
    });
    if (createHash('sha256').update(bytes).digest('hex') === sha256) continue;
    throw new CliError(`${join(from, name)} is damaged: it is not what was backed up.`);
  }
  return manifest;
}

function parseManifest(text: string): Manifest | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { format, files, digest } = (value ?? {}) as Partial<Manifest>;
  if (format !== FORMAT || typeof files !== 'object' || digest !== digestOf(files)) return null;
  // A name is no path.
  if (Object.keys(files).some((name) => !/^[a-z0-9][a-z0-9.-]*$/.test(name))) return null;
  return value as Manifest;
}

function digestOf(files: Manifest['files']): string {
  const all = Object.entries(files).map(([name, { sha256 }]) => [name, sha256]);
  const text = JSON.stringify(all.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)));
  return createHash('sha256').update(text).digest('hex');
}

async function makeEmptyFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const isThere = codeOf(error) === 'EEXIST' && (await stat(path)).isDirectory();
    if (!isThere) throw new CliError(`${path} cannot be made (${codeOf(error)}).`);
    if ((await readdir(path)).length > 0) {
      throw new CliError(`${path} is not empty. A backup goes into a folder of its own.`);
    }
  }
}

/** A file as it was at one moment: one that changes while it is read is read again. */
async function readWhole(path: string): Promise<Buffer> {
  for (let read = 0; read < READS_MAX; read++) {
    const before = await stat(path, { bigint: true });
    const bytes = await readFile(path);
    const after = await stat(path, { bigint: true });
    if (before.mtimeNs === after.mtimeNs && BigInt(bytes.length) === after.size) return bytes;
  }
  throw new CliError(`${path} changes all the time. Make the backup when less is going on.`);
}

async function* linesOf(
  place: Place,
  lookers: readonly { see(line: string): void }[],
): AsyncGenerator<Buffer> {
  for await (const line of dumpStore(place)) {
    for (const one of lookers) one.see(line);
    yield Buffer.from(`${line}\n`);
  }
}

/** The pictures that a dump has keys to. Those that only child safety may open are sealed. */
class DumpedPictures {
  readonly #ids = new Set<string>();

  see(line: string): void {
    if (!line.startsWith('["picture_keys"')) return;
    const [, row] = JSON.parse(line) as DumpRow;
    const { picture, role } = JSON.parse(String(row['body'])) as PictureKey;
    if (!rolesOfLane('child-safety').includes(role)) this.#ids.add(picture);
  }

  /** In an order that is always the same. */
  get mayBeCopied(): readonly string[] {
    return [...this.#ids].toSorted();
  }
}

/**
 * How far the audit of a dump is, to be kept beside it: the same for the same content. Where it does not go on
 * from what the folder knew, that is kept, by which it is found.
 */
class DumpedAudit {
  readonly #known: AuditCheckpoint | null;
  readonly #ends = new Map<string, AuditEndRow>();
  #hashAtKnown: string | null = null;

  constructor(known: AuditCheckpoint | null) {
    this.#known = known;
  }

  see(line: string): void {
    if (line.startsWith('["audit_ends"')) {
      const [, row] = JSON.parse(line) as [string, AuditEndRow];
      this.#ends.set(row.id, row);
    } else if (line.startsWith('["audit",') && line.includes(`"seq":${this.#known?.seq}`)) {
      const [, row] = JSON.parse(line) as [string, AuditTableRow];
      if (row.seq === this.#known?.seq) this.#hashAtKnown = row.hash;
    }
  }

  get checkpoint(): AuditCheckpoint | null {
    const known = this.#known;
    const last = this.#ends.get('last');
    if (last === undefined || last.seal === null) return known;
    const { seq, hash, seal } = last;
    const isPruned = known !== null && known.seq <= (this.#ends.get('first')?.seq ?? 0);
    const goesOn = known === null || isPruned || this.#hashAtKnown === known.hash;
    return goesOn ? { seq, hash, seal } : known;
  }
}

/** A line for each: its name and, in base64, what is in its file. */
async function* picturesIn(
  folder: string,
  ids: readonly string[],
  onMissing: (picture: string) => void,
): AsyncGenerator<Buffer> {
  for (const id of ids) {
    const bytes = await readFile(join(folder, pictureFile(id))).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    });
    if (bytes === null) {
      onMissing(id);
      continue;
    }
    const line: PictureLine = [id, bytes.toString('base64')];
    yield Buffer.from(`${JSON.stringify(line)}\n`);
  }
}

/** Writes a new file, flushes it, and says what is in it. */
export async function writeAll(
  path: string,
  chunks: Iterable<Buffer> | AsyncIterable<Buffer>,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
      await file.appendFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await flushFolder(join(path, '..'));
  return { bytes, sha256: hash.digest('hex') };
}
