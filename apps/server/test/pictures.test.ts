import assert from 'node:assert/strict';
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
import { packPictures, takesPictures } from '@farandole/protocol/report-pictures';
import { smallJpeg } from '@farandole/protocol/testing/small-jpeg';
import { PictureVault } from '../src/evidence/picture-vault.ts';
import { ROLE_KEYS_FILE, RoleKeys } from '../src/evidence/role-keys.ts';
import { KEYS_FILE, newKeys, readKeys, writeKeysFile } from '../src/keys/keys.ts';
import { openKeys } from '../src/keys/open-keys.ts';
import { PICTURES_SWEPT_AFTER_MS } from '../src/limits.ts';
import { StartError } from '../src/start-error.ts';
import { ROWS } from './support/budgets.ts';
import { CommandLine } from './support/command-line.ts';
import { ANA, hire, nowMs, storeOf, theCase } from './support/moderated.ts';
import {
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

const filesOf = async (server: Pick<TestServer, 'dataDir'>): Promise<readonly string[]> =>
  await readdir(join(server.dataDir, 'pictures')).catch(() => []);

/** Opens the pictures of the case as a member would, with the store and the data folder. */
async function openAll(
  dataDir: string,
  store: ModerationStore,
  by: MemberId,
): Promise<readonly (string | Buffer)[]> {
  const vault = new PictureVault(dataDir, await RoleKeys.open(dataDir, false));
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

const linesOf = (text: string): number => text.split('\n').length - 1;

test('[PR-76, MO-4] offers no picture uploads unless the operator configured law and registration', async (t) => {
  const server = await startSharedServer(t);
  assert.equal((await fileReport(t, server.port, 'one')).pictures, undefined);
  assert.equal((await upload(server.port, { token: 'a.b' })).status, 404);
  assert.deepEqual(await filesOf(server), []);
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
  assert.equal((await filesOf(server)).length, 2);

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

  // A picture file that was swapped or damaged can't be decrypted.
  const folder = join(dataDir, 'pictures');
  const [first = '', second = ''] = await filesOf(server);
  const whole = await readFile(join(folder, first));
  await writeFile(join(folder, first), await readFile(join(folder, second)));
  await rm(join(folder, second));
  const wrong = await openAll(dataDir, store, ANA);
  assert.deepEqual(new Set(wrong), new Set(['damaged', 'file-missing']));
  await writeFile(join(folder, first), whole);

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
      lane: 'normal',
      digest: '',
      bytes: 0,
      agoMs: 0,
      keys: [],
    })),
    nowMs: nowMs(),
  });
  assert.ok(earlier.ok);
  const answer = await upload(server.port, { token });
  assert.deepEqual([answer.status, answer.json()], [201, { kept: 1 }]);
  assert.equal((await filesOf(server)).length, 1);
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
    assert.deepEqual(await filesOf(server), [], what);
  }
  clock.advance(PICTURES_TOKEN_LIFETIME_MS);
  assert.equal((await upload(port, { token })).status, 403, 'too late');
});

test('[PR-76] keeps the report when the disk is full and accepts retried pictures', async (t) => {
  const server = await startHere(t);
  const { port, dataDir } = server;
  const { pictures: token = '' } = await fileReport(t, port, 'one');
  // A file takes the place of the pictures folder, so every write fails, as on a full disk.
  await writeFile(join(dataDir, 'pictures'), '');
  const refused = await upload(port, { token });
  assert.deepEqual(
    [refused.status, (refused.json() as { error: string }).error],
    [503, 'not-kept'],
  );
  assert.ok(
    server.events.some((event) => event.event === 'pictures-failed' && event.code === 'EEXIST'),
  );
  await rm(join(dataDir, 'pictures'));
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

test('[MO-113, ST-11, ST-21] removes destroyed and orphaned pictures and keeps the audit verifiable', async (t) => {
  const server = await startHere(t);
  const { port, dataDir } = server;
  await reportWithPictures(t, port, 'one');
  const store = await storeOf(t, server);
  await hire(store);
  const keys = await RoleKeys.open(dataDir, false);
  const vault = new PictureVault(dataDir, keys);
  await vault.keep('normal', [{ agoMs: 0, bytes: smallJpeg() }]);
  assert.equal((await filesOf(server)).length, 3);
  const later = nowMs() + PICTURES_SWEPT_AFTER_MS;
  const sweepAll = async (): Promise<void> => {
    while (await vault.sweep(store, later));
    // After a complete sweep the next one starts again with the first file.
    while (await vault.sweep(store, later));
  };
  await vault.sweep(store, nowMs());
  assert.equal((await filesOf(server)).length, 3, 'what is new may be on its way');
  await sweepAll();
  assert.equal((await filesOf(server)).length, 2);

  // A copy of the picture's file can't be decrypted once the picture's keys are destroyed.
  const [name = ''] = await filesOf(server);
  const copy = await readFile(join(dataDir, 'pictures', name));
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
  await sweepAll();
  assert.deepEqual(await filesOf(server), []);
  await writeFile(join(dataDir, 'pictures', name), copy);
  const picture = name.replace('.sealed', '') as PictureId;
  assert.deepEqual(
    await store.run('picture.reveal', { picture, by, shiftMax: 1_000, nowMs: nowMs() }),
    {
      ok: false,
      reason: 'expired',
    },
  );
  const database = await readFile(join(dataDir, 'store.sqlite'), 'latin1');
  assert.ok(!database.includes('ECDH'), 'no key is left');
  assert.equal((await store.run('audit.verify', null)).ok, true);
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
  assert.equal(linesOf(await readFile(join(both, 'pictures.sealed'), 'utf8')), 4);
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
    assert.equal(linesOf(await readFile(join(folder, 'pictures.sealed'), 'utf8')), left);
  }
  assert.equal((await filesOf(second)).length, 4, 'here they are kept');
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
