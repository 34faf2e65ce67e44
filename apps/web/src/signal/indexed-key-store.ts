import type { KeyStore } from './device-key.ts';

const DATABASE = 'farandole';
const STORE = 'keys';
const DEVICE = 'device';
/**
 * Timeout in ms for opening the database. While another tab has an older version of the database
 * open, opening would never end.
 */
const OPEN_WITHIN_MS = 2_000;

/** A `KeyStore` in IndexedDB. IndexedDB can store keys without revealing their bytes to scripts. */
export class IndexedKeyStore implements KeyStore {
  readonly #factory: IDBFactory;

  constructor(factory: IDBFactory) {
    this.#factory = factory;
  }

  async load(): Promise<CryptoKeyPair | null> {
    const found: unknown = await this.#run('readonly', (store) => store.get(DEVICE));
    return isKeyPair(found) ? found : null;
  }

  async keep(pair: CryptoKeyPair): Promise<CryptoKeyPair> {
    try {
      await this.#run('readwrite', (store) => store.add(pair, DEVICE));
      return pair;
    } catch (error) {
      // `add` fails if the database already has a value: either another tab stored its key pair
      // first, or the value isn't a key pair.
      const kept = await this.load();
      if (kept !== null) return kept;
      if (!(error instanceof DOMException) || error.name !== 'ConstraintError') throw error;
      await this.#run('readwrite', (store) => store.put(pair, DEVICE));
      return pair;
    }
  }

  async #run<T>(
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> {
    const database = await this.#open();
    try {
      return await settled(work(database.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      database.close();
    }
  }

  #open(): Promise<IDBDatabase> {
    const request = this.#factory.open(DATABASE, 1);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new KeyStoreError('the database did not open')),
        OPEN_WITHIN_MS,
      );
      settled(request)
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    });
  }
}

export class KeyStoreError extends Error {
  override readonly name = 'KeyStoreError';
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () =>
      reject(request.error ?? new KeyStoreError('a request failed')),
    );
  });
}

function isKeyPair(value: unknown): value is CryptoKeyPair {
  if (typeof value !== 'object' || value === null) return false;
  const { privateKey, publicKey } = value as { privateKey?: unknown; publicKey?: unknown };
  return privateKey instanceof CryptoKey && publicKey instanceof CryptoKey;
}
