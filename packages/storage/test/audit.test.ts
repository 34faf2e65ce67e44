import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { AuditCheckpoint } from '@farandole/moderation/store/records';
import { type ChainEnd, chainRow, GENESIS } from '../src/audit-chain.ts';
import { AuditCheck } from '../src/audit-check.ts';
import { AuditSeal, type SealedEnd } from '../src/audit-seal.ts';
import { KyselyAudit } from '../src/kysely-audit.ts';
import type { AuditEndRow, AuditTableRow, Database } from '../src/schema.ts';
import { openSqlite } from '../src/sqlite/sqlite-database.ts';
import { ANOTHER_KEY, KEY } from './support/keys.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const ROWS = 12;
const ERASE = { by: 'subject', action: 'subject.erase', atMs: ROWS, details: {} } as const;

describe('verifying the audit log reveals changed, removed and added rows', () => {
  let db: Database;
  let audit: KyselyAudit;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  before(async () => {
    folder = await temporaryFolder();
    db = await openSqlite(join(folder.path, 'audit.sqlite'));
    audit = new KyselyAudit(db, new AuditSeal(KEY));
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
  const endOf = async (id: 'first' | 'last'): Promise<SealedEnd> => {
    const end = await db
      .selectFrom('auditEnds')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return end ?? GENESIS;
  };
  /** Verifies a modified copy of the audit rows. The store stays unchanged. */
  const verdictOn = async (
    change: (all: AuditTableRow[]) => AuditTableRow[],
    known: AuditCheckpoint | null = null,
  ) => {
    const [first, last] = [await endOf('first'), await endOf('last')];
    const check = new AuditCheck({ seal: new AuditSeal(KEY), first, last, known });
    const changed = change(structuredClone(await rows())).toSorted((one, two) => one.seq - two.seq);
    changed.filter(({ seq }) => seq > first.seq).every((row) => check.take(row));
    return check.verdict();
  };

  it('[ST-21] detects a changed field in any audit row', async () => {
    assert.deepEqual(await audit.verify(null), { ok: true, rows: ROWS, head: ROWS });
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
        ['seal', 'x'],
        ['seal', ''],
      ] as const) {
        const verdict = await verdictOn((all) =>
          all.map((row, index) => (index === at ? { ...row, [field]: value } : row)),
        );
        assert.deepEqual(verdict, { ok: false, at: at + 1 }, `${field} of row ${at + 1}`);
      }
    }
  });

  it('[ST-21] detects removed, inserted and moved audit rows, even the last row', async () => {
    for (let at = 0; at < ROWS; at++) {
      const gone = await verdictOn((all) => all.toSpliced(at, 1));
      assert.deepEqual(gone, { ok: false, at: at + 1 });
      // The attacker renumbers the rows after the removed row.
      const closedUp = await verdictOn((all) =>
        all.toSpliced(at, 1).map((row, index) => ({ ...row, seq: index + 1 })),
      );
      assert.deepEqual(closedUp, { ok: false, at: at + 1 });
      const [other] = await rows();
      assert.ok(other !== undefined);
      const putIn = await verdictOn((all) =>
        all.toSpliced(at, 0, other).map((row, index) => ({ ...row, seq: index + 1 })),
      );
      // The inserted row is a copy of the first. Verification reports the second of two equal
      // rows.
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

  it('[ST-22] verifies the audit chain after erased details and dropped old rows', async () => {
    await audit.append({ ...ERASE, about: 'thing-1' });
    await audit.forget('thing-1');
    await audit.append({ ...ERASE, about: 'thing-1' });
    assert.equal((await audit.verify(null)).ok, true);
    // Erasing the details of one row keeps the details of other rows about the same user.
    for (const { seq, details } of await audit.after(0, 100)) {
      assert.equal(details === null, seq === ROWS + 1);
    }
    assert.equal(await audit.prune(7, 4), 4);
    assert.equal(await audit.prune(7, 4), 2);
    assert.equal(await audit.prune(7, 4), 0);
    assert.deepEqual(await audit.verify(null), { ok: true, rows: ROWS - 4, head: ROWS + 2 });
    assert.deepEqual(
      (await audit.after(0, 2)).map(({ seq }) => seq),
      [7, 8],
    );
    assert.deepEqual(await verdictOn((all) => all.slice(1)), { ok: false, at: 7 });
    assert.equal(await audit.prune(1_000, 100), ROWS - 4);
    await audit.append({ by: 'software', action: 'test', about: 'x', atMs: 1, details: {} });
    assert.deepEqual(await audit.verify(null), { ok: true, rows: 1, head: ROWS + 3 });
  });

  /**
   * Builds audit rows like an attacker who can write to the database but doesn't have the seal
   * key.
   */
  const forge = (
    all: readonly AuditTableRow[],
    from: number,
    sealOf: (row: AuditTableRow) => string | null,
  ): AuditTableRow[] => {
    let end: ChainEnd = all.find(({ seq }) => seq === from - 1) ?? GENESIS;
    return all.map((row) => {
      if (row.seq < from) return row;
      const { atMs, about, action } = row;
      const entry = { atMs, about, action, by: 'operator', details: { forged: 1 } } as const;
      const forged = chainRow(new AuditSeal(ANOTHER_KEY), { ...end, seal: null }, true, entry).row;
      end = forged;
      return { ...forged, seal: sealOf(forged) };
    });
  };
  const setEnd = async (id: 'first' | 'last', end: Omit<AuditEndRow, 'id'>): Promise<void> => {
    const { seq, hash, seal } = end;
    await db.updateTable('auditEnds').set({ seq, hash, seal }).where('id', '=', id).execute();
  };

  it('[ST-23] detects recomputed hashes at the first forged row, whatever its seal', async () => {
    const known = await audit.checkpoint(null);
    assert.ok(known !== null);
    for (let from = 1; from <= ROWS; from++) {
      for (const [seals, sealOf] of [
        ['of another key', ({ seal }: AuditTableRow) => seal],
        ['of nothing', () => ''],
        ['none', () => null],
      ] as const) {
        const all = await rows();
        const forged = forge(all, from, sealOf);
        const [first] = forged;
        const last = forged.at(-1);
        assert.ok(first !== undefined && last !== undefined);
        await setEnd('last', last);
        const verdict = await verdictOn(() => forged);
        await setEnd('last', known);
        // A store without any seal looks as if an old version had written it. Another test covers
        // that case.
        if (from === 1 && seals === 'none') continue;
        assert.deepEqual(verdict, { ok: false, at: from }, `from ${from}, seals: ${seals}`);
      }
    }
  });

  it('[ST-23] an externally noted chain end reveals that all seals were removed', async () => {
    const known = await audit.checkpoint(null);
    assert.ok(known !== null);
    const forged = forge(await rows(), 1, () => null);
    const last = forged.at(-1);
    assert.ok(last !== undefined);
    await setEnd('last', last);
    assert.deepEqual(await verdictOn(() => forged, known), { ok: false, at: known.seq });
  });

  it('[ST-23] detects audit rows cut from the end, even after later rows', async () => {
    const all = await rows();
    const known = await audit.checkpoint(null);
    for (let left = ROWS - 1; left >= 1; left--) {
      const cut = all.slice(0, left);
      await write(cut);
      const last = cut.at(-1);
      assert.ok(last !== undefined);
      // The attacker copies the only genuine seal of a chain's end.
      await setEnd('last', last);
      assert.deepEqual(await audit.verify(null), { ok: false, at: left + 1 });
      assert.deepEqual(await audit.verify(known), { ok: false, at: left + 1 });
      assert.equal(await audit.checkpoint(null), null);
    }
    await audit.append({ by: 'software', action: 'test', about: 'x', atMs: 1, details: {} });
    await audit.append({ by: 'software', action: 'test', about: 'x', atMs: 1, details: {} });
    assert.deepEqual(await audit.verify(null), { ok: false, at: 2 });
  });

  it('[ST-23] an externally noted chain end reveals a restored old copy', async () => {
    const once = { rows: await rows(), last: await audit.checkpoint(null) };
    assert.ok(once.last !== null);
    await audit.append({ by: 'software', action: 'test', about: 'x', atMs: 1, details: {} });
    const known = await audit.checkpoint(once.last);
    assert.equal(known?.seq, ROWS + 1);
    await write(once.rows);
    await setEnd('last', once.last);
    assert.deepEqual(await audit.verify(once.last), { ok: true, rows: ROWS, head: ROWS });
    assert.deepEqual(await audit.verify(known), { ok: false, at: ROWS + 1 });
    assert.equal(await audit.checkpoint(known), null, 'it is not replaced by an earlier one');
    await audit.append({ by: 'software', action: 'other', about: 'x', atMs: 1, details: {} });
    assert.deepEqual(await audit.verify(known), { ok: false, at: ROWS + 1 });
    assert.equal(await audit.checkpoint(known), null);
  });

  it('[ST-23] detects a chain that begins after its externally noted end', async () => {
    const known = await audit.checkpoint(null);
    assert.ok(known !== null);
    for (let n = 1; n <= 3; n++) {
      await audit.append({ by: 'software', action: 'test', about: 'x', atMs: n, details: {} });
    }
    const all = await rows();
    const beginAt = async (row: { readonly seq: number; readonly hash: string }) => {
      await write(all.filter(({ seq }) => seq > row.seq));
      await db.deleteFrom('auditEnds').where('id', '=', 'first').execute();
      const { seq, hash } = row;
      const seal = new AuditSeal(KEY).of('first', { seq, hash });
      await db.insertInto('auditEnds').values({ id: 'first', seq, hash, seal }).execute();
      return [(await audit.verify(null)).ok, (await audit.verify(known)).ok];
    };
    const [last, next] = all.filter(({ seq }) => seq === known.seq || seq === known.seq + 1);
    assert.ok(last !== undefined && next !== undefined);
    assert.deepEqual(await beginAt(last), [true, true], 'all of before went by time');
    assert.notEqual(await audit.checkpoint(known), null);
    assert.deepEqual(await beginAt(next), [true, false]);
    assert.deepEqual(await audit.verify(known), { ok: false, at: known.seq });
    assert.equal(await audit.checkpoint(known), null, 'it is not replaced by what does not go on');
    const another = { seq: known.seq, hash: next.hash };
    const other = { ...another, seal: new AuditSeal(KEY).of('last', another) };
    await beginAt(last);
    assert.equal((await audit.verify(other)).ok, false);
    assert.equal(await audit.checkpoint(other), null);
  });

  it('[ST-23] detects a forged drop of the oldest rows, even after genuine drops', async () => {
    const all = await rows();
    const at = all[3];
    assert.ok(at !== undefined);
    await audit.prune(2, 1);
    await write(all.slice(4));
    await setEnd('first', at);
    assert.deepEqual(await audit.verify(null), { ok: false, at: 4 });
    assert.equal(await audit.prune(7, 100), 2);
    assert.deepEqual(await audit.verify(null), { ok: false, at: 6 });
    await db.deleteFrom('auditEnds').where('id', '=', 'first').execute();
    assert.deepEqual(await audit.verify(null), { ok: false, at: 1 });
    assert.equal(await audit.prune(8, 100), 1);
    assert.equal((await audit.verify(null)).ok, false);
  });

  it('[ST-23] detects missing details that no later erasure explains', async () => {
    for (let at = 1; at <= ROWS; at++) {
      const verdict = await verdictOn((all) =>
        all.map((row) => (row.seq === at ? { ...row, details: null, salt: null } : row)),
      );
      assert.deepEqual(verdict, { ok: false, at });
    }
    await audit.append({ ...ERASE, about: 'thing-1' });
    await audit.append({ by: 'software', action: 'test', about: 'thing-1', atMs: 1, details: {} });
    await audit.forget('thing-1');
    assert.deepEqual(await audit.verify(null), { ok: false, at: ROWS + 1 });
    await audit.append({ ...ERASE, about: 'thing-2' });
    assert.deepEqual(await audit.verify(null), { ok: false, at: ROWS + 1 });
    await audit.append({ ...ERASE, about: 'thing-1' });
    assert.deepEqual(await audit.verify(null), { ok: true, rows: ROWS + 4, head: ROWS + 4 });
    // A later erasure explains missing details only in the rows of earlier erasures.
    const emptied = await verdictOn((all) =>
      all.map((row) => (row.seq === 4 ? { ...row, details: null, salt: null } : row)),
    );
    assert.deepEqual(emptied, { ok: false, at: 4 });
  });

  it('[ST-23] the first sealed row reveals changes of older, unsealed rows', async () => {
    const unsealed = async (): Promise<void> => {
      await db.updateTable('audit').set({ seal: null }).execute();
      await db.updateTable('auditEnds').set({ seal: null }).execute();
    };
    await unsealed();
    await audit.prune(3, 100);
    await db.updateTable('auditEnds').set({ seal: null }).execute();
    await audit.prune(4, 100);
    assert.deepEqual(await audit.verify(null), { ok: true, rows: ROWS - 3, head: ROWS });
    assert.equal(await audit.checkpoint(null), null, 'there is no seal to keep');
    await audit.append({ by: 'software', action: 'test', about: 'x', atMs: 1, details: {} });
    assert.deepEqual(await audit.verify(null), { ok: true, rows: ROWS - 2, head: ROWS + 1 });
    const forged = await verdictOn((all) => [
      ...forge(all.slice(0, -1), 6, () => null),
      ...all.slice(-1),
    ]);
    assert.deepEqual(forged, { ok: false, at: ROWS + 1 });
    await db
      .updateTable('audit')
      .set({ seal: null })
      .where('seq', '=', ROWS + 1)
      .execute();
    assert.deepEqual(await audit.verify(null), { ok: false, at: ROWS + 1 });
  });
});
