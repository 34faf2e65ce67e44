import { open } from 'node:fs/promises';
import { asStoreError } from '../store-error.ts';

/**
 * Makes the file of a store, readable by its owner alone, unless it is there.
 *
 * @throws StoreError
 */
export async function makeFile(path: string): Promise<void> {
  try {
    await (await open(path, 'a', 0o600)).close();
  } catch (error) {
    throw asStoreError(error);
  }
}
