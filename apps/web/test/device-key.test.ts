import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helloPayload } from '@farandole/protocol/hello-payload';
import { base64Url, type KeyStore, openDeviceKey } from '../src/signal/device-key.ts';

const { subtle } = crypto;

class MemoryKeyStore implements KeyStore {
  pair: CryptoKeyPair | null = null;

  load(): Promise<CryptoKeyPair | null> {
    return Promise.resolve(this.pair);
  }

  keep(pair: CryptoKeyPair): Promise<CryptoKeyPair> {
    this.pair ??= pair;
    return Promise.resolve(this.pair);
  }
}

const blocked: KeyStore = {
  load: () => Promise.reject(new Error('storage is blocked')),
  keep: () => Promise.reject(new Error('storage is blocked')),
};

test("[PR-11] signs exactly the hello's payload, in the protocol's format", async () => {
  const key = await openDeviceKey(new MemoryKeyStore(), subtle);
  assert.match(key.publicKey, /^[A-Za-z0-9_-]{87}$/);
  const payload = helloPayload('nonce-0001', 'session-0001');
  const signature = await key.sign(payload);
  assert.match(signature, /^[A-Za-z0-9_-]{86}$/);
  const verifier = await subtle.importKey(
    'raw',
    Buffer.from(key.publicKey, 'base64url'),
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['verify'],
  );
  const verify = (text: string): Promise<boolean> =>
    subtle.verify(
      { name: 'ECDSA', hash: 'SHA-256' },
      verifier,
      Buffer.from(signature, 'base64url'),
      Buffer.from(text),
    );
  assert.equal(await verify(payload), true);
  assert.equal(await verify(`${payload}x`), false);
});

test("reuses the stored device key, whose private part can't be exported", async () => {
  const store = new MemoryKeyStore();
  const first = await openDeviceKey(store, subtle);
  const second = await openDeviceKey(store, subtle);
  assert.equal(first.publicKey, second.publicKey);
  assert.equal(store.pair?.privateKey.extractable, false);
  await assert.rejects(subtle.exportKey('jwk', store.pair?.privateKey ?? assert.fail()));
});

test('makes two tabs that create device keys concurrently use one key', async () => {
  const store = new MemoryKeyStore();
  const [one, two] = await Promise.all([
    openDeviceKey(store, subtle),
    openDeviceKey(store, subtle),
  ]);
  assert.equal(one.publicKey, two.publicKey);
});

test('keeps the device key until the page closes if storage is blocked', async () => {
  const key = await openDeviceKey(blocked, subtle);
  assert.match(await key.sign('anything'), /^[A-Za-z0-9_-]{86}$/);
});

test('creates a new device key after the stored key is lost', async () => {
  const one = await openDeviceKey(new MemoryKeyStore(), subtle);
  const two = await openDeviceKey(new MemoryKeyStore(), subtle);
  assert.notEqual(one.publicKey, two.publicKey);
});

test('encodes bytes as base64url without padding', () => {
  assert.equal(base64Url(new Uint8Array([251, 255, 190, 1]).buffer), '-_--AQ');
});
