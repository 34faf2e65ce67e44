import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isRole, type Role, rolesThatMay } from '@farandole/accounts/roles';
import type { PictureKey } from '@farandole/moderation/evidence/picture';
import {
  CompactEncrypt,
  type CryptoKey,
  calculateJwkThumbprint,
  compactDecrypt,
  decodeProtectedHeader,
  importJWK,
  type JWK,
} from 'jose';
import { keysPathOf, newRoleKey, type RoleJwk, readKeysFile, writeKeysFile } from '../keys/keys.ts';
import { readSecretFile } from '../keys/secret-file.ts';
import { parseJson } from '../node/parse-json.ts';
import { StartError } from '../start-error.ts';

/** File of the role keys in version 0.1.0. They are in the keys file now. */
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
}

/**
 * Holds a key pair per role that may view pictures, which the keys file has. Each picture's key is
 * wrapped for the roles that may open the picture. `keys rotate` may replace the key pairs while a
 * server runs, so a server reads the file again before it wraps, and when it can't unwrap.
 */
export class RoleKeys {
  /**
   * Whether `open` created keys. New keys can't open pictures whose keys were wrapped for earlier
   * ones.
   */
  readonly wereMade: boolean;
  readonly #path: string;
  #keys: readonly RoleKey[];
  #version: string;

  private constructor(path: string, keys: readonly RoleKey[], version: string, wereMade = false) {
    this.#path = path;
    this.#keys = keys;
    this.#version = version;
    this.wereMade = wereMade;
  }

  /**
   * Moves the keys of version 0.1.0, which were in a file of their own, to the keys file.
   *
   * @param make whether to write: to move keys, and to create missing ones
   * @param keysFile path of the keys file; null for the one in the data folder
   *
   * @throws StartError if a file with keys is damaged or other users can read it
   */
  static async open(
    dataDir: string,
    make: boolean,
    keysFile: string | null = null,
  ): Promise<RoleKeys> {
    const path = keysPathOf({ dataDir, keysFile });
    const before = await readKeysFile(path);
    const inFile = before?.roles ?? [];
    const own = join(dataDir, ROLE_KEYS_FILE);
    const moved = (await readOldFile(own)).filter(
      ({ jwk }) => !inFile.some((one) => one.jwk.d === jwk.d),
    );
    const found = [...moved, ...inFile];
    const missing = rolesThatMay('evidence.reveal').filter(
      (role) => !found.some((key) => key.role === role),
    );
    const all = make && before !== null ? [...found, ...missing.map(newRoleKey)] : found;
    const keys = await pairsOf(all, path);
    if (make && before !== null) {
      if (all.length > inFile.length) await writeKeysFile(path, { ...before, roles: all });
      await rm(own, { force: true });
    }
    return new RoleKeys(path, keys, await versionOf(path), all.length > found.length);
  }

  /**
   * Replaces the role keys. The replaced keys stay in the keys file until the next rotation, for
   * what a running server wrapped with them in the meantime.
   *
   * @param path of the keys file
   * @param rewrap rewraps the keys of all pictures with the newest role keys
   * @throws what `rewrap` throws; the old keys then stay in the file beside the new ones
   */
  static async rotate(path: string, rewrap: (keys: RoleKeys) => Promise<void>): Promise<void> {
    const before = await readKeysFile(path);
    if (before === null) return;
    const roles = new Set(before.roles.map(({ role }) => role).filter(isRole));
    const made = [...roles].map(newRoleKey);
    const all = [...before.roles, ...made];
    const keys = await pairsOf(all, path);
    await writeKeysFile(path, { ...before, roles: all });
    await rewrap(new RoleKeys(path, keys, await versionOf(path)));
    const replaced = [...roles].flatMap((role) =>
      before.roles.findLast((one) => one.role === role),
    );
    const kept = replaced.filter((one) => one !== undefined);
    await writeKeysFile(path, { ...before, roles: [...kept, ...made] });
  }

  get isEmpty(): boolean {
    return this.#keys.length === 0;
  }

  /** Wraps a picture's key for each of the given roles that has a key on this machine. */
  async wrap(
    key: Uint8Array,
    roles: readonly Role[],
  ): Promise<readonly Pick<PictureKey, 'role' | 'wrapped'>[]> {
    await this.#readAgain();
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
    const key = await this.#unwrap(wraps);
    return key === null && (await this.#readAgain()) ? await this.#unwrap(wraps) : key;
  }

  /** Reads the keys file if it has changed. Keeps the known keys if that fails. */
  async #readAgain(): Promise<boolean> {
    try {
      const version = await versionOf(this.#path);
      if (version === this.#version) return false;
      const content = await readKeysFile(this.#path);
      if (content === null) return false;
      this.#keys = await pairsOf(content.roles, this.#path);
      this.#version = version;
      return true;
    } catch {
      return false;
    }
  }

  async #unwrap(
    wraps: readonly Pick<PictureKey, 'role' | 'wrapped'>[],
  ): Promise<Uint8Array | null> {
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

/** Identifies a version of a file, which each writing replaces by another file. */
async function versionOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found === null ? '' : `${found.ino} ${found.mtimeMs} ${found.size}`;
}

/** @throws StartError if a key is damaged */
async function pairsOf(all: readonly RoleJwk[], path: string): Promise<readonly RoleKey[]> {
  try {
    const known = all.flatMap(({ role, jwk }) => (isRole(role) ? [{ role, jwk }] : []));
    if (known.length < all.length) throw new TypeError('no role');
    return await Promise.all(known.map(({ role, jwk }) => keyOf(role, jwk as JWK)));
  } catch (error) {
    throw damaged(path, error);
  }
}

function damaged(path: string, cause: unknown): StartError {
  return new StartError(
    `${path} is damaged. Bring it back from a backup. Without it no picture of a ` +
      'report can be decrypted. Remove it only if you accept that.',
    { cause },
  );
}

async function keyOf(role: Role, jwk: JWK): Promise<RoleKey> {
  const { d: _, ...shared } = jwk;
  const open = await importJWK(jwk, ALGORITHM);
  const wrap = await importJWK(shared, ALGORITHM);
  if (open instanceof Uint8Array || wrap instanceof Uint8Array || open.type !== 'private') {
    throw new TypeError('no pair of keys');
  }
  return { id: await calculateJwkThumbprint(shared), role, open, wrap };
}

/** Reads the file of role keys of version 0.1.0. Returns no keys if it is missing. */
async function readOldFile(path: string): Promise<readonly RoleJwk[]> {
  const text = await readSecretFile(path);
  if (text === null) return [];
  const { format, keys } = (parseJson(text) ?? {}) as { format?: unknown; keys?: unknown };
  if (format !== FORMAT || !Array.isArray(keys)) throw damaged(path, null);
  await pairsOf(keys as readonly RoleJwk[], path);
  return keys as readonly RoleJwk[];
}
