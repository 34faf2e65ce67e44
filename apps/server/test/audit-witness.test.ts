import assert from 'node:assert/strict';
import { verify } from 'node:crypto';
import { test } from 'node:test';
import { AuditWitness, parseSigned } from '../src/store/audit-witness.ts';

const CHECKPOINT = { seq: 12, hash: 'a'.repeat(64), seal: 'a-seal' };
const witnessOf = (byte: number) => new AuditWitness(new Uint8Array(32).fill(byte));

test('[ST-23] verifies a four-line audit checkpoint with only the public key', () => {
  const signed = witnessOf(1).sign(CHECKPOINT, Date.UTC(2026, 0, 1));
  const lines = `farandole audit checkpoint 1\n12\n${'a'.repeat(64)}\n2026-01-01T00:00:00.000Z\n`;
  const signature = Buffer.from(signed.signature, 'base64url');
  assert.ok(verify(null, Buffer.from(lines), signed.publicKey, signature));
  assert.deepEqual(parseSigned(JSON.stringify(signed)), signed);
});

test('[ST-23] rejects altered audit checkpoints and those of other signers', () => {
  const witness = witnessOf(1);
  const signed = witness.sign(CHECKPOINT, 0);
  assert.ok(witness.holds(signed));
  assert.ok(witnessOf(1).holds(signed), 'the same key is made again');
  for (const change of [{ seq: 13 }, { hash: 'b'.repeat(64) }, { at: 'now' }, { signature: '' }]) {
    assert.equal(witness.holds({ ...signed, ...change }), false, JSON.stringify(change));
  }
  assert.notEqual(witnessOf(2).publicKey, witness.publicKey);
  assert.equal(witness.holds(witnessOf(2).sign(CHECKPOINT, 0)), false);
});

test('[ST-23] returns null for a malformed audit checkpoint file', () => {
  for (const text of ['', '{', 'null', '[]', '{"seq":1}', '{"seq":"1","hash":"","seal":""}']) {
    assert.equal(parseSigned(text), null, text);
  }
});
