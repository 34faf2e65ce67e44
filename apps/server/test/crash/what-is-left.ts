import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PairLedger } from '@farandole/gateway/pair-ledger';
import type { MatchId } from '@farandole/kernel/id';
import type { Records } from '@farandole/moderation/store/records';
import { kyselyRecords } from '@farandole/storage/kysely-records';
import { openSqlite } from '@farandole/storage/sqlite/sqlite-database';
import { storeSeals } from '@farandole/storage/store-seals';
import { faultsOf } from '@farandole/storage/test/half-kept';
import { FileJournal } from '../../src/journal/file-journal.ts';
import { type KeyRing, readKeys } from '../../src/keys/keys.ts';
import { systemClock } from '../../src/node/system-clock.ts';
import { firstTextKeyOf, STORE_FILE, textEncryptionOf } from '../../src/store/open-store.ts';
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
  await lookAtJournal(dataDir, keys, book, left);
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
}

async function lookAtJournal(
  dataDir: string,
  keys: KeyRing,
  book: Book,
  { lost, corrupt }: Left,
): Promise<void> {
  const journal = await FileJournal.open({
    dataDir,
    clock: systemClock,
    seal: textEncryptionOf(keys),
    log: ({ event }) => corrupt.push(`after an orderly end: ${event}`),
    onSettled: () => {},
  });
  await journal.close();
  if (journal.waiting.length > 0) corrupt.push(`${journal.waiting.length} reports wait still`);
  const ledger = new PairLedger();
  const now = { monotonicMs: systemClock.monotonicMs(), wallMs: systemClock.wallMs() };
  ledger.replay(journal.records, now);
  const blocks = new Map<MatchId, boolean>();
  const reported = new Set<string>();
  for (const record of journal.records) {
    if (record.kind !== 'block' && record.kind !== 'reported') continue;
    const holds = ledger.blockedEitherWay(record.by, record.of);
    if (record.kind === 'block') blocks.set(record.match, holds);
    else if (holds) reported.add(record.code);
  }
  for (const match of book.blocks) if (blocks.get(match) !== true) lost.push(match);
  // The folder must record each reported call, so that the node recognizes a second report of it.
  // A report must also block the reported user.
  for (const code of book.reports.keys()) if (!reported.has(code)) lost.push(code);
}
