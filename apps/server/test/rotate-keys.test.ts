import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { WORDS_DISMISSED_MS } from '@farandole/moderation/limits';
import { PictureVault } from '../src/evidence/picture-vault.ts';
import { ROLE_KEYS_FILE, RoleKeys } from '../src/evidence/role-keys.ts';
import { readKeys } from '../src/keys.ts';
import { openStore } from '../src/store/open-store.ts';
import { CommandLine } from './support/command-line.ts';
import { ANA, decide, hire, nowMs, storeOf, theCase } from './support/moderated.ts';
import { RECORDED, reportWithPictures } from './support/pictured.ts';
import { startTestServer, temporaryFolder } from './support/test-server.ts';

test('[MO-115] new keys of roles open what is kept, the earlier ones nothing, and what was shredded stays so', async (t) => {
  const server = await startTestServer(t, { env: RECORDED });
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

  const { subject } = await readKeys(dataDir);
  const earlier = await temporaryFolder(t);
  await copyFile(join(dataDir, ROLE_KEYS_FILE), join(earlier, ROLE_KEYS_FILE));
  let store = await openStore({ databaseUrl: null }, dataDir, subject);
  await store.run('time.pass', { nowMs: nowMs() + WORDS_DISMISSED_MS });
  const wraps = await store.run('picture-keys.list', null);
  await store.close();
  const rotated = { rewrapped: wraps.length, unopened: 0 };
  assert.ok(wraps.length > 0);
  assert.deepEqual(await line.tells('keys', 'rotate'), rotated);
  // And once more: what was wrapped anew is kept.
  assert.deepEqual(await line.tells('keys', 'rotate'), rotated);

  store = await openStore({ databaseUrl: null }, dataDir, subject);
  t.after(() => store.close());
  const openedBy = async (folder: string, of: string): Promise<readonly string[]> => {
    const vault = new PictureVault(dataDir, await RoleKeys.open(folder, false));
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

  // A server takes pictures by the new keys.
  const again = await startTestServer(t, { env: RECORDED, dataDir });
  await reportWithPictures(t, again.port, 'three');
});

test('[MO-115] a rotation that fails in the middle leaves all that opens', async (t) => {
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

test('[MO-115] where no pictures were ever taken there is nothing to rotate', async (t) => {
  const server = await startTestServer(t);
  await server.close();
  const line = new CommandLine(server.dataDir);
  assert.match(await line.refuses('keys', 'rotate'), /no keys of roles/);
  assert.match(await line.refuses('keys', 'turn'), /keys rotate/);
});
