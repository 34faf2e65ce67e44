import type { DeviceKey } from './ports.ts';

/** Stores a key pair beyond the page load. Both methods reject where storage is forbidden. */
export interface KeyStore {
  load(): Promise<CryptoKeyPair | null>;
  /** Stores the pair unless there is one. @returns the stored pair */
  keep(pair: CryptoKeyPair): Promise<CryptoKeyPair>;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;

/**
 * This device's P-256 key. No script can read its private half. A missing key means a new device.
 * Without storage it lasts for the page load. Rejects only without cryptography (insecure origin).
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
    // Storing a new key will show whether storage works.
  }
  const made = await subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
  try {
    // Another tab may have stored one first; then that one counts.
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
