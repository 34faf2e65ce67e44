import type { RewrappedTexts, TextRecords } from '@farandole/moderation/store/records';
import type { TextOwner, UserText } from '@farandole/moderation/store/stored';
import { runBuilt } from './built-queries.ts';
import type { KyselyKeys } from './kysely-keys.ts';
import type { Database } from './schema.ts';
import type { TextEncryption, TextKey } from './text-encryption.ts';

/** Encrypted texts in SQL. Destroying a text deletes both its key and its ciphertext. */
export class KyselyTexts implements TextRecords {
  readonly #db: Database;
  readonly #seal: TextEncryption;
  readonly #keys: KyselyKeys;

  constructor(db: Database, seal: TextEncryption, keys: KyselyKeys) {
    this.#db = db;
    this.#seal = seal;
    this.#keys = keys;
  }

  async put(owner: TextOwner, id: string, words: UserText, keepUntilMs: number): Promise<void> {
    const name = textIdOf(owner, id);
    // The store says which key encrypts, because another process may have replaced that key.
    const by = (await this.#keys.textKey()) ?? undefined;
    const { sealed, wrapped } = this.#seal.seal(name, JSON.stringify(words), by);
    await runBuilt(this.#db, 'insert words', [name, keepUntilMs, sealed], () =>
      this.#db.insertInto('words').values({ id: name, keepUntilMs, sealed }),
    );
    await runBuilt(this.#db, 'insert wordsKeys', [name, wrapped], () =>
      this.#db.insertInto('wordsKeys').values({ id: name, wrapped }),
    );
  }

  async get(owner: TextOwner, id: string): Promise<UserText | null> {
    const name = textIdOf(owner, id);
    const row = await this.#db
      .selectFrom('words')
      .innerJoin('wordsKeys', 'wordsKeys.id', 'words.id')
      .select(['sealed', 'wrapped'])
      .where('words.id', '=', name)
      .executeTakeFirst();
    return row === undefined ? null : (JSON.parse(this.#seal.open(name, row)) as UserText);
  }

  async keepUntil(owner: TextOwner, id: string, keepUntilMs: number): Promise<void> {
    const name = textIdOf(owner, id);
    await this.#db.updateTable('words').set({ keepUntilMs }).where('id', '=', name).execute();
  }

  async destroyKey(owner: TextOwner, id: string): Promise<void> {
    await this.#delete([textIdOf(owner, id)]);
  }

  async destroyDue(nowMs: number, limit: number): Promise<number> {
    const due = await this.#db
      .selectFrom('words')
      .select('id')
      .where('keepUntilMs', '<=', nowMs)
      .orderBy('keepUntilMs')
      .limit(limit)
      .execute();
    await this.#delete(due.map(({ id }) => id));
    return due.length;
  }

  async rewrap(to: string, after: string, limit: number): Promise<RewrappedTexts> {
    const counts = { rewrapped: 0, unopened: 0 };
    const rows = await this.#db
      .selectFrom('wordsKeys')
      .select(['id', 'wrapped'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
    for (const { id, wrapped } of rows) {
      const again = this.#seal.rewrap(id, wrapped, to);
      if (again === null) {
        counts.unopened += 1;
        continue;
      }
      await this.#db
        .updateTable('wordsKeys')
        .set({ wrapped: again })
        .where('id', '=', id)
        .execute();
      counts.rewrapped += 1;
    }
    return { ...counts, next: rows.length < limit ? null : (rows.at(-1)?.id ?? null) };
  }

  useKeys(keys: readonly TextKey[]): void {
    this.#seal.use(keys);
  }

  async #delete(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#db
      .deleteFrom('wordsKeys')
      .where('id', 'in', [...ids])
      .execute();
    await this.#db
      .deleteFrom('words')
      .where('id', 'in', [...ids])
      .execute();
  }
}

function textIdOf(owner: TextOwner, id: string): string {
  return `${owner}:${id}`;
}
