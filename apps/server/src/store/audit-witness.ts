import {
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import type { AuditCheckpoint } from '@farandole/moderation/store/records';
import { parseJson } from '../node/parse-json.ts';

/** An audit checkpoint that a third party can keep and verify. */
export interface SignedCheckpoint extends AuditCheckpoint {
  /** Date of the checkpoint in ISO 8601. */
  readonly at: string;
  /** The Ed25519 public key as a PEM. */
  readonly publicKey: string;
  /** Signature over the result of `signedText`, in base64url. */
  readonly signature: string;
}

/** The bytes before the seed in a PrivateKeyInfo of Ed25519 (RFC 8410, section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const SEED_BYTES = 32;

/**
 * Signs audit checkpoints for a witness. The audit's own seals use a symmetric key, so everyone who
 * can verify a seal can also forge it. Everyone can verify this signature, but only the server can
 * make it.
 */
export class AuditWitness {
  readonly #key: KeyObject;
  readonly publicKey: string;

  /** @param serverKey 256 bits that never change, from which the signing key is derived */
  constructor(serverKey: Uint8Array) {
    const salt = new Uint8Array(0);
    const seed = hkdfSync('sha256', serverKey, salt, 'farandole audit witness 1', SEED_BYTES);
    const der = Buffer.concat([PKCS8_PREFIX, new Uint8Array(seed)]);
    this.#key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    this.publicKey = createPublicKey(this.#key).export({ format: 'pem', type: 'spki' }).toString();
  }

  sign(checkpoint: AuditCheckpoint, nowMs: number): SignedCheckpoint {
    const at = new Date(nowMs).toISOString();
    const signature = sign(null, signedText({ ...checkpoint, at }), this.#key);
    const { publicKey } = this;
    return { ...checkpoint, at, publicKey, signature: signature.toString('base64url') };
  }

  /** Returns whether this server made a checkpoint's signature with its current key. */
  holds(signed: SignedCheckpoint): boolean {
    const signature = Buffer.from(signed.signature, 'base64url');
    return verify(null, signedText(signed), createPublicKey(this.#key), signature);
  }
}

/**
 * Returns the text that a checkpoint's signature covers. It has four lines, so that a witness can
 * rebuild it with common tools.
 */
function signedText({ seq, hash, at }: Pick<SignedCheckpoint, 'seq' | 'hash' | 'at'>): Buffer {
  return Buffer.from(`farandole audit checkpoint 1\n${seq}\n${hash}\n${at}\n`);
}

export function parseSigned(text: string): SignedCheckpoint | null {
  const value = parseJson(text);
  const { seq, hash, seal, at, publicKey, signature } = (value ?? {}) as Readonly<
    Partial<Record<keyof SignedCheckpoint, unknown>>
  >;
  if (!Number.isSafeInteger(seq)) return null;
  if (typeof hash !== 'string' || typeof seal !== 'string' || typeof at !== 'string') return null;
  if (typeof publicKey !== 'string' || typeof signature !== 'string') return null;
  return { seq: Number(seq), hash, seal, at, publicKey, signature };
}
