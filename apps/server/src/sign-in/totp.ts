import { Secret, TOTP } from 'otpauth';

/** 160 bits, as RFC 4226 recommends; it requires 128. */
const SECRET_BYTES = 20;
/** Number of steps by which the user's clock may be behind or ahead. */
const STEPS_OFF_MAX = 1;

/** Makes a secret for an authenticator app, in base32 (RFC 4648). */
export function freshTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/**
 * Returns the step to which a code belongs, if it is at most STEPS_OFF_MAX steps from now;
 * otherwise null. All apps make such codes by default, with SHA-1, six digits and a step of 30
 * seconds (RFC 6238).
 */
export function totpStepOf(secret: string, code: string, nowMs: number): number | null {
  const totp = new TOTP({ secret });
  const off = totp.validate({ token: code, timestamp: nowMs, window: STEPS_OFF_MAX });
  return off === null ? null : totp.counter({ timestamp: nowMs }) + off;
}

/** Returns the address that an authenticator app reads from a link or a QR code. */
export function totpAddress(site: string, name: string, secret: string): string {
  const label = `${encodeURIComponent(site)}:${encodeURIComponent(name)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(site)}`;
}

/** Returns base32 without padding. */
export function base32Of(bytes: Buffer): string {
  return Secret.fromHex(bytes.toString('hex')).base32;
}
