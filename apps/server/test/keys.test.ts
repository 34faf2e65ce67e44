import assert from 'node:assert/strict';
import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Instant } from '@farandole/kernel/clock';
import { RECEIPT_LIFETIME_MS } from '@farandole/protocol/limits';
import { KEYS_FILE, KeyStore, readKeys } from '../src/keys/keys.ts';
import { KEY_RETIRED_KEPT_MS, KEY_ROTATE_AFTER_MS } from '../src/limits.ts';
import { StartError } from '../src/start-error.ts';
import { temporaryFolder } from './support/test-server.ts';

const NOW = 1_800_000_000_000;

/** Returns the instant with date `wallMs` of a server that started at `NOW`. */
const at = (wallMs: number): Instant => ({ wallMs, monotonicMs: wallMs - NOW });

const ids = (store: KeyStore): readonly string[] => store.ring.generations.map(({ id }) => id);

test('creates keys once in an owner-only file and reads them back', async (t) => {
  const folder = await temporaryFolder(t);
  const made = await KeyStore.open(folder, at(NOW));
  assert.equal((await stat(join(folder, KEYS_FILE))).mode & 0o777, 0o600);
  const read = await KeyStore.open(folder, at(NOW));
  assert.deepEqual(read.ring, made.ring);
  assert.deepEqual(await readdir(folder), [KEYS_FILE]);
});

test('uses a key for a full day, to the millisecond', async (t) => {
  const folder = await temporaryFolder(t);
  const store = await KeyStore.open(folder, at(NOW));
  const [first] = ids(store);
  assert.equal(await store.rotateIfDue(at(NOW + KEY_ROTATE_AFTER_MS - 1)), false);
  assert.equal(await store.rotateIfDue(at(NOW + KEY_ROTATE_AFTER_MS)), true);
  assert.equal(ids(store).length, 2);
  assert.equal(ids(store)[0], first);
  assert.deepEqual(ids(await KeyStore.open(folder, at(NOW + KEY_ROTATE_AFTER_MS))), ids(store));
});

test('keeps a key as long as its receipts are valid', async (t) => {
  const store = await KeyStore.open(await temporaryFolder(t), at(NOW));
  const [first = ''] = ids(store);
  const replacedAt = NOW + KEY_ROTATE_AFTER_MS;
  await store.rotateIfDue(at(replacedAt));
  assert.ok(KEY_RETIRED_KEPT_MS > RECEIPT_LIFETIME_MS);
  await store.rotateIfDue(at(replacedAt + KEY_ROTATE_AFTER_MS));
  assert.ok(ids(store).includes(first));
  await store.rotateIfDue(at(replacedAt + KEY_RETIRED_KEPT_MS));
  assert.ok(!ids(store).includes(first));
  assert.equal(ids(store).length, 3);
});

test('drops no needed key when the clock jumps by thirty days', async (t) => {
  const days30 = 30 * 24 * 60 * 60 * 1_000;
  for (const jump of [days30, -days30]) {
    const store = await KeyStore.open(await temporaryFolder(t), at(NOW));
    const [inUse = ''] = ids(store);
    assert.equal(await store.rotateIfDue(at(NOW + jump)), true);
    assert.equal(ids(store)[0], inUse);
    assert.equal(ids(store).length, 2);
  }
});

test('makes one key for two concurrent rotations', async (t) => {
  const store = await KeyStore.open(await temporaryFolder(t), at(NOW));
  const later = NOW + KEY_ROTATE_AFTER_MS;
  await Promise.all([store.rotateIfDue(at(later)), store.rotateIfDue(at(later))]);
  assert.equal(ids(store).length, 2);
});

test("doesn't use a key that could not be written", async (t) => {
  const folder = await temporaryFolder(t);
  const store = await KeyStore.open(folder, at(NOW));
  const before = store.ring;
  await rm(folder, { recursive: true });
  await assert.rejects(store.rotateIfDue(at(NOW + KEY_ROTATE_AFTER_MS)), { code: 'ENOENT' });
  assert.equal(store.ring, before);
});

test('refuses a key file that others can read, and names the fix', async (t) => {
  const folder = await temporaryFolder(t);
  await KeyStore.open(folder, at(NOW));
  const path = join(folder, KEYS_FILE);
  for (const mode of [0o640, 0o604, 0o644, 0o660, 0o601]) {
    await chmod(path, mode);
    await assert.rejects(
      KeyStore.open(folder, at(NOW)),
      (error) => error instanceof StartError && error.message.includes(`chmod 600 ${path}`),
    );
  }
  await chmod(path, 0o400);
  await KeyStore.open(folder, at(NOW));
});

test('refuses a damaged key file and leaves it unchanged', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, KEYS_FILE);
  await KeyStore.open(folder, at(NOW));
  const whole = await readFile(path, 'utf8');
  const value = JSON.parse(whole) as { generations: Record<string, unknown>[] };
  const [first] = value.generations;
  const damaged = [
    '',
    '{',
    '[]',
    'null',
    whole.slice(0, -10),
    JSON.stringify({ ...value, format: 3 }),
    JSON.stringify({ ...value, subject: 'short' }),
    JSON.stringify({ ...value, words: undefined }),
    JSON.stringify({ ...value, words: [{ id: 'one', key: 'short' }] }),
    JSON.stringify({ ...value, generations: [] }),
    JSON.stringify({ ...value, generations: [first, first] }),
    JSON.stringify({ ...value, generations: [{ ...first, seal: 'x' }] }),
    JSON.stringify({ ...value, generations: [{ ...first, id: 'a.b' }] }),
    JSON.stringify({ ...value, generations: [first, { ...first, createdAtWallMs: 'now' }] }),
  ];
  for (const text of damaged) {
    await writeFile(path, text);
    await assert.rejects(
      KeyStore.open(folder, at(NOW)),
      (error) => error instanceof StartError && /damaged/.test(error.message),
      text,
    );
    assert.equal(await readFile(path, 'utf8'), text);
  }
});

test('adds text keys to a key file of an earlier version', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, KEYS_FILE);
  const { subject, generations } = (await KeyStore.open(folder, at(NOW))).ring;
  const { words: _, ...rest } = JSON.parse(await readFile(path, 'utf8')) as { words: unknown };
  await writeFile(path, JSON.stringify({ ...rest, format: 1 }));
  assert.deepEqual(await readKeys(folder), { subject, generations, words: [] });
  const { ring } = await KeyStore.open(folder, at(NOW));
  assert.equal(ring.words.length, 1);
  assert.deepEqual(await readKeys(folder), ring);
  assert.deepEqual([ring.subject, ring.generations], [subject, generations]);
});
