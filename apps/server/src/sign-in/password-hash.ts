import crypto, { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { PASSWORDS_WAITING_MAX } from '../limits.ts';

/**
 * Algorithm and costs of a password hash. They are stored with each hash, so that later hashes can
 * use other ones.
 */
export interface HashCosts {
  readonly by: 'argon2id' | 'scrypt';
  /**
   * Costs of hashing. For Argon2id they are KiB of memory, passes and lanes (RFC 9106). For scrypt
   * they are N, r and p (RFC 7914).
   */
  readonly costs: readonly [number, number, number];
}

/** `argon2` is undefined before Node 24.7, or if Node's OpenSSL doesn't support it. */
const { argon2 }: Partial<Pick<typeof crypto, 'argon2'>> = crypto;

/** These Argon2id costs are the second recommendation of RFC 9106 (64 MiB, 3 passes). */
const ARGON2ID: HashCosts = { by: 'argon2id', costs: [2 ** 16, 3, 4] };
/**
 * These scrypt costs are OWASP's recommended work in a quarter of the memory (three times 32 MiB).
 */
const SCRYPT: HashCosts = { by: 'scrypt', costs: [2 ** 15, 8, 3] };
const HASH_COSTS = argon2 === undefined ? SCRYPT : ARGON2ID;

/**
 * Memory limit for scrypt, which is more than the costs need. Node's default limit is too low for
 * them.
 */
const SCRYPT_BYTES_MAX = 64 * 1024 * 1024;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const HASH =
  /^(argon2id|scrypt)\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$([A-Za-z0-9_-]{22})\$([A-Za-z0-9_-]{43})$/;

/**
 * Hashes passwords one at a time, because each hash takes much memory and strangers can request it.
 * The queue is limited.
 */
export class PasswordHasher {
  readonly #costs: HashCosts;
  /**
   * Hash that passwords for unknown names are compared with, so that the response time reveals
   * nothing.
   */
  readonly #nobody: string;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(costs: HashCosts = HASH_COSTS) {
    this.#costs = costs;
    this.#nobody = written(costs, Buffer.alloc(SALT_BYTES), Buffer.alloc(KEY_BYTES));
  }

  get isBusy(): boolean {
    return this.#waiting >= PASSWORDS_WAITING_MAX;
  }

  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const key = await this.#derive(password, salt, this.#costs);
    return written(this.#costs, salt, key);
  }

  /**
   * Returns whether a password hash uses the current algorithm and costs. If not, the member's next
   * sign-in replaces the hash.
   */
  isCurrent(hash: string): boolean {
    const known = read(hash);
    return known !== null && costsText(known) === costsText(this.#costs);
  }

  /**
   * Returns whether a password is right.
   *
   * @param hash null for an unknown name; the check then takes the same time and fails
   */
  async isRight(password: string, hash: string | null): Promise<boolean> {
    const known = hash === null ? null : read(hash);
    const against = known ?? read(this.#nobody);
    if (against === null) return false;
    const derived = await this.#derive(password, against.salt, against);
    return timingSafeEqual(derived, against.key) && known !== null;
  }

  async #derive(password: string, salt: Buffer, costs: HashCosts): Promise<Buffer> {
    this.#waiting += 1;
    const mine = this.#last.then(() => derive(password, salt, costs));
    this.#last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      this.#waiting -= 1;
    }
  }
}

interface StoredHash extends HashCosts {
  readonly salt: Buffer;
  readonly key: Buffer;
}

function costsText({ by, costs }: HashCosts): string {
  return [by, ...costs].join('$');
}

function written(costs: HashCosts, salt: Buffer, key: Buffer): string {
  return [costsText(costs), salt.toString('base64url'), key.toString('base64url')].join('$');
}

/**
 * Parses a stored password hash. Returns null if it is malformed or its algorithm isn't supported
 * here.
 */
function read(hash: string): StoredHash | null {
  const [, by, a, b, c, salt = '', key = ''] = HASH.exec(hash) ?? [];
  if (by !== 'scrypt' && (by !== 'argon2id' || argon2 === undefined)) return null;
  return {
    by,
    costs: [Number(a), Number(b), Number(c)],
    salt: Buffer.from(salt, 'base64url'),
    key: Buffer.from(key, 'base64url'),
  };
}

async function derive(password: string, salt: Buffer, { by, costs }: HashCosts): Promise<Buffer> {
  // The password is normalized, so that equivalent Unicode spellings are the same password.
  const text = password.normalize('NFKC');
  const [a, b, c] = costs;
  return await new Promise((resolve, reject) => {
    // Bun gives undefined instead of null.
    const done = (error: Error | null | undefined, key: Buffer): void => {
      if (error === null || error === undefined) resolve(key);
      else reject(error);
    };
    if (by === 'argon2id' && argon2 !== undefined) {
      const cost = { memory: a, passes: b, parallelism: c, tagLength: KEY_BYTES };
      argon2(by, { message: text, nonce: salt, ...cost }, done);
    } else {
      const options = { N: a, r: b, p: c, maxmem: SCRYPT_BYTES_MAX };
      scrypt(text, salt, KEY_BYTES, options, done);
    }
  });
}
