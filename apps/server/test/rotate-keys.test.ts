import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { TEXT_DISMISSED_MS } from '@farandole/moderation/limits';
import { reportFrom, subject } from '@farandole/storage/test/desk';
import { PictureVault } from '../src/evidence/picture-vault.ts';
import { RoleKeys } from '../src/evidence/role-keys.ts';
import { KEYS_FILE, newTextKey, readKeys, writeKeysFile } from '../src/keys/keys.ts';
import { openKeys } from '../src/keys/open-keys.ts';
import { lockFile } from '../src/node/folder-lock.ts';
import { StartError } from '../src/start-error.ts';
import { openStore, type StoreKeys, textEncryptionOf } from '../src/store/open-store.ts';
import { CommandLine } from './support/command-line.ts';
import { report } from './support/meeting.ts';
import { ANA, decide, hire, nowMs, storeOf, theCase } from './support/moderated.ts';
import { RECORDED, reportWithPictures } from './support/pictured.ts';
import { reportRecord, sealedLine } from './support/records.ts';
import { TestPage } from './support/test-page.ts';
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
  await live.close();
  await server.close();

  const earlier = await temporaryFolder(t);
  await copyFile(join(dataDir, KEYS_FILE), join(earlier, KEYS_FILE));
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
  await openKeys(embedded(folder));
  const path = join(folder, KEYS_FILE);
  const before = await RoleKeys.open(folder, true);
  const key = new Uint8Array(32).fill(5);
  const wraps = await before.wrap(key, ['moderator', 'senior']);
  await assert.rejects(
    RoleKeys.rotate(path, () => Promise.reject(new Error('the disk is full'))),
    /the disk is full/,
  );
  const after = await RoleKeys.open(folder, false);
  for (const wrap of wraps) assert.deepEqual(await after.unwrap([wrap]), key);
  // A server that runs meanwhile wraps with the new keys, and reads them to unwrap.
  const fresh = await before.wrap(key, ['moderator']);
  assert.deepEqual(await after.unwrap(fresh), key);
  await RoleKeys.rotate(path, async () => {});
  assert.deepEqual(await after.unwrap(await before.wrap(key, ['senior'])), key);
  assert.deepEqual(await before.unwrap(fresh), key, 'replaced keys stay until the next rotation');
  await RoleKeys.rotate(path, async () => {});
  await RoleKeys.rotate(path, async () => {});
  const last = await RoleKeys.open(folder, false);
  assert.equal(await last.unwrap(fresh), null);
});

async function reportIn(dataDir: string, n: number): Promise<void> {
  const store = await openStore({ databaseUrl: null }, dataDir, await readKeys(dataDir), 'here');
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

const embedded = (dataDir: string) => ({ dataDir, keysFile: null, databaseUrl: null });

test("[ST-16] re-encrypts stored and waiting texts' keys, so older keys decrypt no text", async (t) => {
  const dataDir = await temporaryFolder(t);
  const line = new CommandLine(dataDir);
  const before = await openKeys(embedded(dataDir));
  // The first report was stored before text keys existed, and the second was encrypted with the
  // first text key.
  await writeKeysFile(join(dataDir, KEYS_FILE), { ...before, words: [] });
  await reportIn(dataDir, 1);
  await writeKeysFile(join(dataDir, KEYS_FILE), before);
  await reportIn(dataDir, 2);
  assert.match(await wordsIn(dataDir, before), /words 1.*words 2/);
  const waiting = join(dataDir, 'reports.waiting-1.jsonl');
  const waits = reportRecord(3, { by: ADA, note: 'words 3', lines: [], atWallMs: nowMs() });
  await writeFile(waiting, `${sealedLine(waits, textEncryptionOf(before))}\n`, { mode: 0o600 });

  const none = { rewrapped: 0, unopened: 0 };
  // The report of an earlier version's file is imported before the keys are replaced.
  const rotated = { words: { rewrapped: 3, unopened: 0 }, pictures: none };
  assert.deepEqual(await line.tells('keys', 'rotate'), rotated);
  const first = await readKeys(dataDir);
  assert.deepEqual(first.subject, before.subject, 'everybody stays who they are');
  await reportIn(dataDir, 4);
  assert.match(await wordsIn(dataDir, first), /words 1.*words 2.*words 3.*words 4/);
  await assert.rejects(
    wordsIn(dataDir, before),
    /encrypted with a key that isn't in the keys file .*before the last keys rotate/,
  );
  const fresh = first.words.at(-1);
  assert.ok(fresh !== undefined && before.words.every(({ id }) => id !== fresh.id));
  const ofFresh = await wordsIn(dataDir, { ...first, words: [fresh] });
  assert.match(ofFresh, /words 1.*words 2.*words 3.*words 4/);

  // The replaced key stays until the next rotation.
  await line.says('keys', 'rotate');
  const second = await readKeys(dataDir);
  assert.deepEqual(second.words[0], fresh);
  assert.equal(second.words.length, 2);
  const store = await openStore({ databaseUrl: null }, dataDir, second, 'here');
  assert.equal((await store.run('audit.verify', null)).ok, true);
  await store.close();
  assert.match(await line.refuses('keys', 'turn'), /keys init, keys rotate/);
});

test('[ST-16] rotates keys while a server runs, which then uses the new one', async (t) => {
  const server = await startSharedServer(t);
  const { dataDir, port } = server;
  const line = new CommandLine(dataDir);
  const store = await storeOf(t, server);
  await hire(store);
  const told = async (n: number): Promise<void> => {
    const pages = [new TestPage(t, port), new TestPage(t, port)] as const;
    await report(...pages, { id: `report-${n}`, note: `words ${n}` });
  };
  const first = await readKeys(dataDir);
  await told(1);
  await theCase(store);
  for (let n = 2; n <= 4; n++) {
    const { words } = (await line.tells('keys', 'rotate')) as { words: unknown };
    assert.deepEqual(words, { rewrapped: n - 1, unopened: 0 });
    await told(n);
    const [queue] = [await line.tells('case', 'list', '--as', ANA)];
    assert.ok((queue as unknown[]).length > 0);
    while ((await casesOf(line)).length < n);
  }
  await server.close();
  await store.close();
  const last = await readKeys(dataDir);
  assert.ok(first.words.every(({ id }) => last.words.every((one) => one.id !== id)));
  const shown = (await casesOf(line)).map((of) => line.says('case', 'show', of, '--as', ANA));
  const texts = (await Promise.all(shown)).join('');
  for (let n = 1; n <= 4; n++) assert.match(texts, new RegExp(`words ${n}`));
  assert.match(await line.says('audit', 'verify'), /^ok: yes$/m);
  assert.deepEqual(
    server.events.filter(({ event }) => event === 'store-failed'),
    [],
  );
});

async function casesOf(line: CommandLine): Promise<readonly string[]> {
  const rows = (await line.tells('case', 'list', '--as', ANA)) as { of: { id: string } }[];
  return rows.map(({ of }) => of.id);
}

test('[ST-16] leaves all text readable when a key rotation fails half-way', async (t) => {
  const dataDir = await temporaryFolder(t);
  const path = join(dataDir, KEYS_FILE);
  const keys = await openKeys(embedded(dataDir));
  await reportIn(dataDir, 1);
  // The rotation ended after it wrote the file, and another one after its first transaction.
  const [unused, half] = [newTextKey(), newTextKey()];
  await writeKeysFile(path, { ...keys, words: [...keys.words, unused] });
  await reportIn(dataDir, 2);
  const both = { ...keys, words: [...keys.words, unused, half] };
  await writeKeysFile(path, both);
  const store = await openStore({ databaseUrl: null }, dataDir, both, 'here');
  const input = { to: half.id, after: null, wraps: 0, nowMs: nowMs() } as const;
  await store.run('words.rewrap', input);
  await store.close();
  await reportIn(dataDir, 3);
  assert.match(await wordsIn(dataDir, both), /words 1.*words 2.*words 3/);
  await new CommandLine(dataDir).says('keys', 'rotate');
  const after = await readKeys(dataDir);
  assert.deepEqual(after.words[0], half);
  assert.match(await wordsIn(dataDir, after), /words 1.*words 2.*words 3/);
});

test('[ST-16] refuses a second rotation at the same time', async (t) => {
  const dataDir = await temporaryFolder(t);
  await openKeys(embedded(dataDir));
  const path = join(dataDir, `${KEYS_FILE}.lock`);
  const lock = await lockFile(path, () => new StartError('in use'));
  const line = new CommandLine(dataDir);
  assert.match(await line.refuses('keys', 'rotate'), /Another keys rotate runs/);
  lock.close();
  await line.says('keys', 'rotate');
});
