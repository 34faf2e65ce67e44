import assert from 'node:assert/strict';
import { createHash, randomBytes, sign } from 'node:crypto';
import { test } from 'node:test';
import { selfSigned } from '@farandole/storage/test/self-signed';
import { SettingsService } from '@simplewebauthn/server';
import { verifyCreation } from '../../src/sign-in/passkey.ts';
import { SoftPasskey } from '../support/soft-passkey.ts';

const ORIGIN = 'https://meet.example.org';

interface Created {
  readonly response: { readonly clientDataJSON: string; readonly attestationObject: string };
}

function cbor(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const kind = typeof value === 'string' ? 0x60 : 0x40;
  const head =
    bytes.length < 24 ? [kind + bytes.length] : [kind + 25, bytes.length >> 8, bytes.length & 0xff];
  return Buffer.concat([Buffer.from(head), bytes]);
}

function sha256(...parts: readonly Buffer[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

/** Makes an attestation as older Android phones do, signed with a certificate. */
function letterOfMaker(authData: Buffer, clientData: Buffer): Buffer {
  const { cert, key } = selfSigned('127.0.0.1', 'attest.android.com');
  const x5c = [cert.replaceAll(/-----[A-Z ]+-----|\n/g, '')];
  const nonce = sha256(authData, sha256(clientData)).toString('base64');
  const said = { nonce, ctsProfileMatch: true, timestampMs: Date.now() - 1 };
  const text = [{ alg: 'ES256', x5c }, said]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign('sha256', Buffer.from(text), key).toString('base64url');
  return Buffer.from(`${text}.${signature}`);
}

test('[MO-102] refuses a passkey attestation without contacting other hosts', async (t) => {
  // With this root certificate the library would accept the attestation. No revocation server is
  // configured, so the test contacts no host.
  SettingsService.setRootCertificates({ identifier: 'android-safetynet', certificates: [] });
  t.mock.method(globalThis, 'fetch', () => assert.fail('a host was asked'));
  const challenge = randomBytes(32).toString('base64url');
  const created = new SoftPasskey(ORIGIN).create({
    challenge,
    rp: { id: 'meet.example.org' },
  }) as Created;
  const asked = { origin: ORIGIN, challenge };
  assert.ok((await verifyCreation(created, asked)) !== null, 'without a word of its maker');
  const plain = Buffer.from(created.response.attestationObject, 'base64url');
  const authData = plain.subarray(plain.indexOf('authData') + 'authData'.length + 2);
  const clientData = Buffer.from(created.response.clientDataJSON, 'base64url');
  const attestation = Buffer.concat([
    Buffer.from([0xa3]),
    ...[cbor('fmt'), cbor('android-safetynet'), cbor('attStmt'), Buffer.from([0xa2])],
    ...[cbor('ver'), cbor('1'), cbor('response'), cbor(letterOfMaker(authData, clientData))],
    ...[cbor('authData'), cbor(authData)],
  ]);
  const response = { ...created.response, attestationObject: attestation.toString('base64url') };
  assert.equal(await verifyCreation({ ...created, response }, asked), null);
});
