import { generateKeyPairSync, hkdfSync, type JsonWebKey, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Role, rolesThatMay } from '@farandole/accounts/roles';
import type { TextKey } from '@farandole/storage/text-encryption';
import type { Config } from '../config.ts';
import { replaceFile } from '../node/durable-file.ts';
import { parseJson } from '../node/parse-json.ts';
import { StartError } from '../start-error.ts';
import { readSecretFile } from './secret-file.ts';

/**
 * The rotating keys of one period. The store has them, encrypted with the keys file. One of them
 * encrypts and tags; the others only decrypt and verify.
 */
export interface KeyGeneration {
  /** Name of the key generation, sent unencrypted with each ciphertext or tag. */
  readonly id: string;
  /** When servers begin to use the keys. */
  readonly fromWallMs: number;
  /** Key for AES-256-GCM. */
  readonly seal: Buffer;
  /** Key for HMAC-SHA256. */
  readonly tag: Buffer;
}

/** The long-lived keys, which are the same on every node. */
export interface ServerKeys {
  /**
   * Key that derives a user's id from the cookie. The key is never replaced, so that users keep
   * their identity.
   */
  readonly subject: Buffer;
  /**
   * Keys that encrypt user text, newest last. The store says which one is in use. There are none in
   * a file from before these keys existed.
   */
  readonly words: readonly TextKey[];
}

export interface SigningKeys extends Pick<ServerKeys, 'subject'> {
  /**
   * Key generations. The last one is in use. The others are retired, or are of the next day, which
   * another node may already use.
   */
  readonly generations: readonly KeyGeneration[];
}

export interface KeyRing extends SigningKeys, ServerKeys {}

/** A private key of a role that may view pictures. */
export interface RoleJwk {
  readonly role: string;
  readonly jwk: JsonWebKey;
}

/** Content of a keys file. */
export interface KeysFileContent extends ServerKeys {
  /** Key pairs of the roles that may view pictures, newest last; `RoleKeys` uses them. */
  readonly roles: readonly RoleJwk[];
  /** Rotating keys in a file of version 0.1.0, oldest first. They move to the store at a start. */
  readonly generations: readonly KeyGeneration[];
}

/** Name of the keys file in the data folder, which is the default keys file. */
export const KEYS_FILE = 'keys.json';

export const KEY_BYTES = 32;
const FINGERPRINT_BYTES = 16;
const KEY_ID = /^[A-Za-z0-9_-]{1,16}$/;
/** Format 3 has no rotating keys. Version 0.1.0 must not read it, because it would add some. */
const FORMAT = 3;
const FORMAT_WITH_ROTATING_KEYS = 2;
const FORMAT_BEFORE_TEXT_KEYS = 1;

export function keysPathOf({ keysFile, dataDir }: Pick<Config, 'keysFile' | 'dataDir'>): string {
  return keysFile ?? join(dataDir, KEYS_FILE);
}

/**
 * Returns the fingerprint of a server's keys, which the store keeps. No key can be computed from
 * it (RFC 5869).
 */
export function fingerprintOf({ subject }: Pick<ServerKeys, 'subject'>): string {
  const [salt, info] = [new Uint8Array(0), 'farandole keys fingerprint 1'];
  const bytes = hkdfSync('sha256', subject, salt, info, FINGERPRINT_BYTES);
  return Buffer.from(bytes).toString('base64url');
}

export function newKeys(): KeysFileContent {
  const roles = rolesThatMay('evidence.reveal').map(newRoleKey);
  return { subject: randomBytes(KEY_BYTES), words: [newTextKey()], roles, generations: [] };
}

export function newRoleKey(role: Role): RoleJwk {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { role, jwk: privateKey.export({ format: 'jwk' }) };
}

export function newTextKey(): TextKey {
  return { id: newKeyId(), key: randomBytes(KEY_BYTES) };
}

export function newGeneration(fromWallMs: number): KeyGeneration {
  const [seal, tag] = [randomBytes(KEY_BYTES), randomBytes(KEY_BYTES)];
  return { id: newKeyId(), fromWallMs, seal, tag };
}

function newKeyId(): string {
  return randomBytes(6).toString('base64url');
}

/**
 * Reads a keys file of any version. Returns null if it is missing.
 *
 * @throws StartError if the file is damaged, or other users can read it
 */
export async function readKeysFile(path: string): Promise<KeysFileContent | null> {
  const text = await readSecretFile(path);
  if (text === null) return null;
  const content = parse(text);
  if (content !== null) return content;
  throw new StartError(
    `${path} is damaged. Restore it from a backup. Without it every receipt is invalid and ` +
      'every user becomes a new one without blocks. Remove it only if you accept that.',
  );
}

/**
 * Reads the keys without creating or moving any, so that a server may run at the same time.
 *
 * @param keysFile path of the keys file; null for the one in the data folder
 * @throws StartError for the same reasons as `readKeysFile`, and if there are no keys
 */
export async function readKeys(
  dataDir: string,
  keysFile: string | null = null,
): Promise<KeysFileContent> {
  const path = keysPathOf({ dataDir, keysFile });
  const found = await readKeysFile(path);
  if (found !== null) return found;
  throw new StartError(
    `There is no ${path}: no server has run in this folder. Set FARANDOLE_CONFIG to the server's ` +
      'settings file, FARANDOLE_DATA_DIR to its folder, or FARANDOLE_KEYS_FILE to its keys file.',
  );
}

/** Writes the long-lived keys, readable by their owner only. @throws the system's error */
export async function writeKeysFile(
  path: string,
  { subject, words, roles }: Omit<KeysFileContent, 'generations'>,
): Promise<void> {
  const content = {
    format: FORMAT,
    subject: subject.toString('base64url'),
    words: words.map(({ id, key }) => ({ id, key: Buffer.from(key).toString('base64url') })),
    roles,
  };
  await replaceFile(path, `${JSON.stringify(content, null, 2)}\n`);
}

function parse(text: string): KeysFileContent | null {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) return null;
  const { format, ...content } = value as Readonly<Record<string, unknown>>;
  const subject = readKey(content['subject']);
  if (subject === null) return null;
  if (format === FORMAT) {
    const words = readNamed(content['words'], readTextKey);
    const roles = readRoles(content['roles']);
    return words === null || roles === null ? null : { subject, words, roles, generations: [] };
  }
  if (format !== FORMAT_WITH_ROTATING_KEYS && format !== FORMAT_BEFORE_TEXT_KEYS) return null;
  const generations = readNamed(content['generations'], readGeneration);
  const hasTextKeys = format === FORMAT_WITH_ROTATING_KEYS;
  const words = hasTextKeys ? readNamed(content['words'], readTextKey) : [];
  if (generations === null || generations.length === 0 || words === null) return null;
  return { subject, words, roles: [], generations };
}

function readRoles(value: unknown): readonly RoleJwk[] | null {
  if (!Array.isArray(value)) return null;
  const isRoleKey = (one: unknown): one is RoleJwk => {
    const { role, jwk } = (one ?? {}) as Readonly<Partial<Record<keyof RoleJwk, unknown>>>;
    return typeof role === 'string' && typeof jwk === 'object' && jwk !== null;
  };
  return value.every(isRoleKey) ? value : null;
}

/**
 * Parses named entries of the keys file. Returns null if an entry is malformed or a name appears
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
  return { id, fromWallMs: createdAtWallMs, seal: sealKey, tag: tagKey };
}

function readKey(value: unknown): Buffer | null {
  if (typeof value !== 'string') return null;
  const key = Buffer.from(value, 'base64url');
  return key.length === KEY_BYTES && key.toString('base64url') === value ? key : null;
}
