import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { PASSWORDS_WAITING_MAX } from '../limits.ts';

/** What one hash costs: scrypt's N, r and p (RFC 7914). Kept with each hash, so that they can be raised. */
export interface HashCosts {
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** 32 MiB, three times over: as much work as OWASP asks for, in a quarter of the memory of one pass. */
export const HASH_COSTS: HashCosts = { n: 2 ** 15, r: 8, p: 3 };

/** More than these costs need; Node allows less by default. */
const MEMORY_BYTES_MAX = 64 * 1024 * 1024;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const HASH = /^scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$([A-Za-z0-9_-]{22})\$([A-Za-z0-9_-]{43})$/;

/**
 * Hashes passwords, one after the other: each takes much memory on purpose, and strangers may ask
 * for it. So many may wait; one more is turned away.
 */
export class PasswordHasher {
  readonly #costs: HashCosts;
  /** Compared with where nobody has the name, so that it takes as long. */
  readonly #nobody: string;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(costs: HashCosts = HASH_COSTS) {
    this.#costs = costs;
    const zeros = Buffer.alloc(KEY_BYTES).toString('base64url');
    this.#nobody = written(costs, Buffer.alloc(SALT_BYTES).toString('base64url'), zeros);
  }

  /** Whether so much waits that another one should be turned away. */
  get isBusy(): boolean {
    return this.#waiting >= PASSWORDS_WAITING_MAX;
  }

  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const key = await this.#derive(password, salt, this.#costs);
    return written(this.#costs, salt.toString('base64url'), key.toString('base64url'));
  }

  /** @param hash null where nobody has the name: never right, and as much work */
  async isRight(password: string, hash: string | null): Promise<boolean> {
    const [, n, r, p, salt = '', key = ''] = HASH.exec(hash ?? this.#nobody) ?? [];
    const costs = { n: Number(n), r: Number(r), p: Number(p) };
    const derived = await this.#derive(password, Buffer.from(salt, 'base64url'), costs);
    return timingSafeEqual(derived, Buffer.from(key, 'base64url')) && hash !== null;
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

function written({ n, r, p }: HashCosts, salt: string, key: string): string {
  return `scrypt$${n}$${r}$${p}$${salt}$${key}`;
}

async function derive(password: string, salt: Buffer, { n, r, p }: HashCosts): Promise<Buffer> {
  // Two spellings of one text are one password.
  const text = password.normalize('NFKC');
  const options = { N: n, r, p, maxmem: MEMORY_BYTES_MAX };
  return await new Promise((resolve, reject) => {
    scrypt(text, salt, KEY_BYTES, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
