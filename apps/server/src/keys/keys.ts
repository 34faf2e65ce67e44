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

/**
 * The keys of one period. The newest generation encrypts and tags; older generations only decrypt
 * and verify.
 */
export interface KeyGeneration {
  /** Name of the key generation, sent unencrypted with each ciphertext or tag. */
  readonly id: string;
  readonly createdAtWallMs: number;
  /** Key for AES-256-GCM. */
  readonly seal: Buffer;
  /** Key for HMAC-SHA256. */
  readonly tag: Buffer;
}

export interface SigningKeys {
  /**
   * Key that derives a user's id from the cookie. The key is never replaced, so that users keep
   * their identity.
   */
  readonly subject: Buffer;
  /** Key generations, oldest first. There is at least one, and the last one is in use. */
  readonly generations: readonly KeyGeneration[];
}

export interface KeyRing extends SigningKeys {
  /**
   * Keys that encrypt user text, newest last. There are none in a file from before these keys
   * existed.
   */
  readonly words: readonly TextKey[];
}

export const KEYS_FILE = 'keys.json';

const KEY_BYTES = 32;
const KEY_ID = /^[A-Za-z0-9_-]{1,16}$/;
/**
 * Format 2 of the key file has keys for user text. Earlier versions of the server would drop these
 * keys, so they must not read the file.
 */
const FORMAT = 2;
const FORMAT_BEFORE_TEXT_KEYS = 1;

/**
 * The server's keys on disk, which only the owner of the file can read. The keys outlive the
 * process, so that signatures stay valid. They rotate, so that a leaked key decrypts little.
 */
export class KeyStore {
  readonly #path: string;
  #ring: KeyRing;
  /**
   * Monotonic time since which this process has used the newest key. An earlier process may have
   * used the key before that.
   */
  #inUseSinceMonotonicMs: number;
  #rotating: Promise<boolean> | null = null;

  private constructor(path: string, ring: KeyRing, nowMonotonicMs: number) {
    this.#path = path;
    this.#ring = ring;
    this.#inUseSinceMonotonicMs = nowMonotonicMs;
  }

  /**
   * Reads the keys or creates them, and rotates them if due.
   *
   * @throws StartError if the key file is unreadable, readable by other users, damaged, or missing
   * from a non-empty folder. The file is never created again in such a folder, because new keys
   * would void every receipt, forget every block and make reports unreadable.
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
   * Adds a key when the newest is a day old, and drops keys that nothing needs. A new key is used
   * only when it is on disk.
   *
   * A jump of the date may add a key early but never drops a needed one. A key is dropped only
   * after the newest was in use for a receipt's lifetime on the monotonic clock. If no process runs
   * that long, the number of keys is limited instead.
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
 * Replaces the key that encrypts user text. During the rotation the old and the new key are on
 * disk, so that all text can be decrypted at any time. No server may run on the folder.
 *
 * @param rewrap rewraps all text with the newest key
 * @throws what `rewrap` throws; the old keys then stay on disk beside the new one
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
 * Reads the keys without creating or rotating any, so that a server may run at the same time.
 *
 * @throws StartError for the same reasons as `KeyStore.open`, and if there are no keys
 */
export async function readKeys(dataDir: string): Promise<KeyRing> {
  const path = join(dataDir, KEYS_FILE);
  const ring = await readRing(path);
  if (ring !== null) return ring;
  throw new StartError(
    `There is no ${path}: no server has run in this folder. Set FARANDOLE_DATA_DIR to the server's folder.`,
  );
}

/** Data files that are useless without the keys. */
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
      `${join(dataDir, KEYS_FILE)} is missing, and ${name} can't be used without it. Restore it ` +
        'from a backup. If it is lost for good, the data is too: then move everything out ' +
        'of the folder and start again.',
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
      `${path} is damaged. Restore it from a backup. Without it every receipt is invalid and ` +
        'every user becomes a new one without blocks. Remove it only if you accept that.',
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
  const textKeys = format === FORMAT_BEFORE_TEXT_KEYS ? [] : readNamed(words, readTextKey);
  if (format !== FORMAT && format !== FORMAT_BEFORE_TEXT_KEYS) return null;
  if (subjectKey === null || read === null || read.length === 0 || textKeys === null) return null;
  return { subject: subjectKey, generations: read, words: textKeys };
}

/**
 * Parses named entries of the key file. Returns null if an entry is malformed or a name appears
 * twice.
 */
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
