import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Allows one open case per subject. Earlier versions created a second one when a decision was
 * undone while a new report was pending. Merges such cases into the one with a pending approval,
 * or else into the newest.
 */
export const oneOpenCase: Migration = { up };

/** Columns of a case row at this schema version. */
interface Row {
  readonly id: string;
  readonly body: string;
}
interface Tables {
  readonly cases: Row & {
    readonly subject: string;
    readonly state: string;
    readonly device: string | null;
    readonly lane: string;
    /** 1 if the case is pinned, otherwise 0. PostgreSQL returns it as text. */
    readonly pinned: number | string;
    readonly at_ms: number;
  };
  readonly reports: Row & { readonly case: string; readonly by: string };
  readonly pictures: Row & { readonly case: string };
  readonly picture_keys: Row & { readonly picture: string };
  readonly decisions: Row & { readonly case: string };
  readonly approvals: Row & { readonly state: string };
  readonly people: Row;
}
type Db = Kysely<Tables>;

interface Given {
  readonly reason: string;
  readonly times: number;
  readonly firstAtMs: number;
}

interface CaseBody {
  readonly id: string;
  readonly subject: string;
  readonly device: string | null;
  readonly openedAtMs: number;
  readonly reasons: readonly Given[];
  readonly reports: number;
  readonly lane: string;
  readonly imminent: boolean;
  readonly state: string;
  readonly approval?: string | null;
}

async function up(database: Kysely<unknown>): Promise<void> {
  const db = database as Db;
  const rows = await db
    .selectFrom('cases')
    .select(['body', 'pinned'])
    .where('state', '<>', 'closed')
    .orderBy('at_ms')
    .orderBy('id')
    .execute();
  const open = rows.map(({ body, pinned }) => ({ ...(JSON.parse(body) as CaseBody), pinned }));
  const bySubject = Map.groupBy(open, ({ subject }) => subject);
  for (const cases of bySubject.values()) {
    const into = cases.find(waitsForSecond) ?? cases.at(-1);
    if (into === undefined || cases.length === 1) continue;
    await join(db, into, cases);
  }
  await sql`create unique index cases_one_open on cases (subject) where state <> 'closed'`.execute(
    db,
  );
}

function waitsForSecond({ state, approval }: CaseBody): boolean {
  return state === 'escalated' && typeof approval === 'string';
}

async function join(
  db: Db,
  into: CaseBody,
  cases: readonly (CaseBody & { readonly pinned: number | string })[],
): Promise<void> {
  const others = cases.filter(({ id }) => id !== into.id);
  for (const { id, state, approval } of others) {
    await moveAll(db, 'reports', id, into.id);
    await moveAll(db, 'pictures', id, into.id);
    await moveAll(db, 'decisions', id, into.id);
    if (state === 'escalated' && typeof approval === 'string') await withdraw(db, approval);
    await moveHold(db, into.subject, id, into.id);
    await db.deleteFrom('cases').where('id', '=', id).execute();
  }
  const reporters = await db
    .selectFrom('reports')
    .select('by')
    .distinct()
    .where('case', '=', into.id)
    .execute();
  const isSafe = cases.some(({ lane }) => lane === 'child-safety');
  const { pinned: _, ...rest } = { pinned: 0, ...into };
  const joined = {
    ...(isSafe && into.lane === 'normal' ? handedOver(rest) : rest),
    ...(rest.state === 'open' && { state: 'queued' }),
    device: cases.find(({ device }) => device !== null)?.device ?? null,
    openedAtMs: Math.min(...cases.map(({ openedAtMs }) => openedAtMs)),
    reasons: reasonsOf(cases),
    reports: cases.reduce((sum, { reports }) => sum + reports, 0),
    reporters: reporters.length,
    imminent: cases.some(({ imminent }) => imminent),
  };
  if (isSafe) await seal(db, into.id);
  const { id, state, device, lane, openedAtMs } = joined;
  const pinned = Math.max(...cases.map((one) => Number(one.pinned)));
  const body = JSON.stringify(joined);
  const row = { body, state, device, lane, pinned, at_ms: openedAtMs };
  await db.updateTable('cases').set(row).where('id', '=', id).execute();
}

/**
 * Moves a case to child safety and unassigns it, because the assignee may lack the permission to
 * read child-safety cases.
 */
function handedOver(of: CaseBody): CaseBody {
  const lane = 'child-safety';
  if (of.state === 'assigned') {
    const { to: _, untilMs: __, ...facts } = of as CaseBody & { to: string; untilMs: number };
    return { ...facts, lane, state: 'queued' };
  }
  const isForSenior = 'to' in of && of.to === 'senior';
  return isForSenior ? ({ ...of, lane, to: lane } as CaseBody) : { ...of, lane };
}

function reasonsOf(cases: readonly CaseBody[]): readonly Given[] {
  const all = Map.groupBy(
    cases.flatMap(({ reasons }) => reasons),
    ({ reason }) => reason,
  );
  return [...all].map(([reason, given]) => ({
    reason,
    times: given.reduce((sum, { times }) => sum + times, 0),
    firstAtMs: Math.min(...given.map(({ firstAtMs }) => firstAtMs)),
  }));
}

async function moveAll(
  db: Db,
  table: 'reports' | 'pictures' | 'decisions',
  from: string,
  into: string,
): Promise<void> {
  const rows = await db.selectFrom(table).select(['id', 'body']).where('case', '=', from).execute();
  for (const { id, body } of rows) {
    const moved = JSON.stringify({ ...(JSON.parse(body) as object), case: into });
    await db.updateTable(table).set({ body: moved, case: into }).where('id', '=', id).execute();
  }
}

async function withdraw(db: Db, id: string): Promise<void> {
  const rows = await db.selectFrom('approvals').select('body').where('id', '=', id).execute();
  for (const { body } of rows) {
    const of = JSON.parse(body) as { readonly atMs: number };
    const state = 'withdrawn';
    const withdrawn = JSON.stringify({ ...of, state, answeredAtMs: of.atMs });
    await db
      .updateTable('approvals')
      .set({ body: withdrawn, state })
      .where('id', '=', id)
      .execute();
  }
}

async function moveHold(db: Db, subject: string, from: string, into: string): Promise<void> {
  const rows = await db.selectFrom('people').select('body').where('id', '=', subject).execute();
  for (const { body } of rows) {
    const person = JSON.parse(body) as { readonly hold: { readonly case: string } | null };
    if (person.hold?.case !== from) continue;
    const moved = JSON.stringify({ ...person, hold: { ...person.hold, case: into } });
    await db.updateTable('people').set({ body: moved }).where('id', '=', subject).execute();
  }
}

/** Deletes the keys of the case's pictures, except those for child safety. */
async function seal(db: Db, of: string): Promise<void> {
  const pictures = await db.selectFrom('pictures').select('id').where('case', '=', of).execute();
  for (const { id } of pictures) {
    const keys = await db
      .selectFrom('picture_keys')
      .select(['id', 'body'])
      .where('picture', '=', id)
      .execute();
    for (const key of keys) {
      const { role } = JSON.parse(key.body) as { readonly role: string };
      if (role === 'child-safety') continue;
      await db.deleteFrom('picture_keys').where('id', '=', key.id).execute();
    }
  }
}
