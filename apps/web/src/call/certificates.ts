export interface Certificates {
  readonly own: string;
  readonly peer: string;
}

/**
 * Returns the certificate fingerprints of both session descriptions. They are reliable because
 * the browser aborts a DTLS handshake with any other certificate (RFC 8122, 6.2).
 * @returns `null` unless each description has exactly one fingerprint, because a man in the
 *   middle could add its own fingerprint to the expected one
 */
export function certificatesOf(local: string, remote: string): Certificates | null {
  const own = onlyFingerprint(local);
  const peer = onlyFingerprint(remote);
  return own === null || peer === null ? null : { own, peer };
}

const LINE = /^a=fingerprint:(\S+) (\S+)$/u;
const SHA_256 = /^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/u;

function onlyFingerprint(sdp: string): string | null {
  const found = new Set<string>();
  for (const line of sdp.split(/\r?\n/u)) {
    const [, hash, digits] = LINE.exec(line) ?? [];
    if (hash === undefined || digits === undefined) continue;
    const fingerprint = digits.toUpperCase();
    if (hash.toLowerCase() !== 'sha-256' || !SHA_256.test(fingerprint)) return null;
    found.add(fingerprint);
  }
  const [only] = found;
  return found.size === 1 && only !== undefined ? only : null;
}
