import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { StoreError } from '@farandole/storage/store-error';
import type { TextKey } from '@farandole/storage/text-encryption';

/**
 * A store whose text keys another process may replace (`keys rotate`). When the store needs a text
 * key that this process doesn't have, reads the keys file again and repeats the command once.
 */
export class KeyedStore implements ModerationStore {
  readonly #store: ModerationStore;
  readonly #readTextKeys: () => Promise<readonly TextKey[]>;

  constructor(store: ModerationStore, readTextKeys: () => Promise<readonly TextKey[]>) {
    this.#store = store;
    this.#readTextKeys = readTextKeys;
  }

  async run<Name extends CommandName>(name: Name, input: InputOf<Name>): Promise<OutcomeOf<Name>> {
    try {
      return await this.#store.run(name, input);
    } catch (error) {
      if (!isTextKeyMissing(error)) throw error;
      const keys = await this.#readTextKeys();
      await this.#store.run('words.use-keys', { keys });
      return await this.#store.run(name, input);
    }
  }

  async close(): Promise<void> {
    await this.#store.close();
  }
}

export function isTextKeyMissing(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'text-key-missing';
}
