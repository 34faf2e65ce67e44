import type { Instant } from '@farandole/kernel/clock';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { StoredRotatingKey } from '@farandole/moderation/store/records';
import { RECEIPT_LIFETIME_MS } from '@farandole/protocol/limits';
import type { TextEncryption } from '@farandole/storage/text-encryption';
import { KEY_GENERATIONS_MAX, KEY_RETIRED_KEPT_MS, KEY_ROTATE_AFTER_MS } from '../limits.ts';
import { StartError } from '../start-error.ts';
import { isTextKeyMissing } from '../store/keyed-store.ts';
import { textEncryptionOf } from '../store/open-store.ts';
import {
  KEY_BYTES,
  type KeyGeneration,
  type KeyRing,
  type KeysFileContent,
  newGeneration,
  type ServerKeys,
  writeKeysFile,
} from './keys.ts';

type Store = Pick<ModerationStore, 'run'>;

type ReadTextKeys = () => Promise<ServerKeys['words']>;

/**
 * The keys of a node: the long-lived ones of the keys file, and the rotating ones, which all nodes
 * share in the store. Rotating keys are random, so that a leaked one opens one day. The next day's
 * key is added a day ahead, so that every node has it before another uses it.
 */
export class KeyStore {
  readonly #store: Store;
  readonly #texts: TextEncryption;
  readonly #readTextKeys: ReadTextKeys;
  #ring: KeyRing;
  /** The rotating keys in the order in which they were added. */
  #known: readonly KeyGeneration[] = [];
  /** Monotonic time since which this process knows that a newer key replaced each of these keys. */
  readonly #retired = new Map<string, number>();
  #rotating: Promise<boolean> | null = null;

  private constructor(store: Store, keys: ServerKeys, readTextKeys: ReadTextKeys) {
    this.#store = store;
    this.#texts = textEncryptionOf(keys);
    this.#readTextKeys = readTextKeys;
    this.#ring = { ...keys, generations: [] };
  }

  /**
   * Reads the rotating keys, and adds and removes keys if due. Moves those of a keys file of version
   * 0.1.0 to the store, so that its receipts stay valid.
   *
   * @param file the keys file and its content
   * @param readTextKeys reads the text keys of the keys file again
   * @throws StoreError; StartError if a rotating key is damaged; the system's error
   */
  static async open(
    store: Store,
    { path, keys }: { readonly path: string; readonly keys: KeysFileContent },
    now: Instant,
    readTextKeys: ReadTextKeys = async () => keys.words,
  ): Promise<KeyStore> {
    const { generations, ...lasting } = keys;
    const { subject, words } = lasting;
    const own = new KeyStore(store, { subject, words }, readTextKeys);
    if (generations.length > 0) {
      const { rotating } = await store.run('keys.read', null);
      const there = new Set(rotating.map(({ id }) => id));
      const add = generations
        .filter(({ id }) => !there.has(id))
        .map((one) => sealed(own.#texts, one));
      await store.run('keys.rotate', { after: rotating.at(-1)?.id ?? null, add, remove: [] });
      // The file is written last. A node that is killed before that moves the rest at its next start.
      await writeKeysFile(path, lasting);
    }
    await own.rotateIfDue(now);
    return own;
  }

  get ring(): KeyRing {
    return this.#ring;
  }

  /** Called when the keys file has other text keys. */
  useTextKeys(words: ServerKeys['words']): void {
    this.#texts.use(words);
    this.#ring = { ...this.#ring, words };
  }

  /**
   * Reads the other nodes' keys, adds a key if none is in use or the next day's is missing, and
   * removes keys that nothing needs.
   *
   * A jump of the date may add keys early but never removes a needed one. A key is removed only if
   * this process has seen a newer one in use for a receipt's lifetime on the monotonic clock. If no
   * process runs that long, the number of keys is limited instead.
   *
   * @returns whether another key is in use now
   * @throws StoreError; the known keys then stay in use in their turn
   */
  async rotateIfDue(now: Instant): Promise<boolean> {
    this.#rotating ??= this.#rotate(now).finally(() => {
      this.#rotating = null;
    });
    return await this.#rotating;
  }

  async #rotate(now: Instant): Promise<boolean> {
    const before = this.#ring.generations.at(-1)?.id;
    this.#use(now);
    let { rotating } = await this.#store.run('keys.read', null);
    // If another node was first, its keys are read and the plan is made again.
    for (;;) {
      await this.#read(rotating);
      this.#use(now);
      const { add, remove } = this.#plan(now);
      if (add.length === 0 && remove.length === 0) break;
      const after = rotating.at(-1)?.id ?? null;
      const fresh = add.map((one) => sealed(this.#texts, one));
      rotating = await this.#store.run('keys.rotate', { after, add: fresh, remove });
    }
    return this.#ring.generations.at(-1)?.id !== before;
  }

  async #read(stored: readonly StoredRotatingKey[]): Promise<void> {
    const known = new Map(this.#known.map((one) => [one.id, one]));
    const read = (): readonly KeyGeneration[] =>
      stored.map((one) => known.get(one.id) ?? opened(this.#texts, one));
    try {
      this.#known = read();
    } catch (error) {
      if (!isTextKeyMissing(error)) throw error;
      this.useTextKeys(await this.#readTextKeys());
      this.#known = read();
    }
  }

  /** Puts the key of this date last in the ring. Notes which keys it has replaced. */
  #use({ wallMs, monotonicMs }: Instant): void {
    const at = this.#known.findLastIndex(({ fromWallMs }) => fromWallMs <= wallMs);
    const inUse = this.#known[at];
    const { generations } = this.#ring;
    const others = this.#known.filter((_, index) => index !== at);
    const all = inUse === undefined ? others : [...others, inUse];
    const isSame =
      all.length === generations.length && all.every((one, i) => one === generations[i]);
    if (!isSame) this.#ring = { ...this.#ring, generations: all };
    const replaced = new Set(this.#known.slice(0, Math.max(at, 0)).map(({ id }) => id));
    for (const id of this.#retired.keys()) if (!replaced.has(id)) this.#retired.delete(id);
    for (const id of replaced) if (!this.#retired.has(id)) this.#retired.set(id, monotonicMs);
  }

  #plan({ wallMs, monotonicMs }: Instant): {
    readonly add: readonly KeyGeneration[];
    readonly remove: readonly string[];
  } {
    const at = this.#known.findLastIndex(({ fromWallMs }) => fromWallMs <= wallMs);
    const inUse = this.#known[at];
    const isFresh = inUse !== undefined && wallMs - inUse.fromWallMs < KEY_ROTATE_AFTER_MS;
    const add = isFresh ? [] : [newGeneration(wallMs)];
    const nextMs = (isFresh ? inUse.fromWallMs : wallMs) + KEY_ROTATE_AFTER_MS;
    const hasNext =
      isFresh && this.#known.slice(at + 1).some(({ fromWallMs }) => fromWallMs <= nextMs);
    if (!hasNext) add.push(newGeneration(nextMs));
    const isOver = (index: number): boolean => {
      const since = this.#retired.get(this.#known[index]?.id ?? '');
      if (since === undefined || monotonicMs - since < RECEIPT_LIFETIME_MS) return false;
      return this.#known
        .slice(index + 1)
        .some(({ fromWallMs }) => wallMs - fromWallMs >= KEY_RETIRED_KEPT_MS);
    };
    const kept = this.#known.filter((_, index) => !isOver(index));
    const allowed = kept.slice(Math.max(0, kept.length + add.length - KEY_GENERATIONS_MAX));
    const remove = this.#known.filter((one) => !allowed.includes(one)).map(({ id }) => id);
    return { add, remove };
  }
}

/** Reads the rotating keys from the store without changing any, for the command line. */
export async function readRing(store: Store, keys: KeysFileContent): Promise<KeyRing> {
  const { rotating } = await store.run('keys.read', null);
  const texts = textEncryptionOf(keys);
  const stored = rotating.map((one) => opened(texts, one));
  return { ...keys, generations: [...keys.generations, ...stored] };
}

/** Encrypts rotating keys again, with the newest text key of the keys file. */
export function resealed(
  texts: TextEncryption,
  keys: readonly StoredRotatingKey[],
): readonly StoredRotatingKey[] {
  return keys.map((one) => {
    const [wrapped = '', text = ''] = one.sealed.split(BETWEEN);
    const again = texts.rewrap(nameOf(one), wrapped);
    return again === null ? one : { ...one, sealed: `${again}${BETWEEN}${text}` };
  });
}

/** Separates the encrypted key of a ciphertext from the ciphertext. Neither contains a space. */
const BETWEEN = ' ';

/** Authenticated with a rotating key, so that an attacker can't swap keys or change their dates. */
function nameOf({ id, fromMs }: Pick<StoredRotatingKey, 'id' | 'fromMs'>): string {
  return `rotating ${id} ${fromMs}`;
}

/** Encrypts a rotating key as texts are, so that `keys rotate` replaces the key that encrypts it. */
function sealed(texts: TextEncryption, generation: KeyGeneration): StoredRotatingKey {
  const { id, fromWallMs: fromMs, seal, tag } = generation;
  const bytes = Buffer.concat([seal, tag]).toString('base64url');
  const { wrapped, sealed: text } = texts.seal(nameOf({ id, fromMs }), bytes);
  return { id, fromMs, sealed: `${wrapped}${BETWEEN}${text}` };
}

/**
 * @throws StoreError `text-key-missing` if the keys file is older than the key; StartError if the
 * key was changed
 */
function opened(texts: TextEncryption, stored: StoredRotatingKey): KeyGeneration {
  const { id, fromMs } = stored;
  const [wrapped = '', text = ''] = stored.sealed.split(BETWEEN);
  try {
    const bytes = Buffer.from(texts.open(nameOf(stored), { wrapped, sealed: text }), 'base64url');
    const seal = bytes.subarray(0, KEY_BYTES);
    return { id, fromWallMs: fromMs, seal, tag: bytes.subarray(KEY_BYTES) };
  } catch (error) {
    if (isTextKeyMissing(error)) throw error;
    throw new StartError(
      `The rotating key ${id} in the store is damaged. Restore the store from a backup.`,
      { cause: error },
    );
  }
}
