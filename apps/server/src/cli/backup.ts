import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type PictureKey, rolesOfQueue } from '@farandole/moderation/evidence/picture';
import type { AuditCheckpoint } from '@farandole/moderation/store/records';
import { dumpStore } from '@farandole/storage/backup/dump';
import type { StoreLocation } from '@farandole/storage/backup/store-location';
import type { AuditEndRow, AuditTableRow } from '@farandole/storage/schema';
import { PICTURES_FOLDER, pictureFile } from '../evidence/import-pictures.ts';
import { ROLE_KEYS_FILE } from '../evidence/role-keys.ts';
import { KEYS_FILE, keysPathOf } from '../keys/keys.ts';
import { flushFolder, replaceFile } from '../node/durable-file.ts';
import { parseJson } from '../node/parse-json.ts';
import { codeOf } from '../start-error.ts';
import { CHECKPOINT_FILE, checkpointText, readCheckpoint } from '../store/audit-checkpoint.ts';
import { CliError } from './arguments.ts';
import { fileError } from './problem.ts';

export const MANIFEST_FILE = 'backup.json';
export const DUMP_FILE = 'store.jsonl';
export const PICTURES_FILE = 'pictures.sealed';

/** A picture's id, and its encrypted file in base64. */
export type PictureLine = readonly [id: string, sealed: string];

const FORMAT = 'farandole-backup-1';
const READS_MAX = 20;
const CHUNK_BYTES = 64 * 1024;

/** Lists the files of a backup. `digest` covers the names and contents of all files. */
export interface Manifest {
  readonly format: typeof FORMAT;
  readonly madeAt: string;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
  readonly digest: string;
}

/** Receives the number of rows of the store that were read or written so far. */
export type OnRows = (rows: number) => void;

interface BackupOptions {
  /** Path of the keys file; null for the one in the data folder. */
  readonly keysFile?: string | null;
  readonly onRows?: OnRows | undefined;
  /** Receives the id of a picture that should be in a file, and isn't. */
  readonly onMissing?: (picture: string) => void;
}

/**
 * Copies keys and store. The server may run at the same time. Pictures that may show a minor are
 * never copied.
 *
 * A data folder of an earlier version, on which this version never started, has pictures, blocks and
 * reports in files. Pictures are copied after the store's dump, so that each picture of the dump is
 * found. Missing pictures are reported.
 *
 * In such a folder, a report is always in the waiting files or in the store, so the waiting files are
 * read before the store. The list of taken reports is read before both, so that it never names a
 * report that the backup lacks.
 *
 * @param to a folder that doesn't exist or is empty
 * @throws CliError, StoreError; a folder without a manifest is no backup
 */
export async function makeBackup(
  dataDir: string,
  place: StoreLocation,
  to: string,
  nowMs: number,
  { onRows, onMissing, keysFile = null }: BackupOptions = {},
): Promise<Manifest> {
  if (place.kind === 'sqlite') await requireStore(place.path);
  await makeEmptyFolder(to);
  const names = (await readdir(dataDir)).filter((name) => name.endsWith('.jsonl')).toSorted();
  const isWaiting = (name: string): boolean => name.startsWith('reports.waiting');
  const files: Record<string, { bytes: number; sha256: string }> = {};
  const audit = new DumpedAudit(await readCheckpoint(dataDir));
  const inOrder = [...names.filter((name) => !isWaiting(name)), ...names.filter(isWaiting)];
  for (const name of inOrder) {
    const bytes = await readWhole(join(dataDir, name));
    // An incomplete line at the end is left out, because the server is still writing it.
    const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
    files[name] = await writeAll(join(to, name), [whole]);
  }
  const folder = join(dataDir, PICTURES_FOLDER);
  const pictures = (await isThere(folder)) ? new DumpedPictures() : null;
  const lookers = pictures === null ? [audit] : [audit, pictures];
  files[DUMP_FILE] = await writeAll(join(to, DUMP_FILE), linesOf(place, lookers, onRows));
  if (pictures !== null) {
    // Files are read after the store's dump, so that a picture destroyed in between isn't copied.
    const sealed = picturesIn(folder, pictures.mayBeCopied, onMissing);
    files[PICTURES_FILE] = await writeAll(join(to, PICTURES_FILE), sealed);
  }
  const { checkpoint } = audit;
  if (checkpoint !== null) {
    const text = Buffer.from(checkpointText(checkpoint));
    files[CHECKPOINT_FILE] = await writeAll(join(to, CHECKPOINT_FILE), [text]);
  }
  for (const name of [ROLE_KEYS_FILE, KEYS_FILE]) {
    const path = name === KEYS_FILE ? keysPathOf({ dataDir, keysFile }) : join(dataDir, name);
    const bytes = await readFile(path).catch((error: unknown) => {
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
 * Reads a backup's manifest and verifies every file against it.
 *
 * @throws CliError if the manifest or a file is missing or damaged
 */
export async function readBackup(from: string): Promise<Manifest> {
  const path = join(from, MANIFEST_FILE);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new CliError(`${from} is no backup: ${path} cannot be read (${codeOf(error)}).`);
  });
  const manifest = parseManifest(text);
  if (manifest === null) throw new CliError(`${path} is damaged, or of a later version.`);
  for (const [name, { sha256 }] of Object.entries(manifest.files)) {
    const found = await digestOfFile(join(from, name)).catch((error: unknown) => {
      throw new CliError(`${join(from, name)} cannot be read (${codeOf(error)}).`);
    });
    if (found === sha256) continue;
    throw new CliError(`${join(from, name)} is damaged: it differs from what was backed up.`);
  }
  return manifest;
}

function parseManifest(text: string): Manifest | null {
  const value = parseJson(text);
  const { format, files, digest } = (value ?? {}) as Partial<Manifest>;
  if (format !== FORMAT || typeof files !== 'object' || digest !== digestOf(files)) return null;
  if (Object.keys(files).some((name) => !/^[a-z0-9][a-z0-9.-]*$/.test(name))) return null;
  return value as Manifest;
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
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
    const isFolder = codeOf(error) === 'EEXIST' && (await stat(path)).isDirectory();
    if (!isFolder) throw fileError(path, 'made', error);
    if ((await readdir(path)).length > 0) {
      throw new CliError(`${path} isn't empty. A backup needs a new or empty folder.`);
    }
    await closeFolder(path);
  }
}

/**
 * Makes a folder readable by its owner only. A folder of another user stays as it is, because the
 * files in it are readable by their owner only.
 */
export async function closeFolder(path: string): Promise<void> {
  await chmod(path, 0o700).catch(() => {});
}

/** @throws CliError if the SQLite file is missing; opening it would create an empty one */
async function requireStore(path: string): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    throw fileError(path, 'read', error);
  });
  if (!found.isFile()) throw new CliError(`${path} is no file.`);
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

/** Reads a consistent copy of a file. If the file changes during the read, reads it again. */
async function readWhole(path: string): Promise<Buffer> {
  for (let read = 0; read < READS_MAX; read++) {
    const before = await stat(path, { bigint: true });
    const bytes = await readFile(path);
    const after = await stat(path, { bigint: true });
    if (before.mtimeNs === after.mtimeNs && BigInt(bytes.length) === after.size) return bytes;
  }
  throw new CliError(`${path} keeps changing. Make the backup when the server is less busy.`);
}

async function* linesOf(
  place: StoreLocation,
  lookers: readonly { see(line: string): void }[],
  onRows: OnRows | undefined,
): AsyncGenerator<Buffer> {
  let chunk = '';
  let rows = 0;
  for await (const line of dumpStore(place)) {
    for (const one of lookers) one.see(line);
    chunk += `${line}\n`;
    // The first line is a header.
    onRows?.(rows++);
    if (chunk.length < CHUNK_BYTES) continue;
    yield Buffer.from(chunk);
    chunk = '';
  }
  yield Buffer.from(chunk);
}

/**
 * Collects the pictures whose keys a store dump contains, except the pictures that only the
 * child-safety role may open.
 */
class DumpedPictures {
  readonly #ids = new Set<string>();

  see(line: string): void {
    if (!line.startsWith('["picture_keys"')) return;
    const [, { picture, role }] = JSON.parse(line) as [
      string,
      Pick<PictureKey, 'picture' | 'role'>,
    ];
    if (!rolesOfQueue('child-safety').includes(role)) this.#ids.add(picture);
  }

  get mayBeCopied(): readonly string[] {
    return [...this.#ids].toSorted();
  }
}

/**
 * Computes the audit checkpoint of a store dump. Dumps of equal content have equal checkpoints. If
 * the dump's audit doesn't continue the data folder's checkpoint, keeps the folder's checkpoint, so
 * that verification still detects the difference.
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

async function* picturesIn(
  folder: string,
  ids: readonly string[],
  onMissing: BackupOptions['onMissing'],
): AsyncGenerator<Buffer> {
  for (const id of ids) {
    const bytes = await readFile(join(folder, pictureFile(id))).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    });
    if (bytes === null) {
      onMissing?.(id);
      continue;
    }
    const line: PictureLine = [id, bytes.toString('base64')];
    yield Buffer.from(`${JSON.stringify(line)}\n`);
  }
}

/**
 * Writes and flushes a new file. Returns its length and digest.
 *
 * @throws CliError if the file can't be written
 */
export async function writeAll(
  path: string,
  chunks: Iterable<Buffer> | AsyncIterable<Buffer>,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const unwritable = (error: unknown): never => {
    throw fileError(path, 'written', error);
  };
  const file = await open(path, 'wx', 0o600).catch(unwritable);
  try {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
      await file.appendFile(chunk).catch(unwritable);
    }
    await file.sync().catch(unwritable);
  } finally {
    await file.close();
  }
  await flushFolder(dirname(path)).catch(unwritable);
  return { bytes, sha256: hash.digest('hex') };
}
