import type { DeviceKey } from './ports.ts';

/** Where a key pair outlives the page. Both reject where the browser forbids storage. */
export interface KeyStore {
  load(): Promise<CryptoKeyPair | null>;
  /** Keeps the pair unless there is one already. @returns the one that is kept. */
  keep(pair: CryptoKeyPair): Promise<CryptoKeyPair>;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;

/**
 * This device's P-256 key: the private half cannot be read by any script, this one included.
 *
 * A missing key means a new device and nothing else; where storage is blocked the key lives as
 * long as the page. Rejects only where the browser has no cryptography (an insecure origin).
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
    // Blocked or broken: what follows finds out whether a new one can be kept.
  }
  const made = await subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
  try {
    // Another tab may have made one meanwhile; then that one is this device's.
    return await store.keep(made);
  } catch {
    return made;
  }
}

/** Base64 in the alphabet of URLs, without padding. */
export function base64Url(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/={1,2}$/, '');
}
