import { ok, type Result, refused } from '@farandole/kernel/result';
import type { Records, StoredRotatingKey } from '../store/records.ts';

/**
 * Checks that a server's keys are those of the store. The first server whose keys fit claims a
 * store that has no owner yet: a new store, or one of a version before fingerprints.
 *
 * @param input.textKeys names of the text keys that the server has, newest last
 */
export async function fitKeys(
  records: Records,
  input: { readonly fingerprint: string; readonly textKeys: readonly string[] },
): Promise<Result<null, 'other-keys' | 'text-key-missing'>> {
  const { fingerprint, textKeys } = input;
  const { keys } = records;
  const owner = await keys.fingerprint();
  if (owner === null ? !(await keys.sealedAudit()) : owner !== fingerprint) {
    return refused('other-keys');
  }
  if (owner === null) {
    await keys.setFingerprint(fingerprint);
    await keys.setTextKey(textKeys.at(-1) ?? '');
    return ok(null);
  }
  const inUse = await keys.textKey();
  const isKnown = inUse === null || inUse === '' || textKeys.includes(inUse);
  return isKnown ? ok(null) : refused('text-key-missing');
}

/** Keys of the store's servers, as one transaction reads them. */
export interface ServerKeysRead {
  /** Name of the server key that encrypts new texts. Null if no server has claimed the store. */
  readonly textKey: string | null;
  readonly rotating: readonly StoredRotatingKey[];
}

export async function readServerKeys({ keys }: Records): Promise<ServerKeysRead> {
  return { textKey: await keys.textKey(), rotating: await keys.rotating() };
}

/**
 * Adds and removes rotating keys, unless another server has added one since the caller read them.
 *
 * @param input.after id of the newest key that the caller knows; null if it knows none
 * @returns all rotating keys, whether or not they changed
 */
export async function rotateServerKeys(
  { keys }: Records,
  input: {
    readonly after: string | null;
    readonly add: readonly StoredRotatingKey[];
    readonly remove: readonly string[];
  },
): Promise<readonly StoredRotatingKey[]> {
  const { after, add, remove } = input;
  const newest = (await keys.rotating()).at(-1)?.id ?? null;
  if (newest === after) {
    await keys.addRotating(add);
    await keys.removeRotating(remove);
  }
  return await keys.rotating();
}

/** Gives this process other text keys, after its keys file changed. */
export async function useTextKeys(
  { words }: Records,
  { keys }: { readonly keys: readonly { readonly id: string; readonly key: Uint8Array }[] },
): Promise<null> {
  words.useKeys(keys);
  return null;
}
