import { brandId, type DeviceKeyId, type SubjectId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import type { DeviceSignature, Devices } from '../../src/devices.ts';
import type { SealKind, Signer } from '../../src/ports.ts';

const LETTERS = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
const ID_CHARS = 22;
const PUBLIC_KEY_CHARS = 87;
const SIGNATURE_CHARS = 86;
const MAC_CHARS = 43;
/** The buffer is reused, because building texts letter by letter would be much slower. */
const sheet = Buffer.alloc(Math.max(ID_CHARS, PUBLIC_KEY_CHARS, SIGNATURE_CHARS, MAC_CHARS));

/**
 * A deterministic signer without cryptography. Two fake signers with the same key verify each
 * other's tokens.
 */
export class FakeSigner implements Signer, Devices {
  readonly #key: string;
  readonly #prng: Prng;

  constructor(key: string, prng: Prng) {
    this.#key = key;
    this.#prng = prng;
  }

  seal(kind: SealKind, payload: string): string {
    const body = Buffer.from(payload).toString('base64url');
    return `${kind}.${body}.${digest(`${this.#key}/${kind}/${body}`, ID_CHARS)}`;
  }

  open(kind: SealKind, token: string): string | null {
    const [tokenKind, body, mac] = token.split('.');
    if (tokenKind !== kind || body === undefined) return null;
    if (mac !== digest(`${this.#key}/${kind}/${body}`, ID_CHARS)) return null;
    return Buffer.from(body, 'base64url').toString();
  }

  tag(text: string): string {
    return `k1.${digest(`${this.#key}/${text}`, MAC_CHARS)}`;
  }

  verifyTag(text: string, tag: string): boolean {
    return this.tag(text) === tag;
  }

  knowsKeyOf(tag: string): boolean {
    return tag.startsWith('k1.');
  }

  outcomeToken(code: string): string {
    return `${code}.${digest(`${this.#key}/outcome/${code}`, MAC_CHARS)}`;
  }

  ageCode(subject: SubjectId, device: DeviceKeyId, endsAtWallMs: number): string {
    return `age-${digest(`${this.#key}/age/${subject}/${device}/${endsAtWallMs}`, ID_CHARS)}`;
  }

  verify({ publicKey, payload, signature }: DeviceSignature): DeviceKeyId | null {
    if (signature !== signWith(publicKey, payload)) return null;
    return deviceIdOf(publicKey);
  }

  deviceId({ publicKey }: FakeDevice): DeviceKeyId {
    return deviceIdOf(publicKey);
  }

  randomId(): string {
    for (let i = 0; i < ID_CHARS; i++) sheet[i] = LETTERS[this.#prng.below(LETTERS.length)] ?? 0;
    return sheet.toString('latin1', 0, ID_CHARS);
  }
}

export class FakeDevice {
  readonly publicKey: string;

  constructor(name: string) {
    this.publicKey = digest(`device ${name}`, PUBLIC_KEY_CHARS);
  }

  sign(payload: string): string {
    return signWith(this.publicKey, payload);
  }
}

/** Returns the id by which the node knows the device key. */
export function deviceIdOf(publicKey: string): DeviceKeyId {
  return brandId<DeviceKeyId>(digest(publicKey, MAC_CHARS));
}

function signWith(publicKey: string, payload: string): string {
  return digest(`${publicKey}/${payload}`, SIGNATURE_CHARS);
}

/** Hashes the text with FNV-1a, then stretches the hash to the required length. */
function digest(text: string, chars: number): string {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b);
  }
  for (let i = 0; i < chars; i++) {
    low = Math.imul(low ^ (low >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    high = Math.imul(high ^ (high >>> 13), 0x297a2d39) + low;
    sheet[i] = LETTERS[(low ^ high) & 63] ?? 0;
  }
  return sheet.toString('latin1', 0, chars);
}
