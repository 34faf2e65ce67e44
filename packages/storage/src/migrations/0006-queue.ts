import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Adds an index for the case queues, which list pinned cases first. */
export const queueOrder: Migration = { up };

/** Columns of the cases table at this schema version. */
interface Cases {
  readonly cases: {
    readonly id: string;
    readonly body: string;
    readonly lane: string;
    readonly pinned: number;
  };
}

interface CaseBody {
  readonly lane: string;
  readonly imminent: boolean;
  readonly reasons: readonly { readonly reason: string }[];
}

/** Report reasons that pin a case to the top of its queue at this schema version. */
const PINNED: readonly string[] = ['may-be-under-18', 'self-harm'];

async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('cases').addColumn('lane', 'text').execute();
  await db.schema.alterTable('cases').addColumn('pinned', 'bigint').execute();
  const known = db as Kysely<Cases>;
  for (const { id, body } of await known.selectFrom('cases').select(['id', 'body']).execute()) {
    const { lane, imminent, reasons } = JSON.parse(body) as CaseBody;
    const pinned = imminent || reasons.some(({ reason }) => PINNED.includes(reason)) ? 1 : 0;
    await known.updateTable('cases').set({ lane, pinned }).where('id', '=', id).execute();
  }
  await db.schema
    .createIndex('cases_by_pinned_lane_state')
    .on('cases')
    .columns(['pinned', 'lane', 'state', 'at_ms'])
    .execute();
}
