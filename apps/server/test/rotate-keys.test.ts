import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { TEXT_DISMISSED_MS } from '@farandole/moderation/limits';
import { reportFrom, subject } from '@farandole/storage/test/desk';
import { PictureVault } from '../src/evidence/picture-vault.ts';
import { ROLE_KEYS_FILE, RoleKeys } from '../src/evidence/role-keys.ts';
import { type KeyRing, KeyStore, readKeys, rotateTextKey } from '../src/keys/keys.ts';
import { openStore, type StoreKeys, textEncryptionOf } from '../src/store/open-store.ts';
import { CommandLine } from './support/command-line.ts';
import { ANA, decide, hire, nowMs, storeOf, theCase } from './support/moderated.ts';
import { RECORDED, reportWithPictures } from './support/pictured.ts';
import { reportRecord, sealedLine } from './support/records.ts';
import { startSharedServer, temporaryFolder } from './support/test-server.ts';

const ADA = subject('ada');

test('[MO-115] re-encrypts picture keys with new role keys; old role keys decrypt none', async (t) => {
  const server = await startSharedServer(t, { env: RECORDED });
  const { dataDir, port } = server;
  const line = new CommandLine(dataDir, RECORDED);
  const live = await storeOf(t, server);
  await hire(live);
  await reportWithPictures(t, port, 'one');
  const { id: dismissed } = await theCase(live);
  await decide(live, 'dismiss');
  await reportWithPictures(t, port, 'two');
  assert.match(await line.refuses('keys', 'rotate'), /is running|in use|another/i);
  await live.close();
  await server.close();

  const earlier = await temporaryFolder(t);
  await copyFile(join(dataDir, ROLE_KEYS_FILE), join(earlier, ROLE_KEYS_FILE));
  let store = await openStore({ databaseUrl: null }, dataDir, await readKeys(dataDir), 'here');
  await store.run('time.pass', { nowMs: nowMs() + TEXT_DISMISSED_MS });
  const wraps = await store.run('picture-keys.list', null);
  await store.close();
  const rotated = { rewrapped: wraps.length, unopened: 0 };
  assert.ok(wraps.length > 0);
  const picturesRotated = async (): Promise<unknown> => {
    const { pictures } = (await line.tells('keys', 'rotate')) as { readonly pictures: unknown };
    return pictures;
  };
  assert.deepEqual(await picturesRotated(), rotated);
  // A second key rotation leaves the rewrapped pictures as they are.
  assert.deepEqual(await picturesRotated(), rotated);

  store = await openStore({ databaseUrl: null }, dataDir, await readKeys(dataDir), 'here');
  t.after(() => store.close());
  const openedBy = async (folder: string, of: string): Promise<readonly string[]> => {
    const vault = new PictureVault(store, await RoleKeys.open(folder, false));
    const input = { case: of as typeof dismissed, by: ANA, nowMs: nowMs() };
    const shown = await store.run('case.show', input);
    assert.ok(shown.ok);
    const found: string[] = [];
    for (const { id: picture } of shown.value.reports.flatMap(({ pictures }) => pictures)) {
      const asked = { picture, by: ANA, shiftMax: 100, nowMs: nowMs() };
      const revealed = await store.run('picture.reveal', asked);
      const opened = revealed.ok
        ? await vault.open(revealed.value.picture, revealed.value.keys)
        : revealed;
      found.push(opened.ok ? 'opened' : opened.reason);
    }
    return found;
  };
  const { id: kept } = await theCase(store);
  assert.deepEqual(await openedBy(dataDir, kept), ['opened', 'opened']);
  assert.deepEqual(await openedBy(earlier, kept), ['key-missing', 'key-missing']);
  assert.deepEqual(await openedBy(dataDir, dismissed), ['expired', 'expired']);
  assert.equal((await store.run('audit.verify', null)).ok, true);

  // The server encrypts new pictures with the new keys.
  const again = await startSharedServer(t, { env: RECORDED, dataDir });
  await reportWithPictures(t, again.port, 'three');
});

test('[MO-115] leaves every picture readable when a key rotation fails half-way', async (t) => {
  const folder = await temporaryFolder(t);
  const before = await RoleKeys.open(folder, true);
  const key = new Uint8Array(32).fill(5);
  const wraps = await before.wrap(key, ['moderator', 'senior']);
  await assert.rejects(
    RoleKeys.rotate(folder, () => Promise.reject(new Error('the disk is full'))),
    /the disk is full/,
  );
  const after = await RoleKeys.open(folder, false);
  for (const wrap of wraps) assert.deepEqual(await after.unwrap([wrap]), key);
  const fresh = await after.wrap(key, ['moderator']);
  assert.equal(await before.unwrap(fresh), null, 'what is wrapped now is by the new ones');
});

async function reportIn(
  dataDir: string,
  n: number,
  keysOf: (ring: KeyRing) => StoreKeys = (ring) => ring,
): Promise<void> {
  const store = await openStore(
    { databaseUrl: null },
    dataDir,
    keysOf(await readKeys(dataDir)),
    'here',
  );
  await store.run('report.take', reportFrom(n, { note: `words ${n}`, atMs: nowMs() }));
  await store.close();
}

async function wordsIn(dataDir: string, keys: StoreKeys): Promise<string> {
  const store = await openStore({ databaseUrl: null }, dataDir, keys, 'here');
  try {
    return JSON.stringify(await store.run('subject.export', { subject: ADA }));
  } finally {
    await store.close();
  }
}

test("[ST-16] re-encrypts stored and waiting texts' keys, so older keys decrypt no text", async (t) => {
  const dataDir = await temporaryFolder(t);
  const line = new CommandLine(dataDir);
  await KeyStore.open(dataDir, { wallMs: nowMs(), monotonicMs: 0 });
  // The first report was stored before text keys existed, and the second was encrypted with the
  // first text key.
  await reportIn(dataDir, 1, (ring) => ({ subject: ring.subject, words: [] }));
  await reportIn(dataDir, 2);
  const before = await readKeys(dataDir);
  assert.match(await wordsIn(dataDir, before), /words 1.*words 2/);
  const waiting = join(dataDir, 'reports.waiting-1.jsonl');
  const waits = reportRecord(3, { by: ADA, note: 'words 3', lines: [], atWallMs: nowMs() });
  await writeFile(waiting, `${sealedLine(waits, textEncryptionOf(before))}\n`, { mode: 0o600 });

  const none = { rewrapped: 0, unopened: 0 };
  // The report of an earlier version's file is imported before the keys are replaced.
  const rotated = { words: { rewrapped: 3, unopened: 0 }, pictures: none };
  assert.deepEqual(await line.tells('keys', 'rotate'), rotated);
  const after = await readKeys(dataDir);
  assert.equal(after.words.length, 1);
  assert.notEqual(after.words[0]?.id, before.words[0]?.id);
  assert.deepEqual(after.subject, before.subject, 'everybody stays who they are');
  await reportIn(dataDir, 4);
  assert.match(await wordsIn(dataDir, after), /words 1.*words 2.*words 3.*words 4/);
  await assert.rejects(wordsIn(dataDir, before), { name: 'StoreError', code: 'failed' });

  const store = await openStore({ databaseUrl: null }, dataDir, after, 'here');
  assert.equal((await store.run('audit.verify', null)).ok, true);
  await store.close();
  assert.match(await line.refuses('keys', 'turn'), /keys rotate/);
});

test('[ST-16] leaves all text readable when a key rotation fails half-way', async (t) => {
  const dataDir = await temporaryFolder(t);
  await KeyStore.open(dataDir, { wallMs: nowMs(), monotonicMs: 0 });
  await reportIn(dataDir, 1);
  await assert.rejects(
    rotateTextKey(dataDir, () => Promise.reject(new Error('the disk is full'))),
    /the disk is full/,
  );
  await reportIn(dataDir, 2);
  const keys = await readKeys(dataDir);
  assert.equal(keys.words.length, 2);
  assert.match(await wordsIn(dataDir, keys), /words 1.*words 2/);
});
