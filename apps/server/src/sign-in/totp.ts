import { Secret, TOTP } from 'otpauth';

/** RFC 4226 requires 128 bits and recommends 160. */
const SECRET_BYTES = 20;
/** Steps that the user's clock may be behind or ahead. */
const STEPS_OFF_MAX = 1;

/** A new secret for an authenticator app, in base32 (RFC 4648). */
export function freshTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/**
 * The step that a code belongs to, at most STEPS_OFF_MAX away from now; null if it belongs to none.
 * Codes are what every app makes by default: SHA-1, six digits, a step of 30 seconds (RFC 6238).
 */
export function totpStepOf(secret: string, code: string, nowMs: number): number | null {
  const totp = new TOTP({ secret });
  const off = totp.validate({ token: code, timestamp: nowMs, window: STEPS_OFF_MAX });
  return off === null ? null : totp.counter({ timestamp: nowMs }) + off;
}

/** The address that an authenticator app reads, from a link or a QR code. */
export function totpAddress(site: string, name: string, secret: string): string {
  const label = `${encodeURIComponent(site)}:${encodeURIComponent(name)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(site)}`;
}

/** Base32 without padding. */
export function base32Of(bytes: Buffer): string {
  return Secret.fromHex(bytes.toString('hex')).base32;
}
