import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instant } from '@farandole/kernel/clock';
import { RECEIPT_LIFETIME_MS } from '@farandole/protocol/limits';
import type { TextKey } from '@farandole/storage/text-encryption';
import { KEY_GENERATIONS_MAX, KEY_RETIRED_KEPT_MS, KEY_ROTATE_AFTER_MS } from '../limits.ts';
import { replaceFile } from '../node/durable-file.ts';
import { parseJson } from '../node/parse-json.ts';
import { StartError } from '../start-error.ts';
import { readSecretFile } from './secret-file.ts';

/** Keys of one period. The newest is used; older ones still open and verify. */
export interface KeyGeneration {
  /** Sent in clear with the ciphertext or tag. */
  readonly id: string;
  readonly createdAtWallMs: number;
  /** AES-256-GCM. */
  readonly seal: Buffer;
  /** HMAC-SHA256. */
  readonly tag: Buffer;
}

export interface SigningKeys {
  /** Derives a subject from a cookie. Never replaced, so that a user keeps their identity. */
  readonly subject: Buffer;
  /** Oldest first, at least one; the last is in use. */
  readonly generations: readonly KeyGeneration[];
}

export interface KeyRing extends SigningKeys {
  /** Encrypt user text, newest last. Empty in files older than these keys. */
  readonly words: readonly TextKey[];
}

export const KEYS_FILE = 'keys.json';

const KEY_BYTES = 32;
const KEY_ID = /^[A-Za-z0-9_-]{1,16}$/;
/** 2: with keys for user text. Earlier versions would drop them, so they must not read it. */
const FORMAT = 2;
const FORMAT_BEFORE_TEXT_KEYS = 1;

/**
 * The server's keys on disk, readable by their owner only. They outlive the process, so that
 * signatures stay valid, and rotate, so that a leaked key opens little.
 */
export class KeyStore {
  readonly #path: string;
  #ring: KeyRing;
  /** Lower bound: an earlier process may have used the newest key before. */
  #inUseSinceMonotonicMs: number;
  #rotating: Promise<boolean> | null = null;

  private constructor(path: string, ring: KeyRing, nowMonotonicMs: number) {
    this.#path = path;
    this.#ring = ring;
    this.#inUseSinceMonotonicMs = nowMonotonicMs;
  }

  /**
   * Reads or creates the keys, and rotates them if due.
   *
   * @throws StartError if the file is unreadable, readable by others, damaged, or missing from a
   * non-empty folder. It is never recreated there: that would void every receipt, forget every
   * block and make reports unreadable.
   */
  static async open(dataDir: string, now: Instant): Promise<KeyStore> {
    const path = join(dataDir, KEYS_FILE);
    const found = await readRing(path);
    if (found === null) await requireNothingKept(dataDir);
    const ring = found ?? {
      subject: randomBytes(KEY_BYTES),
      generations: [newGeneration(now.wallMs)],
      words: [],
    };
    const isWhole = ring.words.length > 0;
    const whole = isWhole ? ring : { ...ring, words: [newTextKey()] };
    if (!isWhole) await writeRing(path, whole);
    const store = new KeyStore(path, whole, now.monotonicMs);
    await store.rotateIfDue(now);
    return store;
  }

  get ring(): KeyRing {
    return this.#ring;
  }

  /**
   * Adds a key when the newest is a day old, and drops obsolete ones. The new key is used once it
   * is on disk.
   *
   * A jumping date adds a key early but never drops a needed one. Keys are dropped only after the
   * newest was in use for a receipt's lifetime on the monotonic clock. If no process runs that
   * long, the number of keys is limited instead.
   *
   * @returns whether a key was added
   * @throws the system's error if the write fails; the old key stays in use
   */
  async rotateIfDue(now: Instant): Promise<boolean> {
    this.#rotating ??= this.#rotate(now).finally(() => {
      this.#rotating = null;
    });
    return await this.#rotating;
  }

  async #rotate({ wallMs, monotonicMs }: Instant): Promise<boolean> {
    const { generations } = this.#ring;
    const newest = generations.at(-1);
    if (newest !== undefined) {
      const distanceMs = Math.abs(wallMs - newest.createdAtWallMs);
      if (distanceMs < KEY_ROTATE_AFTER_MS) return false;
    }
    const fresh = newGeneration(wallMs);
    const mayDrop = monotonicMs - this.#inUseSinceMonotonicMs >= RECEIPT_LIFETIME_MS;
    const kept = generations.filter((_, index) => {
      const successor = generations[index + 1] ?? fresh;
      return !mayDrop || wallMs - successor.createdAtWallMs < KEY_RETIRED_KEPT_MS;
    });
    const ring = {
      ...this.#ring,
      generations: [...kept, fresh].slice(-KEY_GENERATIONS_MAX),
    };
    await writeRing(this.#path, ring);
    this.#ring = ring;
    this.#inUseSinceMonotonicMs = monotonicMs;
    return true;
  }
}

/**
 * Replaces the keys of user text. Both are on disk in between, so that all text always opens. No
 * server may run.
 *
 * @param rewrap rewraps all text with the newest key
 * @throws what `rewrap` throws; the old keys are then kept beside the new one
 */
export async function rotateTextKey(
  dataDir: string,
  rewrap: (keys: KeyRing) => Promise<void>,
): Promise<void> {
  const path = join(dataDir, KEYS_FILE);
  const ring = await readKeys(dataDir);
  const fresh = newTextKey();
  const both = { ...ring, words: [...ring.words, fresh] };
  await writeRing(path, both);
  await rewrap(both);
  await writeRing(path, { ...ring, words: [fresh] });
}

async function writeRing(path: string, { subject, generations, words }: KeyRing): Promise<void> {
  const content = {
    format: FORMAT,
    subject: subject.toString('base64url'),
    generations: generations.map(({ id, createdAtWallMs, seal, tag }) => ({
      id,
      createdAtWallMs,
      seal: seal.toString('base64url'),
      tag: tag.toString('base64url'),
    })),
    words: words.map(({ id, key }) => ({ id, key: Buffer.from(key).toString('base64url') })),
  };
  await replaceFile(path, `${JSON.stringify(content, null, 2)}\n`);
}

/**
 * Reads the keys without creating or rotating any, so that a server may run.
 *
 * @throws StartError as `KeyStore.open`, and if there are none
 */
export async function readKeys(dataDir: string): Promise<KeyRing> {
  const path = join(dataDir, KEYS_FILE);
  const ring = await readRing(path);
  if (ring !== null) return ring;
  throw new StartError(
    `There is no ${path}: no server has run in this folder. Give its own by FARANDOLE_DATA_DIR.`,
  );
}

/** Files that are useless without the keys. */
const NEEDS_KEYS: readonly string[] = [
  'store.sqlite',
  'reports.jsonl',
  'reports.waiting-1.jsonl',
  'reports.waiting-2.jsonl',
  'blocks.jsonl',
];

async function requireNothingKept(dataDir: string): Promise<void> {
  for (const name of NEEDS_KEYS) {
    const path = join(dataDir, name);
    const size = (await stat(path).catch(() => null))?.size ?? 0;
    if (size === 0) continue;
    throw new StartError(
      `${join(dataDir, KEYS_FILE)} is gone, and ${name} beside it cannot be used without it. Bring it back ` +
        'from a backup. Only if it is lost for good, and with it what was written: move everything out ' +
        'of the folder and start anew.',
    );
  }
}

function newKeyId(): string {
  return randomBytes(6).toString('base64url');
}

function newTextKey(): TextKey {
  return { id: newKeyId(), key: randomBytes(KEY_BYTES) };
}

function newGeneration(createdAtWallMs: number): KeyGeneration {
  return {
    id: newKeyId(),
    createdAtWallMs,
    seal: randomBytes(KEY_BYTES),
    tag: randomBytes(KEY_BYTES),
  };
}

async function readRing(path: string): Promise<KeyRing | null> {
  const text = await readSecretFile(path);
  if (text === null) return null;
  const ring = parseRing(text);
  if (ring === null) {
    throw new StartError(
      `${path} is damaged. Bring it back from a backup. Without it every receipt is void and ` +
        'every person becomes a new one, whom no block knows: only if you accept that, remove it.',
    );
  }
  return ring;
}

function parseRing(text: string): KeyRing | null {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) return null;
  const { format, subject, generations, words } = value as Readonly<Record<string, unknown>>;
  const subjectKey = readKey(subject);
  const read = readNamed(generations, readGeneration);
  const wordsKeys = format === FORMAT_BEFORE_TEXT_KEYS ? [] : readNamed(words, readTextKey);
  if (format !== FORMAT && format !== FORMAT_BEFORE_TEXT_KEYS) return null;
  if (subjectKey === null || read === null || read.length === 0 || wordsKeys === null) return null;
  return { subject: subjectKey, generations: read, words: wordsKeys };
}

/** Null if an entry is malformed or a name repeats. */
function readNamed<One extends { readonly id: string }>(
  value: unknown,
  readOne: (value: unknown) => One | null,
): readonly One[] | null {
  if (!Array.isArray(value)) return null;
  const read = value.map(readOne).filter((one) => one !== null);
  const isWhole = read.length === value.length;
  return isWhole && new Set(read.map(({ id }) => id)).size === read.length ? read : null;
}

function readTextKey(value: unknown): TextKey | null {
  if (typeof value !== 'object' || value === null) return null;
  const { id, key } = value as Readonly<Record<string, unknown>>;
  const bytes = readKey(key);
  if (typeof id !== 'string' || !KEY_ID.test(id) || bytes === null) return null;
  return { id, key: bytes };
}

function readGeneration(value: unknown): KeyGeneration | null {
  if (typeof value !== 'object' || value === null) return null;
  const { id, createdAtWallMs, seal, tag } = value as Readonly<Record<string, unknown>>;
  const sealKey = readKey(seal);
  const tagKey = readKey(tag);
  if (typeof id !== 'string' || !KEY_ID.test(id)) return null;
  if (typeof createdAtWallMs !== 'number' || !Number.isSafeInteger(createdAtWallMs)) return null;
  if (sealKey === null || tagKey === null) return null;
  return { id, createdAtWallMs, seal: sealKey, tag: tagKey };
}

function readKey(value: unknown): Buffer | null {
  if (typeof value !== 'string') return null;
  const key = Buffer.from(value, 'base64url');
  return key.length === KEY_BYTES && key.toString('base64url') === value ? key : null;
}
