import type { ServerKeyRecords, StoredRotatingKey } from '@farandole/moderation/store/records';
import type { AuditSeal } from './audit-seal.ts';
import { runBuilt } from './built-queries.ts';
import type { AuditEndRow, Database, ServerKeyRow } from './schema.ts';

const FINGERPRINT = { id: 'fingerprint', kind: 'fingerprint' } as const;
const TEXT_KEY = { id: 'text-key', kind: 'text-key' } as const;
const ROTATING = 'rotating';

/** What the store holds about the server's keys, in SQL. */
export class KyselyKeys implements ServerKeyRecords {
  readonly #db: Database;
  readonly #audit: AuditSeal;

  constructor(db: Database, audit: AuditSeal) {
    this.#db = db;
    this.#audit = audit;
  }

  async fingerprint(): Promise<string | null> {
    return await this.#value(FINGERPRINT.id);
  }

  async setFingerprint(value: string): Promise<void> {
    await this.#set({ ...FINGERPRINT, seq: 0, fromMs: 0, value });
  }

  /**
   * Checks both ends of the audit, its newest row and its oldest sealed row. One valid seal is
   * enough: an attacker who changed the database can't make the server believe that it has other
   * keys.
   */
  async sealedAudit(): Promise<boolean> {
    const ends: readonly AuditEndRow[] = await this.#db
      .selectFrom('auditEnds')
      .selectAll()
      .execute();
    const checks = ends
      .filter(({ seal }) => seal !== null)
      .map((end) => this.#audit.holds(end.id, end));
    for (const order of ['asc', 'desc'] as const) {
      const row = await this.#db
        .selectFrom('audit')
        .select(['seq', 'hash', 'seal'])
        .where('seal', 'is not', null)
        .orderBy('seq', order)
        .limit(1)
        .executeTakeFirst();
      if (row !== undefined) checks.push(this.#audit.holds('row', row));
    }
    return checks.length === 0 || checks.some((isOurs) => isOurs);
  }

  async textKey(): Promise<string | null> {
    return await this.#value(TEXT_KEY.id);
  }

  async setTextKey(name: string): Promise<void> {
    await this.#set({ ...TEXT_KEY, seq: 0, fromMs: 0, value: name });
  }

  async rotating(): Promise<readonly StoredRotatingKey[]> {
    const rows = await this.#db
      .selectFrom('serverKeys')
      .select(['id', 'fromMs', 'value'])
      .where('kind', '=', ROTATING)
      .orderBy('seq')
      .execute();
    return rows.map(({ id, fromMs, value }) => ({ id, fromMs, sealed: value }));
  }

  async addRotating(keys: readonly StoredRotatingKey[]): Promise<void> {
    const newest = await this.#db
      .selectFrom('serverKeys')
      .select('seq')
      .where('kind', '=', ROTATING)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    // Keys that are added again get new numbers too, in the same order.
    let seq = newest?.seq ?? 0;
    for (const { id, fromMs, sealed } of keys) {
      seq += 1;
      await this.#set({ id, kind: ROTATING, seq, fromMs, value: sealed });
    }
  }

  async removeRotating(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#db
      .deleteFrom('serverKeys')
      .where('kind', '=', ROTATING)
      .where('id', 'in', [...ids])
      .execute();
  }

  async #value(id: string): Promise<string | null> {
    const { rows } = await runBuilt(this.#db, 'get serverKeys', [id], () =>
      this.#db.selectFrom('serverKeys').select('value').where('id', '=', id),
    );
    return rows[0]?.value ?? null;
  }

  async #set({ id, ...rest }: ServerKeyRow): Promise<void> {
    await this.#db
      .insertInto('serverKeys')
      .values({ id, ...rest })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(rest))
      .execute();
  }
}
