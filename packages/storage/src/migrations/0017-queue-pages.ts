import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Adds columns for the place of each case (its sort key in the paged queue) and for the network of
 * each report (for turns between networks). Earlier versions had no folds, so no case has one.
 */
export const queuePages: Migration = { up };

/** Columns of the cases table at this schema version. */
interface Cases {
  readonly cases: {
    readonly id: string;
    readonly body: string;
    readonly state: string;
    readonly pinned: number | string;
    readonly place: string | null;
    readonly reports: number;
  };
}

interface CaseBody {
  readonly openedAtMs: number;
  readonly reports: number;
  readonly provenReporters?: number;
  readonly reasons: readonly { readonly reason: string }[];
}

const WAITING: readonly string[] = ['queued', 'assigned', 'escalated', 'reopened'];

/** Severity of the report reasons at this schema version. */
const SEVERITY: Readonly<Record<string, number>> = {
  'may-be-under-18': 5,
  'self-harm': 5,
  'urging-self-harm': 4,
  'threat-or-violence': 4,
  'sexual-content': 3,
  'recording-or-sharing': 3,
  hate: 3,
  'scam-or-spam': 2,
  other: 1,
};

async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('cases').addColumn('fold', 'text').execute();
  await db.schema.alterTable('cases').addColumn('place', 'text').execute();
  await db.schema.alterTable('cases').addColumn('reports', 'bigint').execute();
  const known = db as Kysely<Cases>;
  const rows = await known.selectFrom('cases').select(['id', 'body', 'state', 'pinned']).execute();
  for (const { id, body, state, pinned } of rows) {
    const of = JSON.parse(body) as CaseBody;
    const place = WAITING.includes(state) ? placeOf(id, of, Number(pinned)) : null;
    const { reports } = of;
    await known.updateTable('cases').set({ place, reports }).where('id', '=', id).execute();
  }
  await db.schema.dropIndex('cases_by_pinned_lane_state').execute();
  await db.schema.alterTable('cases').dropColumn('pinned').execute();
  for (const column of ['source', 'fold_source', 'fold_device']) {
    await db.schema.alterTable('reports').addColumn(column, 'text').execute();
    await db.schema
      .createIndex(`reports_by_${column}`)
      .on('reports')
      .columns([column, 'at_ms', 'id'])
      .execute();
  }
  await db.schema
    .createIndex('cases_by_lane_place')
    .on('cases')
    .columns(['lane', 'place', 'state'])
    .execute();
  await db.schema
    .createIndex('cases_by_fold')
    .on('cases')
    .columns(['fold', 'place', 'reports'])
    .execute();
}

function placeOf(id: string, of: CaseBody, pinned: number): string {
  const isUnproven = (of.provenReporters ?? 0) === 0;
  const severity = Math.max(1, ...of.reasons.map(({ reason }) => SEVERITY[reason] ?? 1));
  const head = `1${pinned === 1 ? 0 : 1}${isUnproven ? 1 : 0}${9 - severity}`;
  const turn = isUnproven ? '000001' : '000000';
  return `${head}${turn}${String(of.openedAtMs).padStart(15, '0')}-${id}`;
}
