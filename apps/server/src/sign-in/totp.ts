import { Secret, TOTP } from 'otpauth';

/**
 * Length in bytes of an authenticator app's secret. RFC 4226 recommends these 160 bits and requires
 * 128.
 */
const SECRET_BYTES = 20;
/** Number of time steps by which the user's clock may be behind or ahead. */
const STEPS_OFF_MAX = 1;

/** Makes a secret for an authenticator app, in base32 (RFC 4648). */
export function freshTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/**
 * Returns the time step of an authenticator app's code; null if no step within STEPS_OFF_MAX of the
 * current one has this code. All apps by default make such codes, with SHA-1, six digits and a step
 * of 30 seconds (RFC 6238).
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

/** Encodes bytes in base32 without padding. */
export function base32Of(bytes: Buffer): string {
  return Secret.fromHex(bytes.toString('hex')).base32;
}
