import { verify } from 'node:crypto';

/**
 * Length in bytes of an uncompressed elliptic-curve point, which is a 4, x and y (SEC 1, section
 * 2.3.3).
 */
const POINT_BYTES = 65;
/** The bytes before the point in a SubjectPublicKeyInfo of P-256 (RFC 5480, section 2). */
const SPKI_PREFIX = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');
const SIGNATURE_BYTES = 64;

/**
 * Returns the point of a device's public key if the signature over the payload verifies, or null.
 *
 * @param publicKey uncompressed point of P-256, base64url
 * @param signature r and s, base64url
 */
export function signingPoint(publicKey: string, payload: string, signature: string): Buffer | null {
  const point = readBase64Url(publicKey);
  const rAndS = readBase64Url(signature);
  if (point === null || point.length !== POINT_BYTES || point[0] !== 4) return null;
  if (rAndS === null || rAndS.length !== SIGNATURE_BYTES) return null;
  return isSignedBy(point, Buffer.from(payload, 'utf8'), rAndS) ? point : null;
}

/** Returns whether a signature verifies. Returns false if the point isn't on the curve. */
function isSignedBy(point: Buffer, payload: Buffer, rAndS: Buffer): boolean {
  // Passes the public key as bytes, because a KeyObject would be created for a single use.
  const key = Buffer.concat([SPKI_PREFIX, point]);
  try {
    return verify(
      'sha256',
      payload,
      { key, format: 'der', type: 'spki', dsaEncoding: 'ieee-p1363' },
      rAndS,
    );
  } catch {
    // Node throws here only if the point is invalid.
    return false;
  }
}

/** Decodes base64url. Returns null if the text isn't the canonical encoding of its bytes. */
export function readBase64Url(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}
