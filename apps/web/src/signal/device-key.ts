import type { DeviceKey } from './ports.ts';

/**
 * Stores this device's key pair beyond the page load. Both methods reject if the browser forbids
 * storage.
 */
export interface KeyStore {
  load(): Promise<CryptoKeyPair | null>;
  /**
   * Stores the key pair unless a pair is stored already.
   * @returns the stored key pair
   */
  keep(pair: CryptoKeyPair): Promise<CryptoKeyPair>;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;

/**
 * Returns this device's P-256 key. No script can read the private key. If no key is stored, the
 * server treats the device as new. Without storage the key lasts for the page load. Rejects only
 * if the browser has no cryptography (insecure origin).
 */
export async function openDeviceKey(store: KeyStore, subtle: SubtleCrypto): Promise<DeviceKey> {
  const pair = await obtain(store, subtle);
  const publicKey = base64Url(await subtle.exportKey('raw', pair.publicKey));
  const encoder = new TextEncoder();
  return {
    publicKey,
    sign: async (payload) =>
      base64Url(await subtle.sign(SIGNATURE, pair.privateKey, encoder.encode(payload))),
  };
}

async function obtain(store: KeyStore, subtle: SubtleCrypto): Promise<CryptoKeyPair> {
  try {
    const kept = await store.load();
    if (kept !== null) return kept;
  } catch {
    // If reading the stored key failed, the attempt to store a new key shows whether storage
    // works.
  }
  const made = await subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
  try {
    // If another tab stored a key pair first, this page uses that pair.
    return await store.keep(made);
  } catch {
    return made;
  }
}

/** Encodes bytes as base64url without padding. */
export function base64Url(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/={1,2}$/, '');
}
