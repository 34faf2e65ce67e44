import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { createPrng, type Prng } from '@farandole/kernel/prng';
import type { BlockNote } from '@farandole/moderation/apart/separation';
import { kyselyRecords } from '../src/kysely-records.ts';
import { LogKeeper } from '../src/sqlite/log-keeper.ts';
import { openSqlite } from '../src/sqlite/sqlite-database.ts';
import { SqliteHere } from '../src/sqlite/sqlite-here.ts';
import { storeSeals } from '../src/store-seals.ts';
import { matchId, reportFrom, START_MS, subject } from './support/desk.ts';
import { faultsOf } from './support/half-kept.ts';
import { KEY } from './support/keys.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const REPORTS = 260;
/** One write out of this many is torn. */
const CUT_ONE_IN = 9;
/** Number of reports between two copies of the log. */
const COPIED_EVERY = 40;

/** Contents of the database file and of its log file, as flushed to disk. */
interface Files {
  readonly database: Buffer;
  readonly log: Buffer;
}

/**
 * SQLite flushes its log at each commit (`synchronous=FULL`, ST-6), and both files when it copies
 * the log. This test checks that tearing a write at any byte before the flush corrupts nothing.
 */
test('[ST-1, ST-2] SQLite keeps acknowledged reports when a write is torn at any byte', async (t) => {
  const folder = await temporaryFolder();
  t.after(folder.remove);
  const prng = createPrng(1);
  const path = join(folder.path, 'store.sqlite');
  const store = await SqliteHere.open(path, KEY, [], 'another thread');
  const keeper = new LogKeeper(path);
  let cuts = 0;
  let begunAnew = 0;
  const cut = async (image: Files, acknowledged: number): Promise<void> => {
    await check(join(folder.path, `cut-${cuts++}`), image, acknowledged);
  };
  try {
    for (let n = 0; n < REPORTS; n++) {
      const before = filesOf(path);
      const report = reportFrom(n, { of: `reported-${n}`, note: `note ${n}` });
      // A node sends both in the same turn, so they share a commit.
      await Promise.all([
        store.run('report.take', report),
        store.run('apart.note', { changes: [blockFrom(n)] }),
      ]);
      const after = filesOf(path);
      assert.ok(after.database.equals(before.database), 'a commit writes the log only');
      const isAnew = !after.log.subarray(0, 32).equals(before.log.subarray(0, 32));
      if (isAnew) begunAnew += 1;
      if (isAnew || prng.below(CUT_ONE_IN) === 0) {
        await cut({ ...before, log: torn(before.log, after.log, prng) }, n);
      }
      if (n % COPIED_EVERY < COPIED_EVERY - 1) continue;
      keeper.note();
      keeper.copyLog();
      const { database, log } = filesOf(path);
      assert.ok(log.equals(after.log), 'a copy leaves the log');
      await cut({ database: torn(after.database, database, prng), log }, n + 1);
    }
  } finally {
    keeper.close();
    await store.close();
  }
  assert.ok(cuts > 20, `${cuts} cuts`);
  assert.equal(begunAnew, Math.floor(REPORTS / COPIED_EVERY));
});

function blockFrom(n: number): BlockNote {
  return {
    ...{ kind: 'block', match: matchId(n), side: 'b', by: subject(`blocks-${n}`) },
    ...{ of: subject('blocked'), mark: `mark-${n}`, atWallMs: START_MS + n },
  };
}

function filesOf(path: string): Files {
  const log = `${path}-wal`;
  return {
    database: readFileSync(path),
    log: existsSync(log) ? readFileSync(log) : Buffer.alloc(0),
  };
}

/** Returns the file contents after a write that reached the disk only up to a random byte. */
function torn(before: Buffer, after: Buffer, prng: Prng): Buffer {
  const same = firstDifference(before, after);
  const at = same + prng.below(lastDifference(before, after) - same + 1);
  return Buffer.concat([after.subarray(0, at), before.subarray(at)]);
}

function firstDifference(before: Buffer, after: Buffer): number {
  const length = Math.min(before.length, after.length);
  for (let at = 0; at < length; at++) if (before[at] !== after[at]) return at;
  return length;
}

function lastDifference(before: Buffer, after: Buffer): number {
  if (before.length !== after.length) return after.length;
  let at = after.length;
  while (at > 0 && before[at - 1] === after[at - 1]) at -= 1;
  return Math.max(at, firstDifference(before, after));
}

/**
 * Opens a torn database and checks its reports. @param acknowledged number of reports
 * acknowledged before the torn write
 */
async function check(folder: string, image: Files, acknowledged: number): Promise<void> {
  await mkdir(folder);
  const path = join(folder, 'store.sqlite');
  await writeFile(path, image.database);
  await writeFile(`${path}-wal`, image.log);
  const plain = new DatabaseSync(path);
  assert.deepEqual(Object.values(plain.prepare('pragma integrity_check').get() ?? {}), ['ok']);
  plain.close();
  const db = await openSqlite(path, 'as it is');
  try {
    const records = kyselyRecords(db, storeSeals(KEY));
    const reports = await records.reports.find({}, { limit: REPORTS + 1 });
    const there = new Set<string>(reports.map(({ id }) => id));
    for (let n = 0; n < acknowledged; n++) assert.ok(there.has(`report-${n}`), `report-${n}`);
    assert.ok(there.size <= acknowledged + 1);
    const separations = await records.blocks.find({}, { limit: 2 * REPORTS + 2 });
    const apart = new Set(separations.map((one) => one.mark ?? one.code));
    for (let n = 0; n < acknowledged; n++) assert.ok(apart.has(`mark-${n}`), `mark-${n}`);
    for (const { code } of reports) assert.ok(apart.has(code), code);
    for (const { id } of reports) assert.notEqual(await records.words.get('report', id), null);
    assert.deepEqual(await faultsOf(records), []);
  } finally {
    await db.destroy();
  }
}
