import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { KyselyAudit } from '../src/kysely-audit.ts';
import type { AuditTableRow, Database } from '../src/schema.ts';
import { openSqlite } from '../src/sqlite/sqlite-database.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const ROWS = 12;

describe('audit', () => {
  let db: Database;
  let audit: KyselyAudit;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  before(async () => {
    folder = await temporaryFolder();
    db = await openSqlite(join(folder.path, 'audit.sqlite'));
    audit = new KyselyAudit(db);
  });

  beforeEach(async () => {
    await db.deleteFrom('audit').execute();
    await db.deleteFrom('auditEnds').execute();
    for (let n = 1; n <= ROWS; n++) {
      const details = { n, of: 'a case', none: null };
      await audit.append({
        by: 'software',
        action: 'test',
        about: `thing-${n % 3}`,
        atMs: n,
        details,
      });
    }
  });

  after(async () => {
    await db.destroy();
    await folder.remove();
  });

  const rows = () => db.selectFrom('audit').selectAll().orderBy('seq').execute();
  const write = async (all: readonly AuditTableRow[]): Promise<void> => {
    await db.deleteFrom('audit').execute();
    await db
      .insertInto('audit')
      .values([...all])
      .execute();
  };
  /** What is found once the rows were made into others. */
  const verdictOn = async (change: (all: AuditTableRow[]) => AuditTableRow[]) => {
    const all = await rows();
    await write(change(structuredClone(all)));
    const verdict = await audit.verify();
    await write(all);
    return verdict;
  };

  it('[ST-21] a row of which anything was changed is found at that row', async () => {
    assert.deepEqual(await audit.verify(), { ok: true, rows: ROWS, head: ROWS });
    for (let at = 0; at < ROWS; at++) {
      for (const [field, value] of [
        ['atMs', 999],
        ['by', 'operator'],
        ['action', 'other'],
        ['about', 'thing-x'],
        ['details', '{}'],
        ['details', null],
        ['salt', 'x'],
        ['salt', null],
        ['digest', 'x'],
        ['hash', 'x'],
      ] as const) {
        const verdict = await verdictOn((all) =>
          all.map((row, index) => (index === at ? { ...row, [field]: value } : row)),
        );
        assert.deepEqual(verdict, { ok: false, at: at + 1 }, `${field} of row ${at + 1}`);
      }
    }
  });

  it('[ST-21] a row that was taken out, put in or moved is found at its place, the last one too', async () => {
    for (let at = 0; at < ROWS; at++) {
      const gone = await verdictOn((all) => all.toSpliced(at, 1));
      assert.deepEqual(gone, { ok: false, at: at + 1 });
      // With the numbers closed up, as whoever hides a row would.
      const closedUp = await verdictOn((all) =>
        all.toSpliced(at, 1).map((row, index) => ({ ...row, seq: index + 1 })),
      );
      assert.deepEqual(closedUp, { ok: false, at: at + 1 });
      const [other] = await rows();
      assert.ok(other !== undefined);
      const putIn = await verdictOn((all) =>
        all.toSpliced(at, 0, other).map((row, index) => ({ ...row, seq: index + 1 })),
      );
      // Two equal rows: it is the second that is one too many.
      assert.deepEqual(putIn, { ok: false, at: Math.max(at, 1) + 1 });
    }
    for (let at = 0; at + 1 < ROWS; at++) {
      const moved = await verdictOn((all) => {
        const [row] = all.splice(at, 1);
        if (row !== undefined) all.splice(at + 1, 0, row);
        return all.map((one, index) => ({ ...one, seq: index + 1 }));
      });
      assert.deepEqual(moved, { ok: false, at: at + 1 });
    }
  });

  it('[ST-22] details of one thing are forgotten and old rows taken away, and the rest verifies', async () => {
    await audit.forget('thing-1');
    assert.equal((await audit.verify()).ok, true);
    const details = (await audit.after(0, ROWS)).map((row) => [row.about, row.details === null]);
    for (const [about, isForgotten] of details) assert.equal(isForgotten, about === 'thing-1');
    assert.equal(await audit.prune(7, 4), 4);
    assert.equal(await audit.prune(7, 4), 2);
    assert.equal(await audit.prune(7, 4), 0);
    assert.deepEqual(await audit.verify(), { ok: true, rows: ROWS - 6, head: ROWS });
    assert.deepEqual(
      (await audit.after(0, 2)).map(({ seq }) => seq),
      [7, 8],
    );
    assert.deepEqual(await verdictOn((all) => all.slice(1)), { ok: false, at: 7 });
    assert.equal(await audit.prune(1_000, 100), ROWS - 6);
    await audit.append({ by: 'software', action: 'test', about: 'x', atMs: 1, details: {} });
    assert.deepEqual(await audit.verify(), { ok: true, rows: 1, head: ROWS + 1 });
  });
});
