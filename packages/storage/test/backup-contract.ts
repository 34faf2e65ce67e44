import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { brandId } from '@farandole/kernel/id';
import type { AppealId } from '@farandole/moderation/ids';
import { dumpStore } from '../src/backup/dump.ts';
import { loadStore } from '../src/backup/load.ts';
import { openAsIs, type StoreLocation } from '../src/backup/store-location.ts';
import { migrateStore, versionsOf } from '../src/backup/versions.ts';
import { kyselyRecords } from '../src/kysely-records.ts';
import { MIGRATIONS } from '../src/migrations/migrations.ts';
import { COLLECTIONS } from '../src/migrations/typed-columns.ts';
import { PostgresStore } from '../src/postgres/postgres-store.ts';
import { SqliteHere } from '../src/sqlite/sqlite-here.ts';
import { SqliteStore } from '../src/sqlite/sqlite-store.ts';
import { storeSeals } from '../src/store-seals.ts';
import { closedAfter } from './support/closing.ts';
import { Desk, given, START_MS, sealedPicture, subject } from './support/desk.ts';
import { KEY } from './support/keys.ts';

/**
 * Folder with a dump of each earlier schema, written by the last version of the code that used
 * the schema. Each dump contains users, a decision and an appeal.
 */
const FIXTURES = join(import.meta.dirname, 'fixtures');

/** Dump of the last schema that stored a record as JSON. It has rows of each collection. */
const LAST_WITH_BODIES = '0017-queue-pages.jsonl';

/** Opens SQLite in this thread, because a thread of its own takes longer to start than a test. */
async function openAt(
  t: TestContext,
  place: StoreLocation,
  sqlite: typeof SqliteHere | typeof SqliteStore = SqliteHere,
) {
  const isFile = place.kind === 'sqlite';
  const store = isFile ? sqlite.open(place.path, KEY) : PostgresStore.open(place.url, KEY);
  return closedAfter(t, await store);
}

async function linesOf(place: StoreLocation): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of dumpStore(place)) lines.push(line);
  return lines;
}

async function* told(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

interface Filled {
  readonly place: StoreLocation;
  readonly lines: readonly string[];
}

/** @param migrates indices of the earlier schema versions to migrate, by default all */
export function backupContract(
  createLocation: () => Promise<StoreLocation>,
  otherKind: () => Promise<StoreLocation>,
  migrates: (index: number) => boolean = () => true,
): void {
  let filling: Promise<Filled> | null = null;
  /** Fills a store once for all tests of one kind of database. */
  const filled = (t: TestContext): Promise<Filled> => {
    filling ??= fill(t);
    return filling;
  };

  async function fill(t: TestContext): Promise<Filled> {
    const place = await createLocation();
    const desk = new Desk(await openAt(t, place));
    const ana = await desk.hire('ana', 'moderator');
    const { case: of } = await desk.report(1, { note: 'canary-note', said: ['canary-line'] });
    for (let n = 2; n < 30; n++) await desk.report(n, { by: `by-${n}é`, of: `of-${n % 7}` });
    given(await desk.addPictures(1, 2));
    const { decision } = await desk.decideNow(of, ana, 'suspend-7d', 'canary-reason');
    given(await desk.appeal(decision.id, 'canary-appeal'));
    await desk.store.close();
    return { place, lines: await linesOf(place) };
  }

  it('[ST-30] restores a dump without changes into SQLite and PostgreSQL', async (t) => {
    const { place, lines } = await filled(t);
    assert.ok(lines.length > 60);
    assert.ok(!lines.join('').includes('canary'), 'what is sealed stays sealed');
    const bytes = lines.filter((line) => line.startsWith('["picture_bytes"'));
    assert.equal(bytes.length, 2);
    assert.ok(bytes[0]?.includes(Buffer.from(sealedPicture(1)).toString('base64')));
    const before = new Desk(await openAt(t, place));
    const known = await before.export(subject('mallory'));
    const end = await before.store.run('audit.checkpoint', null);
    assert.ok(end !== null);
    await before.store.close();
    for (const fresh of [await createLocation(), await otherKind()]) {
      await loadStore(fresh, told(lines));
      assert.deepEqual(await linesOf(fresh), lines);
      if (fresh.kind === 'sqlite') assert.equal((await stat(fresh.path)).mode & 0o077, 0);
      const desk = new Desk(await openAt(t, fresh));
      assert.deepEqual(await desk.export(subject('mallory')), known);
      assert.deepEqual(await desk.store.run('audit.checkpoint', null), end);
      assert.equal((await desk.report(1)).intake, 'merged');
      assert.equal((await desk.report(99)).intake, 'opened');
      assert.equal((await desk.store.run('audit.verify', end)).ok, true);
      await desk.store.close();
    }
  });

  it('[ST-31] loads only complete dumps of known versions into an empty database', async (t) => {
    const { place } = await filled(t);
    const lines = await linesOf(place);
    await assert.rejects(loadStore(place, told(lines)), { code: 'not-empty' });
    assert.deepEqual(await linesOf(place), lines);
    const fresh = await createLocation();
    const [header = '', ...rows] = lines;
    for (const [damaged, code] of [
      [[], 'failed'],
      [['nonsense', ...rows], 'failed'],
      [[header, ...rows, 'nonsense'], 'failed'],
      [[header, ...rows, '["cases"]'], 'failed'],
      [[header, ...rows, '["not_there",{"id":"x"}]'], 'failed'],
      [[header, ...rows, '["words",{"id":{"bytes":"x"}}]'], 'failed'],
      [[header, ...rows, '["words",{"id":["x"]}]'], 'failed'],
      [[header.replace(']', ',"9999-later"]'), ...rows], 'schema-newer'],
    ] as const) {
      await assert.rejects(loadStore(fresh, told(damaged)), { name: 'StoreError', code });
    }
    await loadStore(fresh, told(lines));
    assert.deepEqual(await linesOf(fresh), lines);
  });

  it('[ST-7, MO-2] migrates the data of earlier versions and merges open cases', async (t) => {
    const earlier = (await readdir(FIXTURES)).toSorted();
    const known = Object.keys(MIGRATIONS).slice(0, -1);
    assert.deepEqual(
      earlier,
      known.map((name) => `${name}.jsonl`),
    );
    for (const [index, name] of earlier.entries()) {
      if (!migrates(index)) continue;
      const lines = (await readFile(join(FIXTURES, name), 'utf8')).trimEnd().split('\n');
      assert.ok(
        lines[0]?.endsWith(`"${name.replace('.jsonl', '')}"]}`),
        `${name} is of its version`,
      );
      const fresh = await createLocation();
      await loadStore(fresh, told(lines));
      const { done, pending } = await versionsOf(fresh);
      assert.deepEqual([done.length > index + 1, pending], [true, []]);
      const desk = new Desk(await openAt(t, fresh));
      const { decisions, appeals, sanctions } = await desk.export(subject('mallory'));
      assert.deepEqual(
        [decisions.length, sanctions.length, appeals.map(({ text }) => text)],
        [1, 1, ['an appeal']],
      );
      assert.deepEqual(decisions[0]?.ended, { holdUntilMs: null, sanctions: [] });
      const { reports } = await desk.export(subject('ada'));
      assert.deepEqual(reports[0]?.words?.note, 'a note');
      assert.equal((await desk.store.run('audit.verify', null)).ok, true);
      assert.equal((await desk.report(2, { by: 'bob', of: 'oscar' })).intake, 'merged');
      assert.equal((await desk.report(3, { by: 'cleo', of: 'oscar' })).intake, 'joined');
      const ana = brandId<MemberId>('member-ana');
      const queue = await desk.queue(ana);
      const waiting = queue
        .map(({ of, priority }) => [of.subject, priority.pinned])
        .filter(([who]) => who === 'subject-peggy' || who === 'subject-oscar');
      const oscar = ['subject-oscar', false];
      assert.deepEqual(waiting, name < '0005' ? [oscar] : [['subject-peggy', true], oscar]);
      // Audit rows from before seals existed stay unsealed. New rows are sealed.
      const end = await desk.store.run('audit.checkpoint', null);
      assert.ok(end !== null);
      assert.equal((await desk.store.run('audit.verify', end)).ok, true);
      if (name >= '0006') await isOneCase(desk);
      if (name >= '0012') await areAppeals(desk);
      if (name >= '0009') await areWhole(desk);
      await desk.store.close();
    }
  });

  it('[ST-7, ST-17] moves each field of a JSON body to its columns', async (t) => {
    const lines = (await readFile(join(FIXTURES, LAST_WITH_BODIES), 'utf8')).trimEnd().split('\n');
    const place = await createLocation();
    await loadStore(place, told(lines));
    const database = await openAsIs(place);
    t.after(() => database.destroy());
    const records = kyselyRecords(database, storeSeals(KEY));
    const collections = records as unknown as Readonly<
      Record<string, { get(id: string): Promise<unknown> } | undefined>
    >;
    const compared = new Set<string>();
    for (const line of lines.slice(1)) {
      const [table, { id, body }] = JSON.parse(line) as [string, { id: string; body?: string }];
      if (body === undefined) continue;
      const name = table.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
      assert.deepEqual(await collections[name]?.get(id), JSON.parse(body), `${table} ${id}`);
      compared.add(name);
    }
    assert.equal(compared.size, Object.keys(COLLECTIONS).length);
  });

  it('[ST-7] lists pending migrations without running them', async (t) => {
    const place = await createLocation();
    const before = await versionsOf(place);
    assert.deepEqual([before.done, before.later], [[], []]);
    assert.ok(before.pending.length > 0);
    assert.deepEqual(await versionsOf(place), before);
    // The two stores are opened at the same time, each SQLite store in its own thread.
    const open = () => openAt(t, place, SqliteStore);
    const stores = await Promise.all([open(), open()]);
    await Promise.all(stores.map((store) => store.close()));
    await migrateStore(place);
    assert.deepEqual(await versionsOf(place), { done: before.pending, pending: [], later: [] });
  });
}

/**
 * A child-safety case of an earlier version has all reports about its subject, so later reports
 * join it.
 */
async function areWhole(desk: Desk): Promise<void> {
  const { case: of, intake } = await desk.report(60, { of: 'petra', by: 'zed' });
  const zoe = await desk.hire('zoe', 'child-safety');
  const shown = await desk.do('case.show', { case: of, by: zoe });
  assert.deepEqual([intake, shown.of.lane, shown.others], ['joined', 'child-safety', []]);
  // The subject of an ordinary case may now have a second open case with child safety.
  const minor = { of: 'oscar', by: 'zed', reason: 'may-be-under-18' } as const;
  const { case: sealed } = await desk.report(61, minor);
  const { others } = await desk.do('case.show', { case: sealed, by: zoe });
  assert.deepEqual(
    others.map(({ lane }) => lane),
    ['normal'],
  );
}

/**
 * Checks the cases of the dumps. Petra has one or two open cases, depending on the version.
 * Quentin's case was handed over. Mallory's network is banned.
 */
async function isOneCase(desk: Desk): Promise<void> {
  const sue = await desk.hire('sue', 'child-safety');
  desk.nowMs += 10_000;
  const queue = await desk.queue(sue);
  const petra = queue.filter(({ of }) => of.subject === 'subject-petra');
  assert.deepEqual(
    petra.map(({ of, priority }) => [of.state, of.lane, of.reports, of.reporters, priority.pinned]),
    [['queued', 'child-safety', 3, 2, true]],
  );
  const quentin = queue.find(({ of }) => of.subject === 'subject-quentin');
  assert.deepEqual(quentin?.of.handedOn, { by: 'member-ana', to: 'senior' });
  const [one] = petra;
  assert.ok(one !== undefined);
  const { reports, decisions } = await desk.do('case.show', { case: one.of.id, by: sue });
  assert.equal(reports.length, 3);
  assert.deepEqual(
    decisions.map(({ decision }) => [decision.case, decision.measure]),
    [[one.of.id, 'warn']],
  );
  const next = await desk.report(99, { by: 'erin', of: 'petra' });
  assert.deepEqual([next.intake, next.case], ['joined', one.of.id]);
  const { sanctions } = await desk.standing();
  assert.ok(sanctions.some(({ on }) => on.scope === 'prefix'));
}

/**
 * Checks the appeals of the dumps. Three other users of Mallory's network have appealed: Nina's
 * appeal is answered, Olga's is pending, and Rosa has requested erasure.
 */
async function areAppeals(desk: Desk): Promise<void> {
  desk.nowMs = START_MS + 7_000;
  const { nowMs } = desk;
  const tia = await desk.hire('tia', 'senior');
  const textsOf = async (who: string) => (await desk.export(subject(who))).sharedAppeals;
  assert.deepEqual((await textsOf('nina'))[0]?.text, 'an answered shared appeal');
  const ownOf = async (who: string) =>
    await desk.store.run('sanctions.shared', { subject: subject(who), sanctions: [], nowMs });
  const [nina] = await ownOf('nina');
  assert.deepEqual(nina?.appeal, {
    ...{ state: 'answered', answer: 'still-needed' },
    ...{ atMs: START_MS + 6_010, answeredAtMs: START_MS + 6_030 },
  });
  const waiting = given(await desk.store.run('appeal.list', { by: tia, nowMs }));
  const shared = waiting.flatMap((one) =>
    one.decision !== null && one.shared !== null ? [one] : [],
  );
  assert.deepEqual(
    shared.map((one) => [one.text, one.shared?.scope, one.decision.id, one.mayAnswer]),
    [
      ['a waiting shared appeal', 'prefix', 'decision-0001', true],
      ['a shared appeal whose erasure waits', 'prefix', 'decision-0001', true],
    ],
  );
  for (const { appeal } of shared) {
    const input = { appeal: appeal.id, by: tia, outcome: 'nothing-new', endsAtMs: null } as const;
    given(await desk.store.run('appeal.answer', { ...input, nowMs }));
  }
  assert.equal((await textsOf('olga'))[0]?.text, 'a waiting shared appeal');
  assert.equal((await textsOf('rosa'))[0]?.text, null);
  const again = { subject: subject('olga'), sanction: nina.sanction, text: 'again', nowMs };
  const freshAppeal = brandId<AppealId>('appeal-again');
  assert.deepEqual(await desk.store.run('appeal.file', { ...again, freshAppeal }), {
    ok: false,
    reason: 'already-appealed',
  });
}
