import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { TestDevice } from '@farandole/e2e/test-device';
import { brandId, type ConnectionId, type DeviceKeyId } from '@farandole/kernel/id';
import fc from 'fast-check';
import { DeviceChecks } from '../src/keys/device-checks.ts';

type Answer = (device: DeviceKeyId | null) => void;

/** Verifies signatures one after another, with a new connection for each. */
class Asker {
  readonly checks: DeviceChecks;
  readonly #answers = new Map<ConnectionId, Answer>();

  constructor(keysMax?: number) {
    this.checks = new DeviceChecks(keysMax);
    this.checks.attach((connection, device) => this.#answers.get(connection)?.(device));
  }

  async verify(publicKey: string, payload: string, signature: string): Promise<string | null> {
    const connection = brandId<ConnectionId>(`connection-${this.#answers.size}`);
    return await new Promise((resolve) => {
      this.#answers.set(connection, resolve);
      const answer = this.checks.verify({ publicKey, payload, signature }, connection);
      if (answer !== 'later') resolve(answer);
    });
  }
}

const asker = new Asker();

test('verifies a device signature over exactly its payload', async () => {
  const device = new TestDevice();
  const id = createHash('sha256')
    .update(Buffer.from(device.publicKey, 'base64url'))
    .digest('base64url');
  for (let time = 0; time < 2; time++) {
    const signed = [device.publicKey, 'payload', device.sign('payload')] as const;
    assert.equal(await asker.verify(...signed), id);
    assert.equal(await asker.verify(device.publicKey, 'payloae', device.sign('payload')), null);
  }
  const other = new TestDevice();
  assert.equal(await asker.verify(other.publicKey, 'payload', device.sign('payload')), null);
});

test('refuses a device signature or key with any bit changed', async () => {
  const device = new TestDevice();
  const signature = device.sign('payload');
  const flip = (text: string, bit: number): string => {
    const bytes = Buffer.from(text, 'base64url');
    const place = bit % (bytes.length * 8);
    bytes[place >> 3] = (bytes[place >> 3] ?? 0) ^ (1 << (place & 7));
    return bytes.toString('base64url');
  };
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (bit) => {
      assert.equal(await asker.verify(device.publicKey, 'payload', flip(signature, bit)), null);
      assert.equal(await asker.verify(flip(device.publicKey, bit), 'payload', signature), null);
    }),
  );
});

test('refuses points off the curve and signatures of zeros', async () => {
  const device = new TestDevice();
  const zeros = Buffer.alloc(64).toString('base64url');
  const points = [
    Buffer.concat([Buffer.of(4), Buffer.alloc(64)]),
    Buffer.concat([Buffer.of(4), Buffer.alloc(64, 0xff)]),
    Buffer.concat([Buffer.of(4), randomBytes(64)]),
    Buffer.concat([Buffer.of(2), randomBytes(32)]),
    Buffer.alloc(65),
    Buffer.alloc(0),
  ];
  for (const point of points) {
    const key = point.toString('base64url');
    assert.equal(await asker.verify(key, 'payload', device.sign('payload')), null);
  }
  assert.equal(await asker.verify(device.publicKey, 'payload', zeros), null);
  assert.equal(await asker.verify(device.publicKey, 'payload', ''), null);
});

test('keeps the keys that signed last, and none that never signed', async () => {
  const small = new Asker(2);
  const [ada, bo, cy] = [new TestDevice(), new TestDevice(), new TestDevice()];
  await small.verify(ada.publicKey, 'payload', bo.sign('payload'));
  assert.equal(small.checks.keys, 0);
  for (const device of [ada, bo, cy]) {
    assert.notEqual(await small.verify(device.publicKey, 'x', device.sign('x')), null);
    assert.equal(await small.verify(device.publicKey, 'y', device.sign('x')), null);
  }
  assert.equal(small.checks.keys, 2);
});
