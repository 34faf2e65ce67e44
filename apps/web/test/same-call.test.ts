import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { certificatesOf } from '../src/call/certificates.ts';
import { sameCallWords } from '../src/call/same-call.ts';
import { SAME_CALL_WORDS } from '../src/call/same-call-words.ts';

const sha256 = (bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> =>
  webcrypto.subtle.digest('SHA-256', bytes);

const fingerprint = (byte: number): string =>
  Array.from({ length: 32 }, () => byte.toString(16).padStart(2, '0').toUpperCase()).join(':');
const [A, B, M] = [fingerprint(0xa1), fingerprint(0xb2), fingerprint(0xc3)];

const sdp = (...lines: readonly string[]): string =>
  ['v=0', ...lines, 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:0', ''].join('\r\n');

test('gives both ends of a call the same three comparison words', async () => {
  const words = await sameCallWords({ own: A, peer: B }, sha256);
  assert.deepEqual(words, await sameCallWords({ own: B, peer: A }, sha256));
  // The test expects fixed words, because pages of different versions must derive the same words.
  assert.deepEqual(words, ['million', 'puzzle', 'lion']);
});

test('gives both users different words if the connection is intercepted', async () => {
  const code = async (own: string, peer: string): Promise<string> =>
    (await sameCallWords({ own, peer }, sha256)).join(' ');
  assert.notEqual(await code(A, M), await code(B, M));
  assert.notEqual(await code(A, M), await code(A, B));
});

test('chooses every comparison word with equal probability', async () => {
  const seen = new Set<string>();
  for (let n = 0; n < 1_500; n += 1) {
    const peer = `${fingerprint(n % 256).slice(0, -5)}${String(n).padStart(5, '0')}`;
    for (const word of await sameCallWords({ own: A, peer }, sha256)) seen.add(word);
  }
  assert.equal(seen.size, SAME_CALL_WORDS.length);
});

test('has 256 short comparison words that differ in at least two letters', () => {
  assert.equal(SAME_CALL_WORDS.length, 2 ** 8);
  for (const word of SAME_CALL_WORDS) assert.match(word, /^[a-z]{3,7}$/);
  SAME_CALL_WORDS.forEach((word, at) => {
    for (const other of SAME_CALL_WORDS.slice(at + 1)) {
      assert.ok(distance(word, other) >= 2, `${word} and ${other} are too alike`);
    }
  });
});

test('reads both certificate fingerprints anywhere in the descriptions', () => {
  const session = sdp(`a=fingerprint:sha-256 ${A}`);
  const eachLine = sdp(`a=fingerprint:SHA-256 ${B.toLowerCase()}`, `a=fingerprint:sha-256 ${B}`);
  assert.deepEqual(certificatesOf(session, eachLine), { own: A, peer: B });
});

test('returns no comparison words without exactly one fingerprint per side', () => {
  const one = sdp(`a=fingerprint:sha-256 ${A}`);
  assert.equal(certificatesOf(one, sdp()), null);
  // A man in the middle could add a second fingerprint, so that the page shows another certificate
  // than its own.
  assert.equal(
    certificatesOf(one, sdp(`a=fingerprint:sha-256 ${B}`, `a=fingerprint:sha-256 ${M}`)),
    null,
  );
  assert.equal(
    certificatesOf(one, sdp(`a=fingerprint:sha-256 ${B}`, `a=fingerprint:sha-512 ${M}`)),
    null,
  );
});

test('reads fingerprints from any session description without throwing', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (local, remote) => {
      const read = certificatesOf(local, `a=fingerprint:${remote}`);
      return read === null || read.own.length === A.length;
    }),
  );
});

function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, n) => n);
  for (const [at, letter] of one.split('').entries()) {
    const next = [at + 1];
    for (const [to, its] of other.split('').entries()) {
      const changed = (row[to] ?? 0) + (letter === its ? 0 : 1);
      next.push(Math.min((row[to + 1] ?? 0) + 1, (next[to] ?? 0) + 1, changed));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
