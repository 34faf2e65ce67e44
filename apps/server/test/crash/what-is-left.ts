import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Records } from '@farandole/moderation/store/records';
import { kyselyRecords } from '@farandole/storage/kysely-records';
import { openSqlite } from '@farandole/storage/sqlite/sqlite-database';
import { storeSeals } from '@farandole/storage/store-seals';
import { faultsOf } from '@farandole/storage/test/half-kept';
import { readKeys } from '../../src/keys/keys.ts';
import { firstTextKeyOf, STORE_FILE } from '../../src/store/open-store.ts';
import type { Book } from './crowd.ts';

const ALL = 1_000_000;

interface Left {
  readonly lost: string[];
  readonly corrupt: string[];
}

/**
 * Checks the data folder of a stopped node. It must contain every acknowledged report exactly
 * once and complete.
 */
export async function faultsOfFolder(dataDir: string, book: Book): Promise<Left> {
  const keys = await readKeys(dataDir);
  const left: Left = { lost: [], corrupt: [] };
  const db = await openSqlite(join(dataDir, STORE_FILE), 'as it is');
  try {
    await lookAtStore(kyselyRecords(db, storeSeals(firstTextKeyOf(keys), keys.words)), book, left);
  } finally {
    await db.destroy();
  }
  const unfinished = (await readdir(dataDir)).filter((name) => /^(?!server-).*\.new$/.test(name));
  left.corrupt.push(...unfinished.map((name) => `${name} was left behind`));
  return left;
}

async function lookAtStore(records: Records, book: Book, { lost, corrupt }: Left): Promise<void> {
  corrupt.push(...(await faultsOf(records)));
  const reports = await records.reports.find({}, { limit: ALL });
  const codes = new Set<string>();
  const sides = new Set<string>();
  for (const { id, code, match, by } of reports) {
    if (codes.has(code) || sides.has(`${match} ${by}`)) corrupt.push(`${id} is there twice`);
    codes.add(code);
    sides.add(`${match} ${by}`);
    const words = await records.words.get('report', id);
    const written = book.written.get(words?.note ?? '');
    const texts = words?.lines.map(({ text }) => text) ?? [];
    if (written === undefined || texts.join('\n') !== written.join('\n')) {
      corrupt.push(`${id} has not the words that it came with`);
    }
  }
  for (const code of book.reports.keys()) if (!codes.has(code)) lost.push(code);
  const separations = await records.blocks.find({}, { limit: ALL });
  const blocked = new Set(separations.map(({ match }) => match));
  for (const match of book.blocks) if (!blocked.has(match)) lost.push(match);
}
