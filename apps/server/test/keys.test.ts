import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openCallReceipt } from '@farandole/gateway/receipts';
import type { Instant } from '@farandole/kernel/clock';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { StoredRotatingKey } from '@farandole/moderation/store/records';
import { RECEIPT_LIFETIME_MS } from '@farandole/protocol/limits';
import { IN_MEMORY } from '@farandole/storage/sqlite/node-sqlite';
import { SqliteHere } from '@farandole/storage/sqlite/sqlite-here';
import { StoreError } from '@farandole/storage/store-error';
import { KeyStore, readRing, resealed } from '../src/keys/key-store.ts';
import {
  fingerprintOf,
  KEYS_FILE,
  type KeysFileContent,
  newKeys,
  newTextKey,
  readKeys,
  readKeysFile,
  writeKeysFile,
} from '../src/keys/keys.ts';
import { createKeysFile, openKeys } from '../src/keys/open-keys.ts';
import { NodeSigner } from '../src/keys/signer.ts';
import { KEY_RETIRED_KEPT_MS, KEY_ROTATE_AFTER_MS } from '../src/limits.ts';
import { StartError } from '../src/start-error.ts';
import { firstTextKeyOf, textEncryptionOf } from '../src/store/open-store.ts';
import { OLD, OLD_AT_MS, OLD_KEYS, OLD_RECEIPTS } from './support/old-keys.ts';
import { temporaryFolder } from './support/test-server.ts';

const NOW = 1_800_000_000_000;

/** Returns the instant with date `wallMs` of a server that started at `NOW`. */
const at = (wallMs: number): Instant => ({ wallMs, monotonicMs: wallMs - NOW });

const ids = (store: KeyStore): readonly string[] => store.ring.generations.map(({ id }) => id);

const inUse = (store: KeyStore): string => ids(store).at(-1) ?? '';

/** A store in memory, and the keys to which it belongs. */
interface Kept {
  readonly keys: KeysFileContent;
  readonly store: ModerationStore;
}

async function kept(t: TestContext, keys: KeysFileContent = newKeys()): Promise<Kept> {
  const store = await SqliteHere.open(IN_MEMORY, firstTextKeyOf(keys), keys.words);
  t.after(() => store.close());
  return { keys, store };
}

const open = ({ keys, store }: Kept, now: Instant): Promise<KeyStore> =>
  KeyStore.open(store, { path: '/nowhere', keys }, now);

const embedded = (dataDir: string) => ({ dataDir, keysFile: null, databaseUrl: null });

test('creates keys once in an owner-only file and reads them back', async (t) => {
  const folder = await temporaryFolder(t);
  const made = await openKeys(embedded(folder));
  assert.equal((await stat(join(folder, KEYS_FILE))).mode & 0o777, 0o600);
  assert.deepEqual(await openKeys(embedded(folder)), made);
  assert.deepEqual(await readdir(folder), [KEYS_FILE]);
});

test('[ST-50] creates no keys for PostgreSQL, for a file of choice or beside data', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(await temporaryFolder(t), 'inside', 'farandole.keys');
  const config = { ...embedded(folder), keysFile: path };
  await assert.rejects(openKeys(config), /There is no .*farandole\.keys\. .*keys init/);
  await writeFile(join(folder, 'store.sqlite'), 'data');
  await assert.rejects(openKeys(embedded(folder)), /keys\.json is missing.*store\.sqlite/);
  await assert.rejects(createKeysFile(config, path), /keys\.json is missing.*store\.sqlite/);
  await writeFile(join(folder, 'store.sqlite'), '');
  await createKeysFile(config, path);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  const made = await openKeys(config);
  assert.deepEqual(await readKeys(folder, path), made);
  await assert.rejects(createKeysFile(config, path), /exists already/);
  assert.deepEqual(await openKeys(config), made);
});

test('[ST-50] tells how to move keys out of the data folder', async (t) => {
  const folder = await temporaryFolder(t);
  await openKeys(embedded(folder));
  const config = { ...embedded(folder), keysFile: join(folder, 'other.json') };
  await assert.rejects(openKeys(config), /Move it: mv .*keys\.json .*other\.json/);
});

test('[ST-52] adds the next day’s key a day ahead and uses each for a day', async (t) => {
  const of = await kept(t);
  const store = await open(of, at(NOW));
  const first = inUse(store);
  assert.equal(ids(store).length, 2);
  const [next] = ids(store);
  assert.equal(await store.rotateIfDue(at(NOW + KEY_ROTATE_AFTER_MS - 1)), false);
  assert.equal(inUse(store), first);
  assert.equal(await store.rotateIfDue(at(NOW + KEY_ROTATE_AFTER_MS)), true);
  assert.equal(inUse(store), next);
  assert.equal(ids(store).length, 3);
  assert.ok(ids(store).includes(first));
});

test('[ST-52] lets another node verify the first receipt of each day', async (t) => {
  const of = await kept(t);
  const one = await open(of, at(NOW));
  const other = await open(of, at(NOW));
  assert.deepEqual(new Set(ids(other)), new Set(ids(one)));
  for (let day = 1; day <= 5; day++) {
    const now = at(NOW + day * KEY_ROTATE_AFTER_MS);
    assert.equal(await one.rotateIfDue(now), true);
    const receipt = new NodeSigner(() => one.ring).seal('session', 'a receipt');
    assert.equal(new NodeSigner(() => other.ring).open('session', receipt), 'a receipt');
    const ring = await readRing(of.store, of.keys);
    assert.equal(new NodeSigner(() => ring).open('session', receipt), 'a receipt');
    await other.rotateIfDue(now);
    assert.equal(inUse(other), inUse(one));
  }
});

test('[ST-52] keeps one key when two nodes add the next at once', async (t) => {
  const of = await kept(t);
  const nodes = await Promise.all([1, 2, 3].map(() => open(of, at(NOW))));
  for (const node of nodes) assert.deepEqual(ids(node), ids(nodes[0] ?? node));
  assert.equal(ids(nodes[0] ?? assert.fail()).length, 2);
});

test('[ST-52] keeps a key as long as its receipts are valid, then deletes it', async (t) => {
  const of = await kept(t);
  const store = await open(of, at(NOW));
  const first = inUse(store);
  const replacedAt = NOW + KEY_ROTATE_AFTER_MS;
  await store.rotateIfDue(at(replacedAt));
  assert.ok(KEY_RETIRED_KEPT_MS > RECEIPT_LIFETIME_MS);
  await store.rotateIfDue(at(replacedAt + KEY_ROTATE_AFTER_MS));
  assert.ok(ids(store).includes(first));
  await store.rotateIfDue(at(replacedAt + KEY_RETIRED_KEPT_MS));
  assert.ok(!ids(store).includes(first));
  const { rotating } = await of.store.run('keys.read', null);
  assert.ok(rotating.every(({ id }) => id !== first));
  assert.equal(rotating.length, 4);
});

test('drops no needed key when the clock jumps by thirty days', async (t) => {
  const days30 = 30 * 24 * 60 * 60 * 1_000;
  for (const jump of [days30, -days30]) {
    const store = await open(await kept(t), at(NOW));
    const before = inUse(store);
    assert.equal(await store.rotateIfDue(at(NOW + jump)), true);
    assert.ok(ids(store).includes(before));
    assert.notEqual(inUse(store), before);
  }
});

test("uses the next day's key while the store is away", async (t) => {
  const of = await kept(t);
  let isAway = false;
  const store: Pick<ModerationStore, 'run'> = {
    run: (name, input) =>
      isAway
        ? Promise.reject(new StoreError('failed', 'the store is away'))
        : of.store.run(name, input),
  };
  const node = await KeyStore.open(store, { path: '/nowhere', keys: of.keys }, at(NOW));
  const [next] = ids(node);
  isAway = true;
  await assert.rejects(node.rotateIfDue(at(NOW + KEY_ROTATE_AFTER_MS)), /is away/);
  assert.equal(inUse(node), next);
});

test('[ST-52] refuses rotating keys that were changed or swapped in the store', async (t) => {
  const of = await kept(t);
  await open(of, at(NOW));
  const { rotating } = await of.store.run('keys.read', null);
  const [one, two] = rotating;
  assert.ok(one !== undefined && two !== undefined);
  const bytes = JSON.stringify(rotating);
  for (const { tag, seal } of (await readRing(of.store, of.keys)).generations) {
    for (const key of [tag, seal]) {
      assert.ok(!bytes.includes(key.toString('base64url').slice(2, -2)));
    }
  }
  const replace = (key: StoredRotatingKey) =>
    of.store.run('keys.rotate', { after: two.id, add: [key], remove: [] });
  for (const changed of [
    { ...two, sealed: one.sealed },
    { ...two, fromMs: two.fromMs + 1 },
    { ...two, sealed: two.sealed.replace(/.{9}$/, 'AAAAAAAAA') },
    { ...two, sealed: two.sealed.replace(' ', '') },
  ]) {
    await replace(changed);
    await assert.rejects(open(of, at(NOW)), /rotating key .* in the store is damaged/);
  }
  await replace(two);
  await open(of, at(NOW));
});

test('[ST-16] reads the keys file again for a rotating key under a new text key', async (t) => {
  const of = await kept(t);
  const node = await open(of, at(NOW));
  const fresh = newTextKey();
  let words = of.keys.words;
  const other = await KeyStore.open(
    of.store,
    { path: '/nowhere', keys: of.keys },
    at(NOW),
    async () => words,
  );
  // Another process rotates the keys, and the node that notices adds the next day's key.
  words = [...words, fresh];
  node.useTextKeys([fresh]);
  const later = at(NOW + KEY_ROTATE_AFTER_MS);
  await node.rotateIfDue(later);
  await other.rotateIfDue(later);
  assert.deepEqual(other.ring.words, words);
  assert.deepEqual(new Set(ids(other)), new Set(ids(node)));
  const { rotating } = await of.store.run('keys.read', null);
  const again = resealed(textEncryptionOf({ ...of.keys, words }), rotating);
  const ring = await readRing(
    { run: (async () => ({ rotating: again })) as ModerationStore['run'] },
    { ...of.keys, words: [fresh] },
  );
  assert.deepEqual(new Set(ring.generations), new Set(node.ring.generations));
});

test('[ST-53] moves the rotating keys of version 0.1.0 to the store; receipts stay valid', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, KEYS_FILE);
  await writeFile(path, JSON.stringify(OLD_KEYS), { mode: 0o600 });
  const keys = await openKeys(embedded(folder));
  const of = await kept(t, keys);
  const now = { wallMs: OLD_AT_MS + 60_000, monotonicMs: 0 };
  const store = await KeyStore.open(of.store, { path, keys }, now);
  const check = (ring: KeyStore['ring']): void => {
    const signer = new NodeSigner(() => ring);
    for (const receipt of Object.values(OLD_RECEIPTS)) {
      assert.notEqual(openCallReceipt(signer, receipt), null);
    }
    assert.deepEqual(ring.words, keys.words);
  };
  check(store.ring);
  assert.equal(inUse(store), OLD.id);
  const after = await readKeysFile(path);
  assert.deepEqual(after, { ...keys, generations: [] });
  assert.ok(!(await readFile(path, 'utf8')).includes('generations'));
  // Also after the next start, and if the node was killed before it wrote the file.
  check((await KeyStore.open(of.store, { path, keys: after ?? keys }, now)).ring);
  const again = await KeyStore.open(of.store, { path, keys }, now);
  check(again.ring);
  assert.deepEqual(ids(again), ids(store));
});

test('refuses a keys file that others can read, and names the fix', async (t) => {
  const folder = await temporaryFolder(t);
  await openKeys(embedded(folder));
  const path = join(folder, KEYS_FILE);
  for (const mode of [0o640, 0o604, 0o644, 0o660, 0o601]) {
    await chmod(path, mode);
    await assert.rejects(
      openKeys(embedded(folder)),
      (error) => error instanceof StartError && error.message.includes(`chmod 600 ${path}`),
    );
  }
  await chmod(path, 0o400);
  await openKeys(embedded(folder));
});

test('refuses a folder in place of a keys file', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, KEYS_FILE);
  await mkdir(path);
  await assert.rejects(openKeys(embedded(folder)), {
    name: 'StartError',
    message: `${path} is a folder, not a file.`,
  });
});

test('refuses a damaged keys file and leaves it unchanged', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, KEYS_FILE);
  const old = OLD_KEYS;
  const [first] = old.generations;
  await openKeys(embedded(folder));
  const whole = await readFile(path, 'utf8');
  const value = JSON.parse(whole) as object;
  const damaged = [
    '',
    '{',
    '[]',
    'null',
    whole.slice(0, -10),
    JSON.stringify({ ...value, format: 4 }),
    JSON.stringify({ ...value, subject: 'short' }),
    JSON.stringify({ ...value, words: undefined }),
    JSON.stringify({ ...value, words: [{ id: 'one', key: 'short' }] }),
    JSON.stringify({ ...old, generations: [] }),
    JSON.stringify({ ...old, generations: [first, first] }),
    JSON.stringify({ ...old, generations: [{ ...first, seal: 'x' }] }),
    JSON.stringify({ ...old, generations: [{ ...first, id: 'a.b' }] }),
    JSON.stringify({ ...old, generations: [first, { ...first, createdAtWallMs: 'now' }] }),
  ];
  for (const text of damaged) {
    await writeFile(path, text);
    await assert.rejects(
      openKeys(embedded(folder)),
      (error) => error instanceof StartError && /damaged/.test(error.message),
      text,
    );
    assert.equal(await readFile(path, 'utf8'), text);
  }
});

test('reads a keys file from before text keys existed', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, KEYS_FILE);
  const { words: _, ...old } = OLD_KEYS;
  await writeFile(path, JSON.stringify({ ...old, format: 1 }), { mode: 0o600 });
  const keys = await readKeys(folder);
  assert.deepEqual(keys.words, []);
  assert.ok(keys.generations.length > 0);
  const of = await kept(t, keys);
  await KeyStore.open(of.store, { path, keys }, at(NOW));
  assert.deepEqual(await readKeys(folder), { ...keys, generations: [] });
});

test('[ST-51] gives each server another fingerprint, which is none of its keys', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'other'));
  const [one, other] = [newKeys(), newKeys()];
  assert.equal(fingerprintOf(one), fingerprintOf({ subject: Buffer.from(one.subject) }));
  assert.notEqual(fingerprintOf(one), fingerprintOf(other));
  // The fingerprint doesn't depend on keys that keys rotate replaces.
  const path = join(folder, 'other', KEYS_FILE);
  await writeKeysFile(path, { ...one, words: other.words });
  assert.equal(fingerprintOf((await readKeysFile(path)) ?? other), fingerprintOf(one));
});
