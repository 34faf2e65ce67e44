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
/** Order of the curve P-256, which a signature's numbers are below. */
const ORDER = Buffer.from(
  'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
  'hex',
);

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

test('verifies signatures whose numbers begin with zeros or a set bit', async () => {
  const device = new TestDevice();
  const isFound = { zero: [false, false], bit: [false, false] };
  while (![...isFound.zero, ...isFound.bit].every(Boolean)) {
    const payload = randomBytes(8).toString('hex');
    const signature = device.sign(payload);
    const bytes = Buffer.from(signature, 'base64url');
    const first = [bytes[0] ?? 0, bytes[32] ?? 0];
    const isZero = first.map((byte) => byte === 0);
    const isBit = first.map((byte) => byte >= 0x80);
    const isNew =
      isZero.some((is, at) => is && isFound.zero[at] !== true) ||
      isBit.some((is, at) => is && isFound.bit[at] !== true);
    if (!isNew) continue;
    isFound.zero = isFound.zero.map((is, at) => is || isZero[at] === true);
    isFound.bit = isFound.bit.map((is, at) => is || isBit[at] === true);
    assert.notEqual(await asker.verify(device.publicKey, payload, signature), null);
    assert.equal(await asker.verify(device.publicKey, `${payload}.`, signature), null);
  }
});

test('refuses signatures whose numbers are zero or too large', async () => {
  const device = new TestDevice();
  const good = Buffer.from(device.sign('payload'), 'base64url');
  for (const bad of [Buffer.alloc(32), Buffer.alloc(32, 0xff), ORDER]) {
    for (const at of [0, 32]) {
      const bytes = Buffer.from(good);
      bad.copy(bytes, at);
      const signature = bytes.toString('base64url');
      assert.equal(await asker.verify(device.publicKey, 'payload', signature), null);
    }
  }
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
