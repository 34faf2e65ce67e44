import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it, type TestContext } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { brandId } from '@farandole/kernel/id';
import { TEXTS_REWRAPPED_AT_ONCE } from '@farandole/moderation/limits';
import { sql } from 'kysely';
import { belongsTo } from '../src/backup/owner.ts';
import { openAsIs, type StoreLocation } from '../src/backup/store-location.ts';
import { PostgresStore } from '../src/postgres/postgres-store.ts';
import { SqliteHere } from '../src/sqlite/sqlite-here.ts';
import type { TextKey } from '../src/text-encryption.ts';
import { closedAfter } from './support/closing.ts';
import { START_MS as nowMs, reportFrom, subject } from './support/desk.ts';
import { ANOTHER_KEY, KEY } from './support/keys.ts';
import { startPostgres } from './support/postgres.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const postgres = await startPostgres();
const folder = await temporaryFolder();
let files = 0;

after(async () => {
  await postgres.stop();
  await folder.remove();
});

const TEXT_KEYS: readonly TextKey[] = ['one', 'two', 'three'].map((id, n) => ({
  id,
  key: new Uint8Array(32).fill(n + 1),
}));
const [ONE, TWO, THREE] = TEXT_KEYS as readonly [TextKey, TextKey, TextKey];

describe('SQLite keeps what it must know about the server’s keys', () => {
  keysContract(async () => {
    files += 1;
    return { kind: 'sqlite', path: join(folder.path, `${files}.sqlite`) };
  });

  it('[ST-51] creates no file to compare its keys', async () => {
    const path = join(folder.path, 'not-there.sqlite');
    assert.equal(await belongsTo({ kind: 'sqlite', path }, { key: KEY, fingerprint: 'a' }), true);
    assert.equal(existsSync(path), false);
  });
});

describe('PostgreSQL keeps what it must know about the server’s keys', () => {
  keysContract(async () => ({ kind: 'postgres', url: await postgres.createMigrated() }));
});

async function openAt(
  t: TestContext,
  place: StoreLocation,
  key: Uint8Array = KEY,
  textKeys: readonly TextKey[] = [ONE],
) {
  const store =
    place.kind === 'sqlite'
      ? SqliteHere.open(place.path, key, textKeys)
      : PostgresStore.open(place.url, key, textKeys);
  return closedAfter(t, await store);
}

async function execute(place: StoreLocation, statement: string): Promise<void> {
  const db = await openAsIs(place);
  await sql.raw(statement).execute(db);
  await db.destroy();
}

const member = (n: number) => ({
  ...{ id: brandId<MemberId>(`member-${n}`), name: `Name ${n}`, by: null, nowMs },
  roles: ['moderator'] as const,
});

const OURS = { fingerprint: 'ours', textKeys: ['one'] };
const OTHERS = { fingerprint: 'others', textKeys: ['one'] };
const FITS = { ok: true, value: null };
const OTHER_KEYS = { ok: false, reason: 'other-keys' };

function keysContract(createLocation: () => Promise<StoreLocation>): void {
  const owns = async (place: StoreLocation): Promise<readonly boolean[]> => [
    await belongsTo(place, { key: KEY, fingerprint: 'ours' }),
    await belongsTo(place, { key: ANOTHER_KEY, fingerprint: 'others' }),
  ];

  it('[ST-51] belongs to the first keys that opened it, and refuses others', async (t) => {
    const place = await createLocation();
    const ours = await openAt(t, place);
    assert.deepEqual(await owns(place), [true, true], 'nobody has claimed it yet');
    assert.deepEqual(await ours.run('keys.fit', OURS), FITS);
    assert.deepEqual(await ours.run('keys.fit', OURS), FITS);
    assert.deepEqual(await owns(place), [true, false]);
    await ours.close();
    const others = await openAt(t, place, ANOTHER_KEY);
    assert.deepEqual(await others.run('keys.fit', OTHERS), OTHER_KEYS);
    await others.close();
  });

  it('[ST-53] lets only the keys that sealed its audit claim an old store', async (t) => {
    const place = await createLocation();
    let ours = await openAt(t, place);
    for (const n of [1, 2, 3]) assert.ok((await ours.run('member.add', member(n))).ok);
    await ours.close();
    assert.deepEqual(await owns(place), [true, false]);
    const others = await openAt(t, place, ANOTHER_KEY);
    assert.deepEqual(await others.run('keys.fit', OTHERS), OTHER_KEYS);
    await others.close();
    // Whoever changes single seals can't make the server take the store for another's.
    await execute(place, `update audit_ends set seal = 'changed'`);
    await execute(place, `update audit set seal = 'changed' where seq = 3`);
    assert.deepEqual(await owns(place), [true, false]);
    ours = await openAt(t, place);
    assert.deepEqual(await ours.run('keys.fit', OURS), FITS);
    assert.deepEqual((await ours.run('keys.read', null)).textKey, 'one');
    await ours.close();
    assert.deepEqual(await owns(place), [true, false]);
  });

  it('[ST-51] reads the owner of a store of any version without changing it', async (t) => {
    const place = await createLocation();
    await (await openAt(t, place)).close();
    await execute(place, 'drop table server_keys');
    await execute(place, `delete from kysely_migration where name = '0018-typed-columns'`);
    assert.deepEqual(await owns(place), [true, true]);
    await assert.rejects(execute(place, 'select * from server_keys'));
  });

  it('[ST-16] encrypts with the text key that the store names', async (t) => {
    const place = await createLocation();
    const store = await openAt(t, place);
    const old = await openAt(t, place);
    await store.run('keys.fit', OURS);
    await old.run('report.take', reportFrom(1, { note: 'words 1' }));
    await store.run('words.use-keys', { keys: [ONE, TWO, THREE] });
    await old.run('report.take', reportFrom(2, { note: 'words 2' }));
    const rewrap = { after: null, wraps: 0, nowMs } as const;
    const done = await store.run('words.rewrap', { to: 'two', ...rewrap });
    assert.deepEqual(done, { rewrapped: 2, unopened: 0, next: null });
    await assert.rejects(store.run('words.rewrap', { to: 'four', ...rewrap }), {
      code: 'text-key-missing',
    });
    // A process that doesn't know the key in use neither reads nor writes texts until it does.
    const later = reportFrom(3, { note: 'words 3' });
    await assert.rejects(old.run('report.take', later), { code: 'text-key-missing' });
    await assert.rejects(old.run('subject.export', { subject: subject('ada') }), {
      code: 'text-key-missing',
    });
    assert.deepEqual(await old.run('keys.fit', OURS), { ok: false, reason: 'text-key-missing' });
    await old.run('words.use-keys', { keys: [ONE, TWO] });
    assert.deepEqual(await old.run('keys.fit', { fingerprint: 'ours', textKeys: ['two'] }), FITS);
    await old.run('report.take', later);
    await old.close();
    await store.close();
    const newest = await openAt(t, place, KEY, [TWO]);
    const exported = JSON.stringify(
      await newest.run('subject.export', { subject: subject('ada') }),
    );
    assert.match(exported, /words 1.*words 2.*words 3/);
    assert.equal((await newest.run('audit.verify', null)).ok, true);
    await newest.close();
  });

  it('[ST-16] rewraps many texts in several transactions', async (t) => {
    const store = await openAt(t, await createLocation(), KEY, TEXT_KEYS);
    await store.run('keys.fit', OURS);
    const many = TEXTS_REWRAPPED_AT_ONCE + 1;
    const reports = Array.from({ length: many }, (_, n) =>
      store.run('report.take', reportFrom(n, { by: `by-${n}`, of: `of-${n}`, note: 'words' })),
    );
    await Promise.all(reports);
    const first = await store.run('words.rewrap', { to: 'two', after: null, wraps: 0, nowMs });
    assert.equal(first.rewrapped, TEXTS_REWRAPPED_AT_ONCE);
    assert.ok(first.next !== null);
    const rest = { to: 'two', after: first.next, wraps: first.rewrapped, nowMs } as const;
    const last = await store.run('words.rewrap', rest);
    assert.deepEqual(last, { rewrapped: 1, unopened: 0, next: null });
    const head = await store.run('audit.verify', null);
    assert.ok(head.ok);
    const rows = await store.run('audit.read', { by: null, after: head.head - 1 });
    assert.ok(rows.ok);
    assert.deepEqual(
      rows.value.map(({ action, details }) => [action, details]),
      [['keys.rotate', { wraps: many }]],
    );
    await store.close();
  });

  it('[ST-52] adds rotating keys only after the newest that the caller knows', async (t) => {
    const place = await createLocation();
    const stores = [await openAt(t, place), await openAt(t, place)];
    const key = (id: string, fromMs: number) => ({ id, fromMs, sealed: `sealed-${id}` });
    const rotate = (n: number, newest: string | null, id: string, remove: readonly string[] = []) =>
      stores[n]?.run('keys.rotate', { after: newest, add: [key(id, nowMs)], remove });
    assert.deepEqual(await rotate(0, null, 'b'), [key('b', nowMs)]);
    assert.deepEqual(await rotate(1, null, 'a', ['b']), [key('b', nowMs)]);
    const two = [key('b', nowMs), key('a', nowMs)];
    assert.deepEqual(await rotate(1, 'b', 'a'), two, 'in the order in which they were added');
    assert.deepEqual(await rotate(0, 'a', 'c', ['b', 'fingerprint']), [
      ...two.slice(1),
      key('c', nowMs),
    ]);
    await Promise.all(stores.map((store) => store.close()));
  });
}
