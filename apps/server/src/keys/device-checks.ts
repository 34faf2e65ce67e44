import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { DeviceSignature, Devices } from '@farandole/gateway/devices';
import { brandId, type ConnectionId, type DeviceKeyId } from '@farandole/kernel/id';
import { DEVICE_KEYS_KEPT_MAX } from '../limits.ts';

/**
 * Length in bytes of an uncompressed elliptic-curve point, which is a 4, x and y (SEC 1, section
 * 2.3.3).
 */
const POINT_BYTES = 65;
/** The bytes before the point in a SubjectPublicKeyInfo of P-256 (RFC 5480, section 2). */
const SPKI_PREFIX = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');
/** A signature is its numbers r and s, with 32 bytes each (IEEE P1363). */
const SIGNATURE_BYTES = 64;

interface DeviceKey {
  readonly key: KeyObject;
  readonly device: DeviceKeyId;
}

type OnVerified = (connection: ConnectionId, device: DeviceKeyId | null) => void;

/**
 * Verifies the signatures of device keys in libuv's thread pool, because one takes as long as ten
 * chat lines. Keeps the keys that signed last, because importing a key takes a third as long.
 */
export class DeviceChecks implements Devices {
  readonly #keysMax: number;
  /** Imported keys by their text, the one that signed last at the end. */
  readonly #keys = new Map<string, DeviceKey>();
  #onVerified: OnVerified | null = null;

  constructor(keysMax = DEVICE_KEYS_KEPT_MAX) {
    this.#keysMax = keysMax;
  }

  /** Number of imported keys in memory. */
  get keys(): number {
    return this.#keys.size;
  }

  /** Sets the receiver of the results. Called once, before the first socket opens. */
  attach(onVerified: OnVerified): void {
    this.#onVerified = onVerified;
  }

  verify(
    { publicKey, payload, signature }: DeviceSignature,
    connection: ConnectionId,
  ): null | 'later' {
    const rAndS = readBase64Url(signature);
    if (rAndS === null || rAndS.length !== SIGNATURE_BYTES) return null;
    const known = this.#keys.get(publicKey) ?? importKey(publicKey);
    if (known === null) return null;
    // The key is given without options and the signature in DER, because Node throws and catches
    // two errors for an object with options, which takes longer than the rest of this thread's work.
    const der = derOf(rAndS);
    verify('sha256', Buffer.from(payload, 'utf8'), known.key, der, (_, isValid) => {
      if (isValid) this.#keep(publicKey, known);
      this.#onVerified?.(connection, isValid ? known.device : null);
    });
    return 'later';
  }

  #keep(publicKey: string, known: DeviceKey): void {
    this.#keys.delete(publicKey);
    this.#keys.set(publicKey, known);
    const [oldest] = this.#keys.keys();
    if (this.#keys.size > this.#keysMax && oldest !== undefined) this.#keys.delete(oldest);
  }
}

/** Returns null if the text isn't a point of the curve. */
function importKey(publicKey: string): DeviceKey | null {
  const point = readBase64Url(publicKey);
  if (point === null || point.length !== POINT_BYTES || point[0] !== 4) return null;
  // The key is given as text, for the reason that `verify` gives.
  const body = Buffer.concat([SPKI_PREFIX, point]).toString('base64');
  try {
    const key = createPublicKey(`-----BEGIN PUBLIC KEY-----\n${body}\n-----END PUBLIC KEY-----\n`);
    const device = createHash('sha256').update(point).digest('base64url');
    return { key, device: brandId<DeviceKeyId>(device) };
  } catch {
    // Node throws here only if the point isn't on the curve.
    return null;
  }
}

/** Encodes a signature as the ASN.1 sequence of its two numbers (RFC 3279, section 2.2.3). */
function derOf(rAndS: Buffer): Buffer {
  const half = SIGNATURE_BYTES / 2;
  const numbers = [integerOf(rAndS.subarray(0, half)), integerOf(rAndS.subarray(half))];
  const byteLength = numbers.reduce((sum, number) => sum + number.length, 0);
  return Buffer.concat([Buffer.of(0x30, byteLength), ...numbers]);
}

/** Encodes a positive number as an ASN.1 integer, which has no needless leading zeros. */
function integerOf(bytes: Buffer): Buffer {
  let from = 0;
  while (from < bytes.length - 1 && bytes[from] === 0) from += 1;
  const digits = bytes.subarray(from);
  // A number whose first bit is set would be negative.
  const sign = (digits[0] ?? 0) >= 0x80 ? [0] : [];
  return Buffer.concat([Buffer.of(0x02, sign.length + digits.length, ...sign), digits]);
}

/** Decodes base64url. Returns null if the text isn't the canonical encoding of its bytes. */
export function readBase64Url(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}
