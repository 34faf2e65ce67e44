import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { brandId } from '@farandole/kernel/id';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import type { PictureId, ReportId } from '@farandole/moderation/ids';
import { REPORTER_PICTURES_MAX, TEXT_DISMISSED_MS } from '@farandole/moderation/limits';
import { REPORT_REASONS, ruleOfReason } from '@farandole/moderation/reports/reason';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import {
  PICTURE_BYTES_MAX,
  PICTURES_TOKEN_LIFETIME_MS,
  REPORT_PICTURES_BYTES_MAX,
  REPORT_PICTURES_MAX,
} from '@farandole/protocol/limits';
import { packPictures } from '@farandole/protocol/report-pictures';
import { takesPictures } from '@farandole/protocol/takes-pictures';
import { smallJpeg } from '@farandole/protocol/testing/small-jpeg';
import { StoreError } from '@farandole/storage/store-error';
import { importPictures } from '../src/evidence/import-pictures.ts';
import { PictureVault } from '../src/evidence/picture-vault.ts';
import { ROLE_KEYS_FILE, RoleKeys } from '../src/evidence/role-keys.ts';
import { KEYS_FILE, newKeys, readKeys, writeKeysFile } from '../src/keys/keys.ts';
import { openKeys } from '../src/keys/open-keys.ts';
import { PICTURE_FILES_UNKNOWN_MS } from '../src/limits.ts';
import { StartError } from '../src/start-error.ts';
import { ROWS } from './support/budgets.ts';
import { CommandLine } from './support/command-line.ts';
import { ANA, hire, nowMs, storeOf, theCase } from './support/moderated.ts';
import {
  asFiles,
  beginUpload,
  CANARY,
  fileReport,
  RECORDED,
  reportWithPictures,
  someBody,
  upload,
} from './support/pictured.ts';
import { startSharedServer, type TestServer, temporaryFolder } from './support/test-server.ts';

const startHere = (t: TestContext, clock?: SimClock): Promise<TestServer> =>
  startSharedServer(t, { env: RECORDED, ...(clock === undefined ? {} : { clock }) });

/** Reads the encrypted pictures from the server's database, by id. */
function storedIn({ dataDir }: Pick<TestServer, 'dataDir'>): ReadonlyMap<string, Uint8Array> {
  using database = new DatabaseSync(join(dataDir, 'store.sqlite'));
  const rows = database.prepare('select id, sealed from picture_bytes order by id').all();
  return new Map(rows.map(({ id, sealed }) => [String(id), sealed as Uint8Array]));
}

/** Opens the pictures of the case as a member would, with the store and the data folder. */
async function openAll(
  dataDir: string,
  store: ModerationStore,
  by: MemberId,
): Promise<readonly (string | Buffer)[]> {
  const vault = new PictureVault(store, await RoleKeys.open(dataDir, false));
  const { id } = await theCase(store);
  const shown = await store.run('case.show', { case: id, by, nowMs: nowMs() });
  assert.ok(shown.ok);
  const opened: (string | Buffer)[] = [];
  for (const picture of shown.value.reports.flatMap(({ pictures }) => pictures)) {
    const revealed = await store.run('picture.reveal', {
      picture: picture.id,
      by,
      shiftMax: 1_000,
      nowMs: nowMs(),
    });
    if (!revealed.ok) {
      opened.push(revealed.reason);
      continue;
    }
    const bytes = await vault.open(revealed.value.picture, revealed.value.keys);
    opened.push(bytes.ok ? bytes.value : bytes.reason);
  }
  return opened;
}

/** Counts the pictures in the dump of a backup. */
const picturesIn = async (backup: string): Promise<number> =>
  (await readFile(join(backup, 'store.jsonl'), 'utf8')).split('\n["picture_bytes",').length - 1;

test('[PR-76, MO-4] offers no picture uploads unless the operator configured law and registration', async (t) => {
  const server = await startSharedServer(t);
  assert.equal((await fileReport(t, server.port, 'one')).pictures, undefined);
  assert.equal((await upload(server.port, { token: 'a.b' })).status, 404);
  assert.equal(storedIn(server).size, 0);
  for (const reason of REPORT_REASONS) {
    assert.equal(takesPictures(reason), ruleOfReason(reason).pictures, reason);
  }
  assert.equal(REPORTER_PICTURES_MAX, REPORT_PICTURES_MAX);
});

test("[PR-76, MO-110, MO-112, ST-10] encrypts a report's pictures; members with the key can view them", async (t) => {
  const server = await startHere(t);
  const { port, dataDir } = server;
  const { pictures: token } = await fileReport(t, port, 'one');
  const answer = await upload(port, { ...(token === undefined ? {} : { token }) });
  assert.deepEqual([answer.status, answer.json()], [201, { kept: 2 }]);
  const again = await upload(port, { ...(token === undefined ? {} : { token }) });
  assert.deepEqual([again.status, again.json()], [200, { kept: 0 }], 'once');
  assert.equal(storedIn(server).size, 2);

  const store = await storeOf(t, server);
  await hire(store);
  const opened = await openAll(dataDir, store, ANA);
  assert.deepEqual(opened, [
    Buffer.from(smallJpeg({ data: `${CANARY}-0` })),
    Buffer.from(smallJpeg({ data: `${CANARY}-1` })),
  ]);
  for (const entry of await readdir(dataDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name));
    assert.ok(!bytes.includes(CANARY) && !bytes.includes('JFIF'), entry.name);
  }
  assert.ok(!JSON.stringify(server.events).includes(CANARY));
  const settings = await store.run('setting.list', null);
  assert.match(settings[0]?.value ?? '', /An authority of tests 1/);

  // A picture that was swapped or is missing can't be decrypted.
  const [first = '', second = ''] = storedIn(server).keys();
  const put = (id: string, sealed: Uint8Array | undefined): void => {
    using database = new DatabaseSync(join(dataDir, 'store.sqlite'), { timeout: 5_000 });
    const update = database.prepare('update picture_bytes set sealed = ? where id = ?');
    update.run(sealed ?? new Uint8Array(), id);
  };
  const whole = storedIn(server);
  put(first, whole.get(second));
  put(second, whole.get(second)?.subarray(1));
  assert.deepEqual(await openAll(dataDir, store, ANA), ['damaged', 'damaged']);
  for (const [id, sealed] of whole) put(id, sealed);
  assert.deepEqual(await openAll(dataDir, store, ANA), opened);

  // Without the role keys no picture can be decrypted, and the next start logs the loss.
  const path = join(dataDir, KEYS_FILE);
  await writeKeysFile(path, { ...(await readKeys(dataDir)), roles: [] });
  assert.deepEqual(await openAll(dataDir, store, ANA), ['key-missing', 'key-missing']);
  assert.match(
    await new CommandLine(dataDir).refuses('doctor'),
    /^fail +pictures .*keys of roles/m,
  );
  const later = await server.restart();
  assert.ok(later.events.some(({ event }) => event === 'picture-keys-lost'));
});

test("[MO-110] keeps only a reporter's newest pictures up to the limit", async (t) => {
  const server = await startHere(t);
  const { pictures: token = '' } = await fileReport(t, server.port, 'one');
  const store = await storeOf(t, server);
  await hire(store);
  const shown = await store.run('case.show', {
    case: (await theCase(store)).id,
    by: ANA,
    nowMs: nowMs(),
  });
  const report = shown.ok ? shown.value.reports[0]?.report : undefined;
  assert.ok(report !== undefined);
  // The user's earlier pictures, from another call, are one fewer than the limit.
  const id = brandId<ReportId>('report-earlier');
  await store.run('report.take', {
    report: { ...report, id, match: brandId('match-earlier'), note: null },
    said: [],
    code: 'EARLIER',
    side: 'a',
    freshCase: brandId('case-of-nobody'),
    noticeDelayMs: 0,
  });
  const earlier = await store.run('pictures.add', {
    report: id,
    pictures: Array.from({ length: REPORTER_PICTURES_MAX - 1 }, (_, at) => ({
      id: brandId<PictureId>(`earlier-${at}`),
      lane: 'normal' as const,
      digest: '',
      bytes: 0,
      agoMs: 0,
      keys: [],
      sealed: Buffer.from('of another call'),
    })),
    nowMs: nowMs(),
  });
  assert.ok(earlier.ok);
  const answer = await upload(server.port, { token });
  assert.deepEqual([answer.status, answer.json()], [201, { kept: 1 }]);
  assert.equal(storedIn(server).size, REPORTER_PICTURES_MAX);
  const opened = await openAll(server.dataDir, store, ANA);
  assert.deepEqual(
    opened.filter((one) => typeof one !== 'string'),
    [Buffer.from(smallJpeg({ data: `${CANARY}-1` }))],
  );
});

test('[PR-76] stores no picture of an invalid upload', async (t) => {
  const clock = new SimClock();
  const server = await startHere(t, clock);
  const { port } = server;
  const { pictures: token = '' } = await fileReport(t, port, 'one');
  const { pictures: other = '' } = await fileReport(t, port, 'two', 'may-be-under-18');
  assert.equal(other, '');
  const jpeg = smallJpeg();
  const many = (count: number, bytes = jpeg) =>
    Array.from({ length: count }, () => ({ agoMs: 0, bytes }));
  const large = smallJpeg({ data: 'x'.repeat(PICTURE_BYTES_MAX - smallJpeg({ data: '' }).length) });
  const tooMany = REPORT_PICTURES_BYTES_MAX / PICTURE_BYTES_MAX + 1;
  for (const [what, request, status] of [
    ['no token', { body: someBody() }, 403],
    ['a token that is made up', { token: 'key.forged' }, 403],
    ['a token that was changed', { token: `${token}x` }, 403],
    ['a very long one', { token: 'x'.repeat(3_000) }, 403],
    ['another scheme', { headers: { Authorization: `Basic ${token}` } }, 403],
    ['another origin', { token, headers: { Origin: 'https://evil.example' } }, 403],
    ['JSON', { token, headers: { 'Content-Type': 'application/json' }, body: '{}' }, 415],
    ['one JPEG as it is', { token, headers: { 'Content-Type': 'image/jpeg' }, body: jpeg }, 415],
    ['nothing', { token, body: '' }, 400],
    ['half of it', { token, body: someBody().slice(0, -1) }, 400],
    [
      'a picture with metadata',
      {
        token,
        body: packPictures([{ agoMs: 0, bytes: smallJpeg({ besides: [[0xff, 0xe1, 0, 2]] }) }]),
      },
      400,
    ],
    ['one too many', { token, body: packPictures(many(REPORT_PICTURES_MAX + 1)) }, 400],
    ['too large together', { token, body: packPictures(many(tooMany, large)) }, 413],
  ] as const) {
    const answer = await upload(port, request);
    assert.equal(answer.status, status, `${what}: ${answer.text()}`);
    assert.equal(storedIn(server).size, 0, what);
  }
  clock.advance(PICTURES_TOKEN_LIFETIME_MS);
  assert.equal((await upload(port, { token })).status, 403, 'too late');
});

test('[PR-76] keeps the report when the store fails and accepts retried pictures', async (t) => {
  const server = await startHere(t);
  const { port, dataDir } = server;
  const { pictures: token = '' } = await fileReport(t, port, 'one');
  const database = new DatabaseSync(join(dataDir, 'store.sqlite'), { timeout: 5_000 });
  t.after(() => database.close());
  const fails = `create trigger full before insert on picture_bytes
    begin select raise(abort, 'the disk is full'); end`;
  database.exec(fails);
  const refused = await upload(port, { token });
  assert.deepEqual(
    [refused.status, (refused.json() as { error: string }).error],
    [503, 'not-kept'],
  );
  assert.ok(server.events.some(({ event }) => event === 'pictures-failed'));
  assert.equal(storedIn(server).size, 0);
  database.exec('drop trigger full');
  assert.equal((await upload(port, { token })).status, 201);
});

test("[PR-76] accepts other reports' pictures during a slow upload", async (t) => {
  const { port } = await startHere(t);
  const { pictures: token = '' } = await fileReport(t, port, 'one');
  const { pictures: other = '' } = await fileReport(t, port, 'two');
  const answers: (number | undefined)[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const { networkMax } = ROWS['uploads-at-once'];
  for (let n = 0; n < networkMax; n++) {
    beginUpload(t, port, token).once('response', ({ statusCode }) => {
      answers.push(statusCode);
      if (answers.length === networkMax - 1) resolve();
    });
  }
  await promise;
  assert.deepEqual(new Set(answers), new Set([429]));
  assert.equal((await upload(port, { token: other })).status, 201);
});

test('[PR-76] limits picture uploads per network', async (t) => {
  const { port } = await startHere(t, new SimClock());
  for (let time = 0; time < ROWS.uploads.networkMax; time++) {
    assert.equal((await upload(port, { token: 'key.forged', body: '' })).status, 403);
  }
  assert.equal((await upload(port, { token: 'key.forged', body: '' })).status, 429);
});

test('[MO-113, ST-11, ST-21] deletes a destroyed picture’s bytes and keys; the audit verifies', async (t) => {
  const server = await startHere(t);
  const { port, dataDir } = server;
  await reportWithPictures(t, port, 'one');
  const store = await storeOf(t, server);
  await hire(store);
  const [[picture = '', sealed = new Uint8Array()] = []] = storedIn(server);
  const { id } = await theCase(store);
  const by = ANA;
  assert.ok(
    (await store.run('case.step', { case: id, by, step: { event: 'assign' }, nowMs: nowMs() })).ok,
  );
  const decided = await store.run('case.decide', {
    ...{ case: id, by, networks: [], nowMs: nowMs() },
    decision: { measure: 'dismiss', reason: 'hate', note: '' },
    freshDecision: 'decision-one' as never,
    freshApproval: 'approval-one' as never,
  });
  assert.ok(decided.ok);
  await store.run('time.pass', { nowMs: nowMs() + TEXT_DISMISSED_MS });
  assert.equal(storedIn(server).size, 0);
  const asked = { picture: picture as PictureId, by, shiftMax: 1_000, nowMs: nowMs() };
  assert.deepEqual(await store.run('picture.reveal', asked), { ok: false, reason: 'expired' });
  assert.equal((await store.run('audit.verify', null)).ok, true);
  await store.close();
  await server.close();
  // The database's file contains neither keys nor bytes of the picture.
  const database = await readFile(join(dataDir, 'store.sqlite'));
  assert.ok(!database.includes('ECDH'));
  assert.ok(sealed.length > 64);
  assert.ok(!database.includes(Buffer.from(sealed.subarray(0, 64))));
});

test('[ST-11b] moves picture files of an earlier version into the store at start', async (t) => {
  const server = await startHere(t);
  const { port, dataDir } = server;
  await reportWithPictures(t, port, 'one');
  const store = await storeOf(t, server);
  await hire(store);
  const opened = await openAll(dataDir, store, ANA);
  await store.close();
  await server.close();
  const before = storedIn(server);
  const folder = await asFiles(dataDir);
  assert.equal(storedIn(server).size, 0);
  // One file is already in the store, as after an interrupted import. The store doesn't know two
  // others, one of them for long.
  const [[first = '', sealed = new Uint8Array()] = []] = before;
  new DatabaseSync(join(dataDir, 'store.sqlite'))
    .prepare('insert into picture_bytes (id, in_backups, sealed) values (?, 1, ?)')
    .run(first, sealed);
  const [old, young] = ['e', 'f'].map((digit) => `${digit.repeat(32)}.sealed`) as [string, string];
  for (const name of [old, young]) await writeFile(join(folder, name), 'of nobody');
  const longAgo = new Date(nowMs() - PICTURE_FILES_UNKNOWN_MS);
  await utimes(join(folder, old), longAgo, longAgo);

  const second = await startSharedServer(t, { env: RECORDED, dataDir });
  assert.deepEqual(storedIn(second), before);
  assert.deepEqual(await readdir(folder), [young]);
  const again = await storeOf(t, second);
  assert.deepEqual(await openAll(dataDir, again, ANA), opened);
  await again.close();
  await second.close();
  await rm(join(folder, young));
  await startSharedServer(t, { env: RECORDED, dataDir });
  assert.ok(!(await readdir(dataDir)).includes('pictures'));
});

test('[ST-11b] keeps picture files that the store could not take, and names the failure', async (t) => {
  const dataDir = await temporaryFolder(t);
  await mkdir(join(dataDir, 'pictures'));
  const path = join(dataDir, 'pictures', `${'e'.repeat(32)}.sealed`);
  await writeFile(path, 'sealed');
  const longAgo = new Date(nowMs() - PICTURE_FILES_UNKNOWN_MS);
  await utimes(path, longAgo, longAgo);
  const failing = { run: () => Promise.reject(new StoreError('failed', 'the disk is full')) };
  const moved = importPictures(dataDir, failing, nowMs());
  await assert.rejects(moved, { name: 'StartError', message: /pictures .*: the disk is full/ });
  assert.equal(await readFile(path, 'utf8'), 'sealed');
});

test('[ST-30, MO-111] backs up and restores pictures, except those of possible minors', async (t) => {
  const server = await startHere(t);
  const { port, dataDir } = server;
  await reportWithPictures(t, port, 'one');
  const store = await storeOf(t, server);
  await hire(store);
  const line = new CommandLine(dataDir, RECORDED);
  const digestOf = (said: string): string => /digest ([0-9a-f]{64})/.exec(said)?.[1] ?? said;
  const to = join(await temporaryFolder(t), 'backup');
  const opened = await openAll(dataDir, store, ANA);
  const { id } = await theCase(store);
  await store.close();
  await server.close();
  const digest = digestOf(await line.says('backup', to));
  for (const name of await readdir(to)) {
    assert.ok(!(await readFile(join(to, name))).includes(CANARY), name);
  }
  await rm(dataDir, { recursive: true });
  assert.equal(digestOf(await line.says('restore', to)), digest);
  assert.equal(digestOf(await line.says('backup', join(to, 'again'))), digest);
  const second = await startSharedServer(t, { env: RECORDED, dataDir });
  const restored = await storeOf(t, second);
  assert.deepEqual(await openAll(dataDir, restored, ANA), opened);

  // The backup contains neither picture, because both cases may involve minors.
  await reportWithPictures(t, second.port, 'two');
  const queue = await restored.run('queue.read', { by: ANA, nowMs: nowMs() });
  assert.ok(queue.ok);
  const other = queue.value.rows.find(({ of }) => of.id !== id)?.of.id;
  assert.ok(other !== undefined);
  const both = join(to, 'both');
  await line.says('backup', both);
  assert.equal(await picturesIn(both), 4);
  for (const [of, left] of [
    [id, 2],
    [other, 0],
  ] as const) {
    for (const step of [{ event: 'assign' }, { event: 'escalate', to: 'child-safety' }] as const) {
      const moved = await restored.run('case.step', { case: of, by: ANA, step, nowMs: nowMs() });
      assert.ok(moved.ok);
    }
    const folder = join(to, `left-${left}`);
    await line.says('backup', folder);
    assert.equal(await picturesIn(folder), left);
  }
  assert.equal(storedIn(second).size, 4, 'here they are kept');
});

test('[ST-12] has role keys in the keys file, and refuses damaged ones', async (t) => {
  const folder = await temporaryFolder(t);
  assert.equal((await RoleKeys.open(folder, false)).isEmpty, true);
  assert.deepEqual(await readdir(folder), []);
  await openKeys({ dataDir: folder, keysFile: null, databaseUrl: null });
  const keys = await RoleKeys.open(folder, true);
  assert.deepEqual([keys.wereMade, keys.isEmpty], [false, false]);
  const again = await RoleKeys.open(folder, true);
  assert.equal(again.wereMade, false);
  const key = Buffer.alloc(32, 7);
  const wrapped = await keys.wrap(key, ['moderator', 'senior', 'triage']);
  assert.deepEqual(
    wrapped.map(({ role }) => role),
    ['moderator', 'senior'],
  );
  assert.deepEqual(Buffer.from((await again.unwrap(wrapped.slice(1))) ?? []), key);
  const [first, second] = wrapped;
  assert.ok(first !== undefined && second !== undefined);
  assert.equal(await again.unwrap([{ ...first, role: 'senior' }]), null, 'another role’s');
  assert.equal(await again.unwrap([{ ...first, wrapped: `${first.wrapped}x` }]), null);
  assert.equal(await again.unwrap([]), null);
  const path = join(folder, KEYS_FILE);
  const text = await readFile(path, 'utf8');
  assert.deepEqual(await readdir(folder), [KEYS_FILE]);
  for (const damaged of [
    '',
    '{}',
    text.slice(0, -9),
    text.replace('"moderator"', '"owner"'),
    text.replace('"x"', '"z"'),
  ]) {
    await writeFile(path, damaged);
    await assert.rejects(RoleKeys.open(folder, true), StartError, damaged.slice(0, 20));
  }
  await writeFile(path, text);
  await chmod(path, 0o644);
  await assert.rejects(RoleKeys.open(folder, true), /can be read by other users/);
});

test('[ST-53] moves the role keys of version 0.1.0 to the keys file', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, KEYS_FILE);
  const keys = newKeys();
  const [moderator, ...others] = keys.roles;
  assert.ok(moderator !== undefined);
  await writeKeysFile(path, keys);
  const key = new Uint8Array(32).fill(3);
  const wrapped = await (await RoleKeys.open(folder, true)).wrap(key, ['moderator', 'senior']);
  const own = join(folder, ROLE_KEYS_FILE);
  await writeKeysFile(path, { ...keys, roles: [] });
  await writeFile(own, JSON.stringify({ format: 1, keys: keys.roles }), { mode: 0o600 });
  const unmoved = await RoleKeys.open(folder, false);
  for (const wrap of wrapped) assert.deepEqual(await unmoved.unwrap([wrap]), key);
  assert.deepEqual((await readKeys(folder)).roles, []);
  const moved = await RoleKeys.open(folder, true);
  assert.equal(moved.wereMade, false);
  assert.deepEqual((await readKeys(folder)).roles, keys.roles);
  assert.deepEqual(await readdir(folder), [KEYS_FILE]);
  // Version 0.1.0 may have had fewer roles. A node that was killed has moved the keys already.
  await writeFile(own, JSON.stringify({ format: 1, keys: [moderator] }), { mode: 0o600 });
  await writeKeysFile(path, { ...keys, roles: others.slice(1) });
  const completed = await RoleKeys.open(folder, true);
  assert.equal(completed.wereMade, true);
  for (const wrap of wrapped.slice(0, 1)) assert.deepEqual(await completed.unwrap([wrap]), key);
  assert.equal((await readKeys(folder)).roles.length, keys.roles.length);
  await writeFile(own, '{}', { mode: 0o600 });
  await assert.rejects(RoleKeys.open(folder, true), /role-keys\.json is damaged/);
});
