import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { rewriteBodies } from './rewrite-bodies.ts';

/** Moves appeals against bans of shared networks and devices into the table of all appeals. */
export const appealStanding: Migration = { up };

/** Columns of both appeal tables at this schema version. */
interface Tables {
  readonly sanctions: { readonly id: string; readonly decision: string };
  readonly shared_appeals: {
    readonly id: string;
    readonly at_ms: number;
    readonly body: string;
    readonly sanction: string;
    readonly by: string;
    readonly state: string;
  };
  readonly appeals: {
    readonly id: string;
    readonly at_ms: number;
    readonly body: string;
    readonly decision: string;
    readonly state: string;
    readonly standing: string;
    readonly sanction: string;
    readonly author: string;
  };
}

interface SharedBody {
  readonly by: string;
  readonly answeredBy?: string;
  readonly answer?: string;
}

async function up(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .alterTable('appeals')
    .addColumn('standing', 'text', (column) => column.notNull().defaultTo('subject'))
    .execute();
  await schema.alterTable('appeals').addColumn('sanction', 'text').execute();
  await schema.alterTable('appeals').addColumn('author', 'text').execute();
  await rewriteBodies(database, 'appeals', (body) => ({ ...body, standing: 'subject' }));
  await schema.dropIndex('appeals_by_decision').execute();
  await moveShared(database);
  await schema.dropTable('shared_appeals').execute();
  for (const [name, ...columns] of [
    ['decision', 'decision'],
    ['author', 'author', 'at_ms'],
    ['standing', 'standing', 'at_ms'],
  ] as const) {
    const index = schema
      .createIndex(`appeals_by_${name}`)
      .on('appeals')
      .columns([...columns]);
    await index.execute();
  }
  // A decision has at most one appeal by its subject. A ban of a shared network or device has at
  // most one appeal by each other author.
  await sql`create unique index appeals_of_subject on appeals (decision) where standing = 'subject'`.execute(
    database,
  );
  const columns = ['sanction', 'author'];
  await schema.createIndex('appeals_once').on('appeals').columns(columns).unique().execute();
}

async function moveShared(database: Kysely<unknown>): Promise<void> {
  const db = database as Kysely<Tables>;
  const rows = await db.selectFrom('shared_appeals').selectAll().orderBy('id').execute();
  for (const { by: author, ...row } of rows) {
    const { id, sanction } = row;
    const found = await db
      .selectFrom('sanctions')
      .select('decision')
      .where('id', '=', sanction)
      .executeTakeFirst();
    // The sanction's row was deleted, but the sanction's id begins with the decision's id.
    const decision = found?.decision ?? sanction.replace(/-s\d+$/, '');
    const { by: _, answeredBy, answer, ...rest } = JSON.parse(row.body) as SharedBody;
    const answered = answer !== undefined && { by: answeredBy, outcome: answer, endsAtMs: null };
    const standing = 'affected';
    const body = JSON.stringify({ ...rest, id, standing, decision, sanction, author, ...answered });
    await db
      .insertInto('appeals')
      .values({ ...row, body, decision, standing, author })
      .execute();
  }
}
