import { join } from 'node:path';
import { isRole, type Role, rolesThatMay } from '@farandole/accounts/roles';
import type { PictureKey } from '@farandole/moderation/evidence/picture';
import {
  CompactEncrypt,
  type CryptoKey,
  calculateJwkThumbprint,
  compactDecrypt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose';
import { readSecretFile } from '../keys/secret-file.ts';
import { replaceFile } from '../node/durable-file.ts';
import { StartError } from '../start-error.ts';

export const ROLE_KEYS_FILE = 'role-keys.json';

/** Each picture's key is wrapped with an ephemeral ECDH key on P-256 (RFC 7518, section 4.6). */
const ALGORITHM = 'ECDH-ES+A256KW';
const ENCRYPTION = 'A256GCM';
const FORMAT = 1;

interface RoleKey {
  readonly id: string;
  readonly role: Role;
  readonly open: CryptoKey;
  readonly wrap: CryptoKey;
  readonly jwk: JWK;
}

/**
 * Holds a key pair per role that may view pictures. Each picture's key is wrapped for the roles
 * that may open the picture. If this machine lacks a role's private key, pictures wrapped only for
 * that role stay encrypted, even with a copy of all other files.
 */
export class RoleKeys {
  /**
   * Whether `open` created keys. New keys can't open pictures whose keys were wrapped for earlier
   * ones.
   */
  readonly wereMade: boolean;
  readonly #keys: readonly RoleKey[];

  private constructor(keys: readonly RoleKey[], wereMade: boolean) {
    this.#keys = keys;
    this.wereMade = wereMade;
  }

  /**
   * @param make whether to create missing keys
   *
   * @throws StartError if the key file is damaged or other users can read it
   */
  static async open(dataDir: string, make: boolean): Promise<RoleKeys> {
    const path = join(dataDir, ROLE_KEYS_FILE);
    const text = await readSecretFile(path);
    const found = text === null ? [] : await parse(text);
    if (found === null) {
      throw new StartError(
        `${path} is damaged. Bring it back from a backup. Without it no picture of a ` +
          'report can be decrypted. Remove it only if you accept that.',
      );
    }
    const missing = rolesThatMay('evidence.reveal').filter(
      (role) => !found.some((key) => key.role === role),
    );
    if (!make || missing.length === 0) return new RoleKeys(found, false);
    const made = await Promise.all(missing.map(createKey));
    const all = [...found, ...made];
    await write(path, all);
    return new RoleKeys(all, true);
  }

  /**
   * Replaces the role keys. During the rotation the old and the new keys are on disk, so that every
   * picture opens at any time.
   *
   * @param rewrap rewraps the keys of all pictures with the newest role keys
   * @throws what `rewrap` throws; the old keys then stay on disk beside the new ones
   */
  static async rotate(dataDir: string, rewrap: (keys: RoleKeys) => Promise<void>): Promise<void> {
    const before = await RoleKeys.open(dataDir, false);
    const roles = [...new Set(before.#keys.map(({ role }) => role))];
    const made = await Promise.all(roles.map(createKey));
    const path = join(dataDir, ROLE_KEYS_FILE);
    await write(path, [...before.#keys, ...made]);
    await rewrap(new RoleKeys([...before.#keys, ...made], true));
    await write(path, made);
  }

  get isEmpty(): boolean {
    return this.#keys.length === 0;
  }

  /** Wraps a picture's key for each of the given roles that has a key on this machine. */
  async wrap(
    key: Uint8Array,
    roles: readonly Role[],
  ): Promise<readonly Pick<PictureKey, 'role' | 'wrapped'>[]> {
    const wrapped: Pick<PictureKey, 'role' | 'wrapped'>[] = [];
    for (const role of roles) {
      const to = this.#keys.findLast((one) => one.role === role);
      if (to === undefined) continue;
      const jwe = new CompactEncrypt(key).setProtectedHeader({
        alg: ALGORITHM,
        enc: ENCRYPTION,
        kid: to.id,
      });
      wrapped.push({ role, wrapped: await jwe.encrypt(to.wrap) });
    }
    return wrapped;
  }

  /**
   * Unwraps a picture's key. Returns null if no role key on this machine opens any of the wraps.
   */
  async unwrap(wraps: readonly Pick<PictureKey, 'role' | 'wrapped'>[]): Promise<Uint8Array | null> {
    for (const { role, wrapped } of wraps) {
      try {
        const { kid } = decodeProtectedHeader(wrapped);
        const key = this.#keys.find((one) => one.role === role && one.id === kid);
        if (key === undefined) continue;
        const options = {
          keyManagementAlgorithms: [ALGORITHM],
          contentEncryptionAlgorithms: [ENCRYPTION],
        };
        return (await compactDecrypt(wrapped, key.open, options)).plaintext;
      } catch {
        // This wrap is damaged, or was made with an older key of the same name, so the next wrap is
        // tried.
      }
    }
    return null;
  }
}

async function write(path: string, all: readonly RoleKey[]): Promise<void> {
  const keys = all.map(({ role, jwk }) => ({ role, jwk }));
  await replaceFile(path, `${JSON.stringify({ format: FORMAT, keys }, null, 2)}\n`);
}

async function createKey(role: Role): Promise<RoleKey> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { crv: 'P-256', extractable: true });
  return await keyOf(role, await exportJWK(privateKey));
}

async function keyOf(role: Role, jwk: JWK): Promise<RoleKey> {
  const { d: _, ...shared } = jwk;
  const open = await importJWK(jwk, ALGORITHM);
  const wrap = await importJWK(shared, ALGORITHM);
  if (open instanceof Uint8Array || wrap instanceof Uint8Array || open.type !== 'private') {
    throw new TypeError('no pair of keys');
  }
  return { id: await calculateJwkThumbprint(shared), role, open, wrap, jwk };
}

/** Parses the file of role keys. Returns null if `RoleKeys` didn't write the text. */
async function parse(text: string): Promise<readonly RoleKey[] | null> {
  try {
    const { format, keys } = JSON.parse(text) as { format?: unknown; keys?: unknown };
    if (format !== FORMAT || !Array.isArray(keys)) return null;
    const read: RoleKey[] = [];
    for (const { role, jwk } of keys as readonly { role?: unknown; jwk?: unknown }[]) {
      if (typeof role !== 'string' || !isRole(role)) return null;
      read.push(await keyOf(role, jwk as JWK));
    }
    return read;
  } catch {
    return null;
  }
}
