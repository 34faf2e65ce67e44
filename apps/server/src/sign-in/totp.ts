import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Codes of an authenticator app by time (RFC 6238): SHA-1, six digits, 30 seconds, as all of them do. */
const STEP_MS = 30_000;
const DIGITS = 6;
/** RFC 4226 asks for 128 bits at least, and recommends 160. */
const SECRET_BYTES = 20;
/** A clock may be a step behind or ahead. */
const STEPS_OFF = [0, -1, 1];
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A secret to be shared with an authenticator, in base32 (RFC 4648). */
export function freshTotpSecret(): string {
  return base32Of(randomBytes(SECRET_BYTES));
}

/** The code of a step, which is a count of half minutes since 1970. */
export function totpAt(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', bytesOf(secret)).update(counter).digest();
  // Dynamic truncation, RFC 4226, section 5.3.
  const at = (mac[mac.length - 1] ?? 0) & 0x0f;
  const number = mac.readUInt32BE(at) & 0x7fff_ffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** The step that a code is of, now or one away; null for a code of none of them. */
export function totpStepOf(secret: string, code: string, nowMs: number): number | null {
  const given = Buffer.from(code.padEnd(DIGITS).slice(0, DIGITS + 1));
  let found: number | null = null;
  for (const off of STEPS_OFF) {
    const step = Math.floor(nowMs / STEP_MS) + off;
    const expected = Buffer.from(totpAt(secret, step));
    if (given.length === expected.length && timingSafeEqual(given, expected)) found = step;
  }
  return found;
}

/** What an authenticator app takes from a link or a picture. */
export function totpAddress(site: string, name: string, secret: string): string {
  const label = `${encodeURIComponent(site)}:${encodeURIComponent(name)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(site)}`;
}

/** Base32 without padding; a chance of 5 bits a letter. */
export function base32Of(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  const letters = bits.match(/.{5}/g) ?? [];
  return letters.map((five) => LETTERS[Number.parseInt(five, 2)]).join('');
}

function bytesOf(base32: string): Buffer {
  let bits = '';
  for (const letter of base32) bits += LETTERS.indexOf(letter).toString(2).padStart(5, '0');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
