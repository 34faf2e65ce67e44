import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TOTP } from 'otpauth';
import { base32Of, freshTotpSecret, totpAddress, totpStepOf } from '../../src/sign-in/totp.ts';

/** Secret of the examples in RFC 6238, appendix B. */
const SECRET = base32Of(Buffer.from('12345678901234567890'));

test('computes the example TOTP codes of RFC 6238', () => {
  assert.equal(SECRET, 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  for (const [seconds, code] of [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ] as const) {
    assert.equal(totpStepOf(SECRET, code, 1_000 * seconds), Math.floor(seconds / 30));
  }
});

test('accepts TOTP codes of the current time step and its neighbours', () => {
  const code = new TOTP({ secret: SECRET }).generate({ timestamp: 30_000_000 });
  for (const [step, found] of [
    [998, null],
    [999, 1_000],
    [1_000, 1_000],
    [1_001, 1_000],
    [1_002, null],
  ] as const) {
    assert.equal(totpStepOf(SECRET, code, step * 30_000 + 29_999), found);
  }
  for (const wrong of ['', code.slice(1), `${code}0`, ` ${code}`, 'abcdef']) {
    assert.equal(totpStepOf(SECRET, wrong, 30_000_000), null, wrong);
  }
});

test('makes a 160-bit TOTP secret and an address for authenticator apps', () => {
  const secret = freshTotpSecret();
  assert.match(secret, /^[A-Z2-7]{32}$/);
  assert.notEqual(freshTotpSecret(), secret);
  assert.equal(
    totpAddress('Café & co', 'Ana: one', 'SECRET'),
    'otpauth://totp/Caf%C3%A9%20%26%20co:Ana%3A%20one?secret=SECRET&issuer=Caf%C3%A9%20%26%20co',
  );
});
