import type { MemberId } from '@farandole/moderation/ids';
import type { AuditEntry, AuditRow, AuditTrail, AuditVerdict } from '@farandole/moderation/records';
import { type ChainEnd, chainRow, follows, GENESIS } from './audit-chain.ts';
import { readAuditRow } from './audit-row.ts';
import { VERIFIED_AT_ONCE } from './limits.ts';
import type { AuditTableRow, Database } from './schema.ts';

/** The audit in SQL. The transactions are one after the other, so that a chain has one end. */
export class KyselyAudit implements AuditTrail {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async append(entry: AuditEntry): Promise<void> {
    const row = chainRow(await this.#end('last'), entry);
    await this.#db.insertInto('audit').values(row).execute();
    await this.#setEnd('last', row);
  }

  async after(seq: number, limit: number): Promise<readonly AuditRow[]> {
    return (await this.#rows(seq, limit)).map(readAuditRow);
  }

  async of(about: string, limit: number): Promise<readonly AuditRow[]> {
    const rows = await this.#db
      .selectFrom('audit')
      .selectAll()
      .where('about', '=', about)
      .orderBy('seq', 'desc')
      .limit(limit)
      .execute();
    return rows.toReversed().map(readAuditRow);
  }

  async head(): Promise<number> {
    return (await this.#end('last')).seq;
  }

  async countAbout(by: MemberId, action: string, fromMs: number): Promise<number> {
    const row = await this.#doneBy(by, action, fromMs)
      .select(({ fn }) => fn.count<number | string>('about').distinct().as('count'))
      .executeTakeFirst();
    return Number(row?.count ?? 0);
  }

  async countOf(by: MemberId, action: string, fromMs: number): Promise<number> {
    const row = await this.#doneBy(by, action, fromMs)
      .select(({ fn }) => fn.countAll<number | string>().as('count'))
      .executeTakeFirst();
    return Number(row?.count ?? 0);
  }

  async lastOf(actions: readonly string[]): Promise<number> {
    let last = 0;
    // One after the other, each is the end of an index.
    for (const action of actions) {
      const row = await this.#db
        .selectFrom('audit')
        .select('seq')
        .where('action', '=', action)
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst();
      last = Math.max(last, row?.seq ?? 0);
    }
    return last;
  }

  async verify(): Promise<AuditVerdict> {
    const last = await this.#end('last');
    let before = await this.#end('first');
    let rows = 0;
    for (;;) {
      const page = await this.#rows(before.seq, VERIFIED_AT_ONCE);
      for (const row of page) {
        if (!follows(before, row)) return { ok: false, at: before.seq + 1 };
        before = row;
        rows += 1;
      }
      if (page.length < VERIFIED_AT_ONCE) break;
    }
    if (before.seq !== last.seq) return { ok: false, at: Math.min(before.seq, last.seq) + 1 };
    if (before.hash !== last.hash) return { ok: false, at: last.seq };
    return { ok: true, rows, head: last.seq };
  }

  async forget(about: string): Promise<void> {
    await this.#db
      .updateTable('audit')
      .set({ details: null, salt: null })
      .where('about', '=', about)
      .execute();
  }

  async prune(atMs: number, limit: number): Promise<number> {
    const first = await this.#end('first');
    const oldest = await this.#rows(first.seq, limit);
    const kept = oldest.findIndex((row) => row.atMs >= atMs);
    const gone = kept === -1 ? oldest : oldest.slice(0, kept);
    const lastGone = gone.at(-1);
    if (lastGone === undefined) return 0;
    await this.#db.deleteFrom('audit').where('seq', '<=', lastGone.seq).execute();
    await this.#setEnd('first', lastGone);
    return gone.length;
  }

  #doneBy(by: MemberId, action: string, fromMs: number) {
    return this.#db
      .selectFrom('audit')
      .where('action', '=', action)
      .where('by', '=', by)
      .where('atMs', '>=', fromMs);
  }

  async #rows(after: number, limit: number): Promise<readonly AuditTableRow[]> {
    return await this.#db
      .selectFrom('audit')
      .selectAll()
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(limit)
      .execute();
  }

  async #end(id: 'first' | 'last'): Promise<ChainEnd> {
    const row = await this.#db
      .selectFrom('auditEnds')
      .select(['seq', 'hash'])
      .where('id', '=', id)
      .executeTakeFirst();
    return row ?? GENESIS;
  }

  async #setEnd(id: 'first' | 'last', { seq, hash }: ChainEnd): Promise<void> {
    await this.#db
      .insertInto('auditEnds')
      .values({ id, seq, hash })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ seq, hash }))
      .execute();
  }
}
