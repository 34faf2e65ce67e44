import type { Page } from '@playwright/test';

/** Returns the records of every IndexedDB store that scripts can read, by the store's name. */
export function recordsIn(page: Page): Promise<Readonly<Record<string, readonly unknown[]>>> {
  return page.evaluate(async () => {
    const result = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.addEventListener('success', () => resolve(request.result));
        request.addEventListener('error', () => reject(request.error ?? new Error('not read')));
      });
    const records: Record<string, readonly unknown[]> = {};
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await result(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        records[store] = await result(database.transaction(store).objectStore(store).getAll());
      }
      database.close();
    }
    return records;
  });
}
