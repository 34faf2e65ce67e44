import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TextEncryption } from '../src/text-encryption.ts';
import { ANOTHER_KEY, KEY } from './support/keys.ts';

const seal = new TextEncryption(KEY);

test('[ST-12] decrypts each text under its own id and key', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, name) => {
      assert.equal(seal.open(name, seal.seal(name, text)), text);
    }),
    { seed: 12, numRuns: 100 },
  );
});

test('[ST-12] decrypts no changed text, and no text under another id or key', () => {
  const one = seal.seal('report:1', 'something');
  const two = seal.seal('report:2', 'something');
  assert.notEqual(one.sealed, two.sealed);
  const fails = (open: () => string) => assert.throws(open, { name: 'StoreError', code: 'failed' });
  fails(() => seal.open('report:2', one));
  fails(() => new TextEncryption(ANOTHER_KEY).open('report:1', one));
  fails(() => seal.open('report:1', { ...one, sealed: two.sealed }));
  fails(() => seal.open('report:1', { ...one, wrapped: two.wrapped }));
  for (const field of ['sealed', 'wrapped'] as const) {
    const bytes = Buffer.from(one[field], 'base64url');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      fails(() => seal.open('report:1', { ...one, [field]: changed.toString('base64url') }));
      fails(() => seal.open('report:1', { ...one, [field]: bytes.toString('base64url', 0, at) }));
    }
  }
});

test('[ST-12] requires 256-bit keys for texts', () => {
  for (const length of [0, 31, 33]) {
    const key = new Uint8Array(length);
    assert.throws(() => new TextEncryption(key));
    assert.throws(() => new TextEncryption(KEY, [{ id: 'one', key }]));
  }
});

test('[ST-16] stores each text’s key name, encrypts with the newest, requires all keys', () => {
  const one = { id: 'one', key: new Uint8Array(32).fill(1) };
  const two = { id: 'two', key: new Uint8Array(32).fill(2) };
  const both = new TextEncryption(KEY, [one, two]);
  const last = new TextEncryption(KEY, [two]);
  const byFirst = seal.seal('report:1', 'of before keys had names');
  const byOne = new TextEncryption(KEY, [one]).seal('report:1', 'of the earlier key');
  for (const sealed of [byFirst, byOne]) {
    const text = both.open('report:1', sealed);
    const wrapped = both.rewrap('report:1', sealed.wrapped);
    assert.ok(wrapped !== null);
    assert.equal(last.open('report:1', { ...sealed, wrapped }), text);
    assert.throws(() => new TextEncryption(KEY, [one]).open('report:1', { ...sealed, wrapped }));
    assert.equal(both.rewrap('report:2', sealed.wrapped), null, 'the name stays authenticated');
  }
  assert.equal(last.rewrap('report:1', byOne.wrapped), null);
  assert.throws(() => last.open('report:1', byOne), { code: 'text-key-missing' });
  assert.throws(() => seal.open('report:1', both.seal('report:1', 'something')));
});
