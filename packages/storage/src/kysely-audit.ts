import type { MemberId } from '@farandole/accounts/ids';
import type { AuditEntry } from '@farandole/accounts/records';
import {
  type AuditCheckpoint,
  type AuditRow,
  type AuditTrail,
  type AuditVerdict,
  ERASE_ACTION,
} from '@farandole/moderation/store/records';
import { chainRow, firstAfter, GENESIS } from './audit-chain.ts';
import { AuditCheck, goesOnFrom } from './audit-check.ts';
import { readAuditRow } from './audit-row.ts';
import type { AuditSeal, SealedEnd } from './audit-seal.ts';
import { runBuilt } from './built-queries.ts';
import { VERIFIED_AT_ONCE } from './limits.ts';
import type { AuditTableRow, Database } from './schema.ts';

/** The audit log in SQL. The store serializes its transactions, so the chain has a single end. */
export class KyselyAudit implements AuditTrail {
  readonly #db: Database;

  readonly #seal: AuditSeal;

  constructor(db: Database, seal: AuditSeal) {
    this.#db = db;
    this.#seal = seal;
  }

  async append(entry: AuditEntry): Promise<void> {
    const before = await this.#end('last');
    const isSound =
      before.seal === null ? await this.#beginsSeals(before) : this.#seal.holds('last', before);
    const { row, last } = chainRow(this.#seal, before, isSound, entry);
    // The chain builds each row with the same fields in the same order.
    await runBuilt(this.#db, 'insert audit', Object.values(row), () =>
      this.#db.insertInto('audit').values(row),
    );
    await this.#setEnd('last', last);
  }

  /** Returns whether the store has no seal yet, so that this version begins to seal rows. */
  async #beginsSeals({ seq }: SealedEnd): Promise<boolean> {
    const sealed = await this.#db
      .selectFrom('audit')
      .select('seq')
      .where('seal', 'is not', null)
      .limit(1)
      .executeTakeFirst();
    const first = await this.#end('first');
    const isForged = first.seal !== null && !this.#seal.holds('first', first);
    if (sealed !== undefined || isForged || seq < first.seq) return false;
    if (first.seq > 0)
      await this.#setEnd('first', { ...first, seal: this.#seal.of('first', first) });
    return true;
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

  async countOf(by: AuditEntry['by'], action: string, fromMs: number): Promise<number> {
    const row = await this.#doneBy(by, action, fromMs)
      .select(({ fn }) => fn.countAll<number | string>().as('count'))
      .executeTakeFirst();
    return Number(row?.count ?? 0);
  }

  async lastOf(actions: readonly string[]): Promise<number> {
    let last = 0;
    // Runs one query per action, because each such query reads only the end of an index.
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

  async ofActions(
    actions: readonly string[],
    seq: number,
    limit: number,
  ): Promise<readonly AuditRow[]> {
    const rows = await this.#db
      .selectFrom('audit')
      .selectAll()
      .where('action', 'in', [...actions])
      .where('seq', '>', seq)
      .orderBy('seq')
      .limit(limit)
      .execute();
    return rows.map(readAuditRow);
  }

  async verify(known: AuditCheckpoint | null): Promise<AuditVerdict> {
    const first = await this.#end('first');
    const last = await this.#end('last');
    const check = new AuditCheck({ seal: this.#seal, first, last, known });
    let { seq } = first;
    for (;;) {
      const page = await this.#rows(seq, VERIFIED_AT_ONCE);
      const isDone = page.length < VERIFIED_AT_ONCE;
      if (!page.every((row) => check.take(row)) || isDone) return check.verdict();
      seq = page.at(-1)?.seq ?? seq;
    }
  }

  async checkpoint(known: AuditCheckpoint | null): Promise<AuditCheckpoint | null> {
    const last = await this.#end('last');
    const { seq, hash, seal } = last;
    if (seal === null || !this.#seal.holds('last', last)) return null;
    if (known === null) return { seq, hash, seal };
    const first = await this.#end('first');
    if (!goesOnFrom(first, known)) return null;
    if (known.seq > first.seq) {
      const row = await this.#db
        .selectFrom('audit')
        .select('hash')
        .where('seq', '=', known.seq)
        .executeTakeFirst();
      if (row?.hash !== known.hash) return null;
    }
    return { seq, hash, seal };
  }

  async forget(about: string): Promise<void> {
    await this.#db
      .updateTable('audit')
      .set({ details: null, salt: null })
      .where('about', '=', about)
      .where('action', '=', ERASE_ACTION)
      .execute();
  }

  async prune(atMs: number, limit: number): Promise<number> {
    const first = await this.#end('first');
    const oldest = await this.#rows(first.seq, limit);
    const kept = oldest.findIndex((row) => row.atMs >= atMs);
    const gone = kept === -1 ? oldest : oldest.slice(0, kept);
    if (gone.length === 0) return 0;
    const after = firstAfter(this.#seal, first, gone);
    await this.#db.deleteFrom('audit').where('seq', '<=', after.seq).execute();
    await this.#setEnd('first', after);
    return gone.length;
  }

  #doneBy(by: AuditEntry['by'], action: string, fromMs: number) {
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

  async #end(id: 'first' | 'last'): Promise<SealedEnd> {
    const { rows } = await runBuilt(this.#db, 'get auditEnds', [id], () =>
      this.#db.selectFrom('auditEnds').select(['seq', 'hash', 'seal']).where('id', '=', id),
    );
    return rows[0] ?? GENESIS;
  }

  async #setEnd(id: 'first' | 'last', { seq, hash, seal }: SealedEnd): Promise<void> {
    await runBuilt(this.#db, 'put auditEnds', [id, seq, hash, seal, seq, hash, seal], () =>
      this.#db
        .insertInto('auditEnds')
        .values({ id, seq, hash, seal })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ seq, hash, seal })),
    );
  }
}
