import { brandId } from '@farandole/kernel/id';
import type { FoldId } from '@farandole/moderation/ids';
import type { FoldRecords, WaitingFold } from '@farandole/moderation/store/records';
import type { Database } from './schema.ts';

export class KyselyFolds implements FoldRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async waiting({
    fold: only,
    from,
    to,
    limit,
  }: Parameters<FoldRecords['waiting']>[0]): Promise<readonly WaitingFold[]> {
    const folded = this.#db.selectFrom('cases').where('fold', 'is not', null);
    const rows = await (only === undefined ? folded : folded.where('fold', '=', only))
      .select(({ fn }) => [
        'fold',
        fn.min<string>('place').as('first'),
        fn.sum<number | string>('reports').as('reports'),
      ])
      .groupBy('fold')
      .having(({ fn }) => fn.min('place'), '>=', from)
      .having(({ fn }) => fn.min('place'), '<=', to)
      .orderBy(({ fn }) => fn.min('place'))
      .limit(limit)
      .execute();
    return rows.map(({ fold, first, reports }) => ({
      id: brandId<FoldId>(String(fold)),
      first,
      // The conversion is needed because PostgreSQL returns 64-bit sums as text.
      reports: Number(reports),
    }));
  }
}
