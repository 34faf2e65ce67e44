import { constants, promises as fs } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Prng } from '@farandole/kernel/prng';

type Open = typeof fs.open;
type Handle = Awaited<ReturnType<Open>>;

type Change =
  | { readonly change: 'bytes'; readonly at: number; readonly bytes: Buffer }
  | { readonly change: 'length'; readonly length: number };

interface KeptFile {
  readonly is: 'file';
  kept: Buffer;
  changes: Change[];
}

interface KeptFolder {
  readonly is: 'folder';
  readonly kept: Map<string, Kept>;
  /**
   * Changes of file names that aren't flushed yet. A rename removes and adds a name in one step.
   */
  steps: (readonly (readonly [name: string, kept: Kept | null])[])[];
}

type Kept = KeptFile | KeptFolder;

/** Content of a disk by path: the bytes of each file, and null for each folder. */
export type Image = ReadonlyMap<string, Buffer | null>;

/** One in this many truncations is lost in a power cut, although writes after it are kept. */
const LENGTH_LOST_ONE_IN = 3;

/**
 * A folder on a disk whose power can be cut. Code under test uses real files through Node's
 * functions, while this class tracks what was flushed. A cut keeps all flushed data and a random
 * part of the rest: written bytes up to a random byte, and changes of names up to a random step. A
 * truncation may be lost separately.
 */
export class ForgetfulDisk {
  readonly #chance: Prng;
  #root = '';
  #tree: KeptFolder = emptyFolder();
  #moments = Number.POSITIVE_INFINITY;
  #left: Image | null = null;
  faults = 0;

  private constructor(chance: Prng) {
    this.#chance = chance;
  }

  /** Replaces functions of `node:fs/promises` until the test ends. */
  static install(t: TestContext, chance: Prng): ForgetfulDisk {
    const disk = new ForgetfulDisk(chance);
    const real = { open: fs.open, mkdir: fs.mkdir, rename: fs.rename, rm: fs.rm };
    const { mock } = t;
    mock.method(fs, 'open', (async (path: string, flags?: string | number, mode?: number) =>
      disk.#opened(path, flags, await real.open(path, flags, mode))) as Open);
    mock.method(fs, 'mkdir', (async (path: string, options?: { readonly mode: number }) => {
      const made = await real.mkdir(path, options);
      if (disk.#at(path) === undefined) disk.#step(path, emptyFolder());
      return made;
    }) as typeof fs.mkdir);
    mock.method(fs, 'rename', (async (from: string, to: string) => {
      await real.rename(from, to);
      const kept = disk.#at(from);
      if (kept !== undefined) disk.#step(to, kept, from);
    }) as typeof fs.rename);
    mock.method(fs, 'rm', (async (path: string, options?: { readonly force: boolean }) => {
      await real.rm(path, options);
      if (disk.#at(path) !== undefined) disk.#step(path, null);
    }) as typeof fs.rm);
    syncBuiltinESMExports();
    t.after(() => {
      mock.restoreAll();
      syncBuiltinESMExports();
    });
    return disk;
  }

  /**
   * Starts in an empty folder with the flushed content of an earlier image. Ignores changes in the
   * earlier folder.
   *
   * @param moments number of steps until the power cut; null for never
   */
  async begin(root: string, image: Image, moments: number | null): Promise<void> {
    this.#root = '';
    this.#left = null;
    this.#tree = emptyFolder();
    for (const [path, bytes] of image) {
      const above = path.split('/').slice(0, -1);
      const folder = above.reduce((at, name) => folderIn(at, name), this.#tree);
      const kept: Kept = bytes === null ? emptyFolder() : fileOf(bytes);
      folder.kept.set(basename(path), kept);
      if (bytes === null) await fs.mkdir(join(root, path), { mode: 0o700 });
      else await fs.writeFile(join(root, path), bytes, { mode: 0o600 });
    }
    this.#moments = moments ?? Number.POSITIVE_INFINITY;
    this.#root = root;
  }

  /** The disk's content after the cut; null while there is power. */
  get left(): Image | null {
    return this.#left;
  }

  /** A step at which the power may be cut, in addition to disk operations. */
  pass(): void {
    if (this.#left === null && this.#moments-- <= 0) this.#left = this.cutNow();
  }

  cutNow(): Image {
    const image = new Map<string, Buffer | null>();
    this.#leave(this.#tree, '', image);
    return image;
  }

  #leave(folder: KeptFolder, path: string, image: Map<string, Buffer | null>): void {
    const names = new Map(folder.kept);
    const steps = this.#chance.below(folder.steps.length + 1);
    applySteps(names, folder.steps.slice(0, steps));
    for (const [name, kept] of names) {
      const at = path === '' ? name : `${path}/${name}`;
      image.set(at, kept.is === 'file' ? this.#bytesLeft(kept) : null);
      if (kept.is === 'folder') this.#leave(kept, at, image);
    }
  }

  #bytesLeft({ kept, changes }: KeptFile): Buffer {
    const whole = this.#chance.below(changes.length + 1);
    let bytes = kept;
    for (const change of changes.slice(0, whole)) {
      const isLost = change.change === 'length' && this.#chance.below(LENGTH_LOST_ONE_IN) === 0;
      if (!isLost) bytes = changed(bytes, change);
    }
    const torn = changes[whole];
    if (torn?.change !== 'bytes') return bytes;
    const length = this.#chance.below(torn.bytes.length + 1);
    return changed(bytes, { ...torn, bytes: torn.bytes.subarray(0, length) });
  }

  #opened(path: string, flags: string | number | undefined, handle: Handle): Handle {
    const isMaking =
      typeof flags === 'number' ? (flags & constants.O_CREAT) !== 0 : /[wa]/.test(flags ?? 'r');
    if (isMaking && this.#at(path) === undefined) {
      this.#step(path, fileOf(Buffer.alloc(0)));
    }
    const kept = this.#at(path);
    if (kept === undefined) return handle;
    return kept.is === 'folder' ? this.#folderHandle(handle, kept) : this.#fileHandle(handle, kept);
  }

  #folderHandle(handle: Handle, folder: KeptFolder): Handle {
    const sync = async (): Promise<void> => {
      this.pass();
      applySteps(folder.kept, folder.steps);
      folder.steps = [];
    };
    return Object.assign(handle, { sync });
  }

  #fileHandle(handle: Handle, file: KeptFile): Handle {
    const write = handle.write.bind(handle);
    const truncate = handle.truncate.bind(handle);
    const writeFile = handle.writeFile.bind(handle);
    const take = (at: number, bytes: Buffer): void => {
      this.pass();
      file.changes.push({ change: 'bytes', at, bytes: Buffer.from(bytes) });
    };
    const sync = async (): Promise<void> => {
      this.pass();
      if (this.#fails()) {
        this.#loseUnflushed(file);
        throw diskError('EIO');
      }
      file.kept = file.changes.reduce(changed, file.kept);
      file.changes = [];
    };
    return Object.assign(handle, {
      write: async (bytes: Buffer, offset: number, length: number, position: number) => {
        const isFull = this.#fails();
        const taken = isFull ? length >> 1 : Math.ceil(length / 2);
        take(position, bytes.subarray(offset, offset + taken));
        const written = await write(bytes, offset, taken, position);
        if (isFull) throw diskError('ENOSPC');
        return written;
      },
      writeFile: async (content: string | Uint8Array) => {
        take(0, Buffer.from(content));
        await writeFile(content);
      },
      truncate: async (length: number) => {
        this.pass();
        file.changes.push({ change: 'length', length });
        await truncate(length);
      },
      sync,
      datasync: sync,
    });
  }

  /**
   * After a failed flush, operating systems mark the written data as clean. The data may or may
   * not be on disk, and later flushes don't write it. Only truncations can still be flushed.
   */
  #loseUnflushed(file: KeptFile): void {
    const kept = this.#chance.below(file.changes.length + 1);
    file.kept = file.changes.slice(0, kept).reduce(changed, file.kept);
    file.changes = file.changes.slice(kept).filter(({ change }) => change === 'length');
  }

  #fails(): boolean {
    return this.faults > 0 && this.#chance.chance(this.faults);
  }

  /** Adds or removes a file name. A rename also removes another name in the same folder. */
  #step(path: string, kept: Kept | null, before: string | null = null): void {
    const folder = this.#at(dirname(path));
    if (folder?.is !== 'folder') return;
    this.pass();
    const given = [basename(path), kept] as const;
    folder.steps.push(before === null ? [given] : [[basename(before), null], given]);
  }

  /** Returns a path's current entry, flushed or not; undefined if the path isn't on this disk. */
  #at(path: string): Kept | undefined {
    if (this.#root === '') return undefined;
    if (path === this.#root) return this.#tree;
    if (!path.startsWith(`${this.#root}/`)) return undefined;
    const folder = this.#at(dirname(path));
    if (folder?.is !== 'folder') return undefined;
    const names = new Map(folder.kept);
    applySteps(names, folder.steps);
    return names.get(basename(path));
  }
}

function emptyFolder(): KeptFolder {
  return { is: 'folder', kept: new Map(), steps: [] };
}

function fileOf(bytes: Buffer): KeptFile {
  return { is: 'file', kept: bytes, changes: [] };
}

function folderIn(folder: KeptFolder, name: string): KeptFolder {
  const kept = folder.kept.get(name);
  if (kept?.is !== 'folder') throw new Error(`${name} is no folder of the image.`);
  return kept;
}

function applySteps(names: Map<string, Kept>, steps: KeptFolder['steps']): void {
  for (const [name, kept] of steps.flat()) {
    if (kept === null) names.delete(name);
    else names.set(name, kept);
  }
}

function changed(bytes: Buffer, change: Change): Buffer {
  const length =
    change.change === 'length'
      ? change.length
      : Math.max(bytes.length, change.at + change.bytes.length);
  const after = Buffer.alloc(length);
  bytes.copy(after);
  if (change.change === 'bytes') change.bytes.copy(after, change.at);
  return after;
}

function diskError(code: string): Error {
  return Object.assign(new Error(`${code}: as the test wants it`), { code });
}
